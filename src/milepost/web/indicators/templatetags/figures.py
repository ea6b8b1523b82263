"""Names of units, dimensions, categories and methods, and states, in the reader's language."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from milepost import catalogue
from milepost.reports import sentences
from milepost.values import Verdict
from milepost.web.indicators.queries import names, requests, title
from milepost.web.ui.templatetags.ui import plain, status_mark, text

register = template.Library()


@register.filter
def indicator_title(indicator: Any) -> SafeString:
    """What an indicator is called: by the country, else officially."""
    return text(title(indicator))


@register.filter
def unit_name(code: str) -> SafeString:
    """A unit by its code, such as PT or MONTHS_EARNINGS."""
    return text(catalogue.code_list("unit").codes.get(code, code))


@register.filter
def whom(target: Any) -> str:
    """Of whom a target is: "Women, 15 to 24 years old"; nothing for everybody."""
    own = names.own_codes(target.indicator.country) if target.breakdown else None
    return ", ".join(
        plain(names.category(dimension, code, own)) for dimension, code in target.breakdown.items()
    )


@register.filter
def method_name(code: str) -> str:
    """What a method of progress must be called."""
    return sentences.method(code, _language())


@register.filter
def explained(verdict: Verdict) -> str:
    """What a verdict rests on, with its numbers, or why there is none."""
    return sentences.reason(verdict, _language()) or sentences.explanation(verdict, _language())


@register.simple_tag
def request_mark(request: Any) -> SafeString:
    """The state of a data request; one that is late says by how many days."""
    days = requests.days_late(request, timezone.localdate())
    if not days:
        return status_mark(request.state)
    return status_mark(
        "overdue", ngettext("Late by {count} day", "Late by {count} days", days).format(count=days)
    )


def _language() -> str:
    return get_language() or "en"
