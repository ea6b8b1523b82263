"""What is typed of a reference document: the file."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

ACCEPTED = ".docx"


class ReferenceForm(forms.Form):
    """A Word file; `revision` is that of the one it replaces."""

    upload = forms.FileField(
        label=lazy("Word file"),
        help_text=lazy("A .docx without macros, links and templates, 5 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
