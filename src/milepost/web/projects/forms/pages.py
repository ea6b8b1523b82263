"""What people say of project pages: which files, and for each field which words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.forms.register import RecordForm
from milepost.web.projects.models import Project
from milepost.web.projects.queries import vocabulary
from milepost.web.projects.queries.pages import MOST_FILES, Offer, of_register
from milepost.web.ui.forms import FilesField
from milepost.web.ui.templatetags.ui import plain

STAYS = "register"
LONGEST = 500_000
"""Letters of a page that is pasted."""
SHOWN = 300
"""Letters of a value that a choice shows; the whole of it stands on the page before."""
LANGUAGES = (
    ("en", lazy("English")),
    ("fr", lazy("French")),
    ("ru", lazy("Russian")),
    ("es", lazy("Spanish")),
)


class HandInForm(forms.Form):
    """Pages as files or as pasted text, and the institution that keeps the projects."""

    institution = forms.ChoiceField(label=lazy("Institution that manages it"))
    uploads = FilesField(
        label=lazy("Files"),
        required=False,
        most=MOST_FILES,
        help_text=lazy("Text, HTML or Word, up to 50 files."),
    )
    text = forms.CharField(
        label=lazy("Or the text of one page"),
        required=False,
        validators=[MaxLengthValidator(LONGEST)],
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        choices = [(key, plain(one.text)) for key, one in self.institutions.items()]
        self.fields["institution"].choices = choices  # type: ignore[attr-defined]

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.institutions[self.cleaned_data["institution"]]

    def clean(self) -> dict[str, Any]:
        """At least one page."""
        found = super().clean() or {}
        if not self.errors and not found.get("uploads") and not found.get("text", "").strip():
            self.add_error("uploads", _("Choose a file, or paste the text of a page."))
        return found


class DecideForm(forms.Form):
    """For each field: what the register says, or the words of one of the pages."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, offers: Mapping[str, Sequence[Offer]], project: Project | None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of title and narrative"), choices=LANGUAGES
        )
        if project is None and "title" not in offers:
            self.fields["typed"] = forms.CharField(label=_("Title"), max_length=500)
        for name, said in offers.items():
            self.fields[name] = _choice(name, said, of_register(project, name))
        if project is None and "title" in offers:
            title: Any = self.fields["title"]
            title.choices = [choice for choice in title.choices if choice[0] != STAYS]

    def clean(self) -> dict[str, Any]:
        """Something must be taken over."""
        found = super().clean() or {}
        if not self.errors and not found.get("typed") and not self.chosen():
            self.add_error(None, _("Nothing is chosen of the pages."))
        return found

    def chosen(self) -> dict[str, Offer]:
        """{field: the offer that was chosen}, of those where the register does not stay as it is."""
        by_key = {(name, str(offer.file.pk)): offer for name, said in self.offers.items() for offer in said}
        picked = {name: by_key.get((name, self.cleaned_data[name])) for name in self.offers}
        return {name: offer for name, offer in picked.items() if offer is not None}


def _choice(name: str, said: Sequence[Offer], now: Any) -> forms.ChoiceField:
    """The field of one decision: the register stays where it says something, else what the pages agree on."""
    fit = [offer for offer in said if offer.value is not None]
    unfit = [offer for offer in said if offer.value is None]
    stays = _("as it is: {value}").format(value=told(name, now)) if now is not None else _("leave it empty")
    words = [(str(offer.file.pk), _offered(name, offer)) for offer in fit]
    agreed = len({str(offer.value) for offer in fit}) == 1
    initial = STAYS if now is not None or not fit else words[0][0] if agreed else None
    helped = [
        _("“{words}” ({file}) is no value of the register and cannot be taken over.").format(
            words=_short(offer.words), file=offer.file.name
        )
        for offer in unfit
    ]
    if now is None and fit and not agreed:
        helped.append(_("The pages differ: choose."))
    return forms.ChoiceField(
        label=RecordForm.base_fields[name].label,
        choices=[(STAYS, stays), *words],
        initial=initial,
        widget=forms.RadioSelect,
        help_text=" ".join(helped),
    )


def _offered(name: str, offer: Offer) -> str:
    meant, words = told(name, offer.value), _short(offer.words)
    what = words if meant == words else f"{meant} ← {words}"
    return f"{what} ({offer.file.name})"


def told(name: str, value: Any) -> str:
    """A value of the register in the reader's words."""
    if name in ("type", "coverage", "region"):
        return plain(vocabulary.name(name, value))
    if name == "areas":
        return ", ".join(plain(text) for text in vocabulary.areas(value))
    if isinstance(value, dict):
        return _short(plain(value))
    return _short(str(value))


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(SHOWN)
