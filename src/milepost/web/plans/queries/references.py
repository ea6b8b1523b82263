"""What a measure answers to: SDG targets and objectives of the Global Compact for Migration."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milepost import catalogue
from milepost.values import Text
from milepost.web.ui.templatetags.ui import plain


class Framework(NamedTuple):
    """A framework to whose codes a measure answers; `level` is that of the codes."""

    code: str
    title: Promise
    level: str


FRAMEWORKS = (
    Framework("sdg", _("Sustainable Development Goals"), "target"),
    Framework("gcm", _("Global Compact for Migration"), "objective"),
    Framework("domains", _("Policy domains"), "domain"),
)


class Reference(NamedTuple):
    """One code with the framework it is of, and what it stands for."""

    framework: Promise
    code: str
    name: Text


def choices(framework: Framework) -> list[tuple[str, str]]:
    """(code, words) of the entries that a measure can answer to."""
    return [
        (item.code, f"{item.code} {plain(item.short or item.name)}")
        for item in catalogue.framework(framework.code).items
        if item.level == framework.level
    ]


def told(references: Iterable[Sequence[str]]) -> list[Reference]:
    """The references of a measure with their names."""
    found = []
    for framework in FRAMEWORKS:
        names = {item.code: item.short or item.name for item in catalogue.framework(framework.code).items}
        found += [
            Reference(framework.title, code, names.get(code, Text()))
            for kind, code in references
            if kind == framework.code
        ]
    return found
