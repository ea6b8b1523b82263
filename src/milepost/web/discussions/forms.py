"""What is said about a thing."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.web.discussions.models import LONGEST


class CommentForm(forms.Form):
    """Plain text, and the page one came from."""

    text = forms.CharField(
        label=pgettext_lazy("discussion", "Comment"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Plain text. With @ and a name or e-mail address somebody who works on this is told."),
    )
    back = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class ReplyForm(CommentForm):
    """The same, shorter."""

    text = forms.CharField(
        label=pgettext_lazy("field", "Reply"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class EditForm(CommentForm):
    """The same, with the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
