"""Of which framework and year the figures by code are asked for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.queries import vocabulary

FRAMEWORKS: list[Any] = [
    (vocabulary.OWN, lazy("IOM’s results framework")),
    *((one.code, one.title) for one in vocabulary.FRAMEWORKS),
]


class CodesForm(forms.Form):
    """A framework, a year, and one code or all."""

    framework = forms.ChoiceField(
        label=lazy("Framework"),
        required=False,
        choices=FRAMEWORKS,
    )
    year = forms.TypedChoiceField(label=lazy("Year"), required=False, coerce=int, empty_value=None)
    code = forms.CharField(label=lazy("Code"), required=False, max_length=40)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
