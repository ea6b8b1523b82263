"""What is typed of shapes for the map: the file, who drew them, and what they do not say."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from milepost.web.stakeholders.fields import TextField


class ShapesForm(forms.Form):
    """Shapes for the map."""

    upload = forms.FileField(
        label=lazy("GeoJSON file"),
        help_text=lazy("Areas or lines in WGS 84, 10 MB at most. They are simplified for drawing."),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
    )
    source = forms.CharField(
        label=lazy("Who drew them"),
        max_length=300,
        help_text=lazy("The office or publisher, with the day or edition."),
    )
    disclaimer = TextField(
        label=lazy("Disclaimer"),
        lines=3,
        max_length=1000,
        help_text=lazy("Needed in every language; it is printed below the map."),
    )
