"""What people type about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


def languages() -> list[tuple[str, str]]:
    """(code, its own name) of every language of this site."""
    return list(settings.LANGUAGES)


class MyAccountForm(forms.Form):
    """One's name and language; `revision` says on which state it rests."""

    name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=languages,
        help_text=_("The language of the pages is chosen above, on each page."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class InvitationForm(forms.Form):
    """The first password, typed twice, judged by the rules of the settings."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 12 characters. A sentence of your own is easy to keep in mind and hard to guess."
        ),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """A password that keeps the rules."""
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """The same password twice."""
        typed = super().clean() or {}
        if typed.get("password") and typed["password"] != typed.get("again"):
            self.add_error("again", _("These two are not the same."))
        return typed
