"""Words of projects in templates."""

from typing import Any

from django import template

from milepost.values import Text
from milepost.web.projects.moments import written
from milepost.web.ui.templatetags.ui import text

register = template.Library()


@register.filter
def named(words: Any) -> Any:
    """A name that is a Text in several languages, or plain words."""
    return text(words) if isinstance(words, Text) else words


@register.filter
def moment(text: str) -> str:
    """A day, month or year in words; "–" for none."""
    return written(text) or "–"


@register.filter
def unlocalized(number: float) -> str:
    """A number as an attribute of HTML wants it, whatever the language."""
    return f"{number:g}"
