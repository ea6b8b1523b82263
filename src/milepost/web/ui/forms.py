"""How every form of Django looks here: label, hint, error beside the field, errors first."""

from collections.abc import Callable, Collection, Iterable
from html import escape
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.ui import moments
from milepost.web.ui.revisions import Stale


class Renderer(DjangoTemplates):
    """`{{ form }}`, `{{ field.as_field_group }}` and `{{ formset }}` in our markup."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "ui/formset.html"


class ManyFiles(forms.ClearableFileInput):
    """A field of the browser for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, up to `most`; the value is the list of them."""

    widget = ManyFiles

    def __init__(self, *args: Any, most: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every upload on its own: each has a name and content; none is refused where one is needed."""
        given = data if isinstance(data, list | tuple) else [data] if data or self.required else []
        if self.most is not None and len(given) > self.most:
            raise ValidationError(_("At most {count} files at a time.").format(count=self.most))
        return [super(FilesField, self).clean(one, initial) for one in given]


def show_faults(form: Any, error: MilepostError, *, field: str = "") -> None:
    """What an action refused, in the form: each fault at its field, at `field`, else above the form."""
    for problem in error.problems:
        column = problem.origin.column or field
        words = " ".join(sentences.fault(problem, get_language() or "en"))
        form.add_error(column if column in form.fields else None, words)


class Tried(NamedTuple):
    """What came of a form: `done`, with what the deed returned; else what is wrong stands on the form.

    `stale` says what the thing has become where somebody else changed it meanwhile.
    """

    done: bool = False
    made: Any = None
    stale: Stale | None = None


def attempt(form: Any, deed: Callable[[], Any], *, show: Callable[[Any, Any], None] = show_faults) -> Tried:
    """Act if a form was sent and is in order; what is refused is shown on it.

    A refusal is a MilepostError, which `show(form, error)` tells, or a ValidationError.
    """
    if not form.is_valid():
        return Tried()
    try:
        return Tried(done=True, made=deed())
    except Stale as stale:
        return Tried(stale=stale)
    except MilepostError as error:
        show(form, error)
    except ValidationError as error:
        show_refusal(form, error)
    return Tried()


def show_refusal(form: Any, error: Any) -> None:
    """What a ValidationError says, beside its field, or above the form."""
    if hasattr(error, "error_dict"):
        for field, found in error.error_dict.items():
            form.add_error(field if field in form.fields else None, found)
    else:
        form.add_error(None, error)


class LongSelect(forms.Select):
    """A select without a template for each option: hundreds of them cost a twentieth of the time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same markup as Django's."""
        chosen: set[str] = set(self.format_value(value) or ())
        about = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", about, _options(self.choices, chosen))


def _options(choices: Iterable[Any], chosen: Collection[str]) -> SafeString:
    found = []
    for value, words in choices:
        if isinstance(words, list | tuple):
            found.append(format_html('<optgroup label="{}">{}</optgroup>', value, _options(words, chosen)))
        else:
            mark = " selected" if str(value) in chosen else ""
            found.append(f'<option value="{escape(str(value))}"{mark}>{escape(str(words))}</option>')
    return mark_safe("".join(found))  # noqa: S308  (every part is escaped above)


class Moment(forms.DateTimeField):
    """A day and an hour in the time zone of the page, which the hint names."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        kwargs.setdefault("help_text", in_the_zone(_("Day and hour; time zone: {zone}.")))
        super().__init__(**kwargs)


def in_the_zone(words: Any) -> Any:
    """A hint in which {zone} is the time zone of the page."""
    return format_lazy(words, zone=lazy(moments.zone_now, str)())
