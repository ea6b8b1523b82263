"""How often letters come."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.web.notices.models import Letters

OFTEN = {
    Letters.Often.DAILY: pgettext_lazy("letters", "At most one a day"),
    Letters.Often.WEEKLY: pgettext_lazy("letters", "One a week"),
    Letters.Often.NEVER: pgettext_lazy("letters", "Never"),
}


class LettersForm(forms.Form):
    """Daily, weekly or never."""

    often = forms.ChoiceField(
        label=_("How often a letter comes"), choices=list(OFTEN.items()), widget=forms.RadioSelect
    )
