"""What people send in of a round's Excel form: the file, and that they want what it changes."""

from django import forms
from django.utils.translation import gettext_lazy as lazy


class HandInForm(forms.Form):
    """The filled-in workbook."""

    file = forms.FileField(
        label=lazy("Filled-in form"),
        help_text=lazy("The Excel file that was downloaded here. First you see what it changes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ConfirmForm(forms.Form):
    """What was seen, and whether the answers are sent to review at once."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    send = forms.BooleanField(
        label=lazy("Send the answers that lack nothing to review at once"), required=False
    )
