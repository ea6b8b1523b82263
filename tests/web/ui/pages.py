"""A little site for the tests of the frame: sign-in, the components, and what the tests need."""

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.urls import include, path

from milepost.web.health import health

PAGE = """{% extends "ui/base.html" %}{% block title %}A page{% endblock %}{% block content %}<h1>A page</h1>
{% if form %}<form class="stacked" method="post" data-keep="report:7">
{% csrf_token %}{{ form }}<button>Save</button></form>{% endif %}
{% endblock %}"""


class Report(forms.Form):
    finding = forms.CharField()
    reason = forms.CharField(widget=forms.Textarea)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    sure = forms.BooleanField(required=False)


def page(request, **context):
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def report(request):
    form = Report(request.POST or None)
    if form.is_bound and form.is_valid():
        messages.success(request, "Saved.")
        return redirect("saved")
    return page(request, form=form)


def trace(request, address):
    kind = "fragment" if request.htmx else "page"
    return HttpResponse(f"<h3>The {kind} of {address}</h3><p>labour.xlsx, row 14</p>")


def fails(request, how):
    if how == 429:
        return render(request, "429.html", status=429)
    raise {400: SuspiciousOperation, 403: PermissionDenied, 500: RuntimeError}[how]("as the test asks")


urlpatterns = [
    path("health/", health, name="health"),
    *i18n_patterns(
        path("account/", include("allauth.urls")),
        path("", include("milepost.web.ui.urls")),
        path("work/", page, name="work"),
        path("saved/", page, name="saved"),
        path("report/", report, name="report"),
        path("trace/<str:address>/", trace, name="trace"),
        path("fails/<int:how>/", fails),
        path("countries/<str:code>/", page, name="country"),
        prefix_default_language=True,
    ),
]
