"""What people type of data requests."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.web.indicators.forms.datasets import STATES, DeedForm
from milepost.web.indicators.forms.entry import GridForm
from milepost.web.indicators.models import Dataset
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

FORTNIGHT = datetime.timedelta(days=14)


def in_a_fortnight() -> datetime.date:
    """The date that a form proposes."""
    return timezone.localdate() + FORTNIGHT


class DueField(forms.DateField):
    """A day by which something is awaited."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=_("Due"), initial=in_a_fortnight, widget=widget, **kwargs)


class RequestForm(GridForm):
    """Who asks whom for which figures, by when."""

    asking = forms.ChoiceField(label=_("Who asks"))
    asked = forms.ChoiceField(label=_("Who is asked"))
    due = DueField()
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, asking: Iterable[Institution], asked: Iterable[Institution], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.institutions: dict[str, dict[str, Institution]] = {}
        for name, choices in (("asking", asking), ("asked", asked)):
            self.institutions[name] = {str(one.pk): one for one in choices}
            field: Any = self.fields[name]
            field.choices = [(key, plain(one.name)) for key, one in self.institutions[name].items()]
        before = [name for name in self.fields if name not in ("asking", "asked", "due", "note")]
        self.order_fields(["asking", "asked", *before, "due", "note"])

    def institution(self, name: str) -> Institution:
        """Who was chosen as "asking" or "asked"."""
        return self.institutions[name][self.cleaned_data[name]]


class WhyForm(DeedForm):
    """A deed on a request with its reason."""

    why = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ReopenForm(WhyForm):
    """Why the answer will not do, and until when another is awaited."""

    due = DueField()


class AnswerForm(DeedForm):
    """With which figures a request is answered."""

    dataset = forms.ChoiceField(label=_("Figures"))

    def __init__(self, *args: Any, datasets: Iterable[Dataset], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.datasets = {str(one.pk): one for one in datasets}
        words = dict(STATES)
        field: Any = self.fields["dataset"]
        field.choices = [(key, f"{one.title} – {words[one.state]}") for key, one in self.datasets.items()]

    def clean_dataset(self) -> Dataset:
        """The figures that were chosen."""
        return self.datasets[self.cleaned_data["dataset"]]
