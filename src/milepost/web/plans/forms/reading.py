"""What people type of a table that is handed in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.queries.reading import NONE, Judged


class TableForm(forms.Form):
    """The table of an act."""

    file = forms.FileField(
        label=lazy("Table of the act"),
        help_text=lazy(
            "A Word document or an Excel workbook with the columns measure, deadline and responsible "
            "institutions, in English or Russian. First you see what was read."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx"}),
    )


class ConfirmForm(forms.Form):
    """Whose names these are, which measures are new, and that they are wanted as they were seen."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, judged: Judged, offered: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("– to be decided –")), (NONE, _("none of the register")), *offered]
        for name in judged.names:
            initial = str(name.institution.pk) if name.institution else NONE if name.why == "none" else ""
            self.fields[name.field] = forms.ChoiceField(
                label=name.printed, choices=choices, required=False, initial=initial
            )
        for line in judged.lines:
            if line.doubtful and line.measure:
                self.fields[line.field] = forms.BooleanField(
                    label=_("{code} is a new measure").format(code=line.measure.code),
                    required=False,
                    initial=line.before is None,
                )
