"""What people say of a file of IATI: which file, and for each field of an activity what is taken over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.forms.pages import SHOWN, STAYS, DecideForm
from milepost.web.projects.models import Project
from milepost.web.projects.queries.iati_import import MOST_BYTES, beside, now
from milepost.web.projects.queries.pages import Offer
from milepost.web.ui.templatetags.ui import plain


class SendInForm(forms.Form):
    """The file, and the institution that keeps the projects."""

    institution = forms.ChoiceField(label=lazy("Institution that manages it"))
    upload = forms.FileField(
        label=lazy("IATI file"),
        help_text=lazy(
            "Activities in version 2.03, up to 200 in a file. First you see what it would change."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml"}),
    )

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        choices = [(key, plain(one.text)) for key, one in self.institutions.items()]
        self.fields["institution"].choices = choices  # type: ignore[attr-defined]

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.institutions[self.cleaned_data["institution"]]

    def clean_upload(self) -> Any:
        """No file that is too long to be read."""
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is longer than 20 MB. Divide it."))
        return upload


class ActivityForm(DecideForm):
    """For each field: what the register says, or what the file says; each text names its own language."""

    def __init__(
        self, *args: Any, offers: Mapping[str, Sequence[Offer]], project: Project | None, **kwargs: Any
    ):
        super().__init__(*args, offers=offers, project=project, **kwargs)
        del self.fields["language"]
        for name, (offer, *_others) in offers.items():
            if isinstance(offer.value, dict):
                self._say_languages(name, offer, now(project, name))

    def _say_languages(self, name: str, offer: Offer, stands: Any) -> None:
        """A text is told in the languages in which the file differs, not in the reader's."""
        before, after = beside(stands, offer.value)
        stays = _("as it is: {value}").format(value=_short(before)) if before else _("as it is")
        told = [(STAYS, stays), (str(offer.file.pk), f"{_short(after)} ({offer.file.name})")]
        field: Any = self.fields[name]
        offered = {key for key, _words in field.choices}
        field.choices = [choice for choice in told if choice[0] in offered]

    def clean(self) -> dict[str, Any]:
        """Something must be taken over."""
        found = forms.Form.clean(self) or {}
        if not self.errors and not self.chosen():
            self.add_error(None, _("Nothing is chosen of the file."))
        return found


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(SHOWN)
