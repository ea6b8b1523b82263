"""What people send in of a tracking table: the file, and that they want what it changes."""

from django import forms
from django.utils.translation import gettext_lazy as lazy


class SendInForm(forms.Form):
    """The filled-in workbook."""

    file = forms.FileField(
        label=lazy("Filled-in tracking table"),
        help_text=lazy("The Excel file that was downloaded here. First you see what it would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ConfirmForm(forms.Form):
    """What was seen and decided, and whether the reports are sent to review at once."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decided = forms.CharField(widget=forms.HiddenInput, required=False)
    send = forms.BooleanField(label=lazy("Send the reports to review at once"), required=False)
