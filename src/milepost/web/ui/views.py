"""The page that shows every component, for those who build pages."""

from datetime import UTC, date, datetime

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from milepost.values import Origin, Problem
from milepost.web.ui.templatetags.ui import MARKS


class Example(forms.Form):
    """One field of each sort; nothing is ever saved."""

    title = forms.CharField(help_text="As it stands in the decree.")
    value = forms.DecimalField(help_text="Months of earnings.")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    source = forms.ChoiceField(choices=[("survey", "Household survey"), ("register", "Register")])
    sex = forms.MultipleChoiceField(
        choices=[("f", "Women"), ("m", "Men")], widget=forms.CheckboxSelectMultiple, label="Breakdown"
    )
    kind = forms.ChoiceField(
        choices=[("new", "New figures"), ("mended", "Corrected figures")], widget=forms.RadioSelect
    )
    file = forms.FileField(required=False)
    reason = forms.CharField(widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label="I have compared it with the publication")


class Choice(forms.Form):
    """A form of filters."""

    year = forms.ChoiceField(choices=[("", "All years"), ("2025", "2025"), ("2026", "2026")], required=False)
    words = forms.CharField(required=False)


def components(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content."""
    wrong = Example({"title": "", "value": "many", "source": "survey", "kind": "new"}, prefix="wrong")
    return render(
        request,
        "ui/components.html",
        {
            "form": Example(),
            "wrong": wrong,
            "filters": Choice(auto_id="filter_%s"),
            "states": list(MARKS),
            "page_obj": Paginator(range(200), 10).get_page(request.GET.get("page", 7)),
            "rows": [
                {"name": {"en": "Women", "ru": "Женщины"}, "values": (8.1, 6.4, None)},
                {"name": {"en": "Men", "ru": "Мужчины"}, "values": (7.25, 6.0, 5.5)},
                {"name": {"ru": "Сельские жители"}, "values": (1234.5, -0.5, 0)},
                {"name": {}, "values": (None, None, None)},
            ],
            "day": date(2026, 3, 12),
            "moment": datetime(2026, 3, 12, 14, 5, tzinfo=UTC),
            "problems": [
                Problem("number-unreadable", Origin("labour.xlsx", "2025", 14, "Value"), {"text": "n/a"}),
                Problem("empty-file", Origin("wages.csv")),
            ],
        },
    )
