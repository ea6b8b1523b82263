"""How published figures are cited, and what an example says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost.reports import sentences
from milepost.web.indicators.queries import names, title
from milepost.web.ui import moments, site

if TYPE_CHECKING:
    from milepost.web.indicators.models import Indicator, Version
    from milepost.web.stakeholders.models import Country


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def long_date(day: date) -> str:
    """A day as the reader's language writes it in running text."""
    pattern = "d MMMM y" if language().startswith("en") else "long"
    return format_date(day, pattern, sentences.locale(language()))


def stable_address(request: HttpRequest, found: Indicator, version: Version) -> str:
    """The address at which this version can be read for ever."""
    return site.whole(f"{found.get_absolute_url()}?version={version.number}", request)


def citation(request: HttpRequest, found: Indicator, version: Version, sources: Sequence[str]) -> str:
    """The text by which a version of an indicator's figures is cited."""
    return _("{source} ({year}). {code} {title}. Version {number}, {date}. {site}. {address}").format(
        source="; ".join(sources) or names.said(found.country.text, language()),
        year=moments.day(version.at).year,
        code=found.code,
        title=names.said(title(found), language()),
        number=version.number,
        date=long_date(moments.day(version.at)),
        site=settings.SITE_NAME,
        address=stable_address(request, found, version),
    )


def notice(country: Country) -> str:
    """What a file of an example country says of itself; "" for any other."""
    if not country.example:
        return ""
    return _(
        "Example: it shows what the software can do and does not come from an official site of any country."
    )
