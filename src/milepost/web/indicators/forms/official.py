"""What people type of the choice between two sources."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain


class ChooseForm(forms.Form):
    """Whose figures are published, for all series or some, and why."""

    institution = forms.ChoiceField(label=_("Official source"), widget=forms.RadioSelect)
    series = forms.MultipleChoiceField(
        label=_("For these series"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all of them."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is public, and stands with the new version."),
    )

    def __init__(
        self,
        *args: Any,
        institutions: Iterable[Institution],
        series: Iterable[tuple[int, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["institution"].choices = [(str(one.pk), plain(one.name)) for one in institutions]
        fields["series"].choices = [(str(pk), words) for pk, words in series]
        fields["series"].required = False
        if len(fields["series"].choices) == 1:
            del self.fields["series"]
