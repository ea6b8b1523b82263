"""Words in several languages in a form: one input for each language of the site."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class TextWidget(forms.Widget):
    """One input (one line) or box (several lines) for each language; posts as `name-<language>`."""

    template_name = "stakeholders/text_widget.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, lines: int = 1):
        super().__init__(dict(attrs or {}))
        self.lines = lines

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: for each language its own name, the field's name and id, and the words."""
        context = super().get_context(name, value, attrs)
        place = context["widget"]["attrs"].get("id") or f"id_{name}"
        words = value if isinstance(value, Mapping) else {}
        context["widget"]["lines"] = self.lines
        context["widget"]["inputs"] = [
            {
                "code": code,
                "language": language,
                "name": f"{name}-{code}",
                "id": f"{place}_{number}",
                "value": words.get(code, ""),
            }
            for number, (code, language) in enumerate(settings.LANGUAGES)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """{language: words} of what was typed."""
        return {code: data.get(f"{name}-{code}", "") for code, _language in settings.LANGUAGES}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none of the inputs was sent."""
        return not any(f"{name}-{code}" in data for code, _language in settings.LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        """Each input has a label of its own; the field's stands above all."""
        return ""


class TextField(forms.Field):
    """{language: words}, without the languages that are left blank; required means in one language at least.

    Words in languages that the site does not offer are not in the form; `merged` keeps them in the action.
    """

    def __init__(self, *, lines: int = 1, max_length: int = 300, **kwargs: Any):
        kwargs.setdefault("widget", TextWidget(lines=lines))
        super().__init__(**kwargs)
        self.longest = max_length

    def to_python(self, value: Any) -> dict[str, str]:
        """Without blanks around, in the order of the codes."""
        typed = {code: str(words).strip() for code, words in (value or {}).items()}
        return {code: words for code, words in sorted(typed.items()) if words}

    def validate(self, value: dict[str, str]) -> None:
        """ValidationError where nothing was typed in any language, or too much in one."""
        if self.required and not value:
            raise ValidationError(_("Fill this in, in one language at least."), code="required")
        for code, words in value.items():
            if len(words) > self.longest:
                language = dict(settings.LANGUAGES)[code]
                told = _("{language}: {count} characters; {limit} is the limit.")
                raise ValidationError(
                    told.format(language=language, count=len(words), limit=self.longest), code="max_length"
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a word differs in a language of the site."""
        return self.to_python(offered(initial or {})) != self.to_python(data)


def offered(words: Mapping[str, str]) -> dict[str, str]:
    """The part of words that the form shows: the languages of the site."""
    codes = {code for code, _language in settings.LANGUAGES}
    return {code: text for code, text in words.items() if code in codes}


def merged(before: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with the languages of before that the form did not show."""
    shown = {code for code, _language in settings.LANGUAGES}
    hidden = {code: words for code, words in before.items() if code not in shown}
    return dict(sorted({**hidden, **typed}.items()))
