"""A view tries a form: it is done, or what is wrong stands on the form."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError

from milepost.errors import refuse
from milepost.values import Origin
from milepost.web.ui.forms import attempt
from milepost.web.ui.revisions import Stale


class NameForm(forms.Form):
    name = forms.CharField()


def sent(name="Sandoria"):
    return NameForm({"name": name})


def test_what_is_in_order_is_done():
    form = sent()
    tried = attempt(form, lambda: form.cleaned_data["name"] + "!")
    assert (tried.done, tried.made, tried.stale) == (True, "Sandoria!", None)


def test_a_form_that_was_not_sent_or_is_not_in_order_does_nothing():
    for form in (NameForm(), sent("")):
        assert not attempt(form, lambda: 1 / 0).done


def test_a_fault_stands_at_its_field_or_above():
    def refused(column):
        raise refuse("reason-missing", Origin("form", column=column))

    for column, place in (("name", "name"), ("elsewhere", "__all__")):
        form = sent()
        assert not attempt(form, partial(refused, column)).done
        assert form.errors[place] == ["There is no reason. Say in a sentence why."]


def test_a_refusal_of_the_model_stands_there_too():
    def refused(said):
        raise ValidationError(said)

    for said, place in (({"name": "No."}, "name"), ({"code": "No."}, "__all__"), ("No.", "__all__")):
        form = sent()
        assert not attempt(form, partial(refused, said)).done
        assert form.errors[place] == ["No."]


def test_who_comes_second_is_told_what_it_has_become():
    def late():
        raise Stale("now")

    tried = attempt(sent(), late)
    assert (tried.done, tried.stale.now) == (False, "now")
