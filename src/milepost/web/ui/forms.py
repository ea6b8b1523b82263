"""How every form of Django looks here: label, hint, error beside the field, errors first."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """`{{ form }}`, `{{ field.as_field_group }}` and `{{ formset }}` in our markup."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "ui/formset.html"
