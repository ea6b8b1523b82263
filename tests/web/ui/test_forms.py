import re

import pytest
from django import forms
from django.template import Context, Template


class Report(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput)
    finding = forms.CharField(help_text="One sentence.")
    sex = forms.MultipleChoiceField(
        choices=[("f", "Women"), ("m", "Men")], widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label="I have compared it")
    note = forms.CharField(required=False)

    def clean(self):
        if self.data.get("finding") == "?":
            raise forms.ValidationError("A finding is no question.")


def shown(template, **context):
    return Template(template).render(Context(context))


def test_a_field_shows_label_hint_and_error_and_names_them_to_all():
    html = str(Report({"key": "1"})["finding"].as_field_group())
    assert '<label for="id_finding">Finding</label>' in html
    assert 'id="id_finding_helptext">One sentence.<' in html
    assert 'id="id_finding_error"' in html and "This field is required." in html
    assert 'aria-describedby="id_finding_helptext id_finding_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_may_be_left_out_says_so():
    form = Report()
    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["finding"].as_field_group()


def test_the_label_of_a_box_to_tick_stands_behind_it():
    html = Report()["sure"].as_field_group()
    assert html.index("<input") < html.index("I have compared it")
    assert html.count("<input") == 1


def test_choices_stand_under_one_legend():
    html = Report()["sex"].as_field_group()
    assert "<legend>Sex" in html and html.count('type="checkbox"') == 2


def test_all_errors_stand_first_and_each_leads_to_its_field():
    html = shown("{{ form }}", form=Report({}))
    assert html.index("error-summary") < html.index("<label")
    places = re.findall(r'<a href="#([^"]+)">', html)
    assert places == ["id_finding", "id_sex_0", "id_sure"]
    assert all(f'id="{place}"' in html for place in places)
    assert "Finding: This field is required." in html
    assert "Key: This field is required." in html  # of a hidden field: said, not linked


def test_an_error_of_the_whole_form_is_in_the_summary():
    html = shown("{{ form }}", form=Report({"key": "1", "finding": "?"}))
    assert html.count("A finding is no question.") == 1


def test_a_summary_of_several_forms_is_not_repeated_by_each():
    one, other = Report({}, prefix="one"), Report({}, prefix="other")
    html = shown("{% error_summary one other %}{{ one }}{{ other }}", one=one, other=other)
    assert html.count("error-summary-title") == 2  # its id, and what refers to it
    assert 'href="#id_one-finding"' in html and 'href="#id_other-finding"' in html


def test_a_form_that_was_not_sent_has_no_errors():
    assert "error" not in shown("{{ form }}", form=Report())


@pytest.mark.parametrize("given", [None, {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}])
def test_a_set_of_forms_is_drawn_with_its_management(given):
    html = str(forms.formset_factory(Report, extra=1)(given))
    assert 'name="form-TOTAL_FORMS"' in html and 'name="form-0-finding"' in html
