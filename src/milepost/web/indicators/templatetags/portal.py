"""Tags of the portal's pages."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from milepost.web.indicators.queries import names
from milepost.web.ui.templatetags.ui import when

register = template.Library()


@register.filter
def day(moment: datetime | None) -> SafeString:
    """The day of a moment as the reader's language writes it."""
    return when(localtime(moment).date() if moment else None)


@register.filter
def dimension(code: str, own: names.Own | None = None) -> str:
    """What a dimension is called; `own` are the names that the country gave."""
    return names.dimension(code, own)


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to go through them."""
    return text.split()
