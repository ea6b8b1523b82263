"""What people type about countries, institutions and other people."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.web.accounts.forms import languages
from milepost.web.accounts.models import User
from milepost.web.accounts.queries import EVERYWHERE
from milepost.web.stakeholders import queries
from milepost.web.stakeholders.fields import TextField
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import WHOLE
from milepost.web.ui.templatetags.ui import plain


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _field(kind: Any, **options: Any) -> forms.Field:
    return kind(**options)


def _offer(form: Any, field: str, choices: list[Any]) -> None:
    form.fields[field].choices = choices


# Countries and institutions ---------------------------------------------------------------------------------


class CountryForm(forms.Form):
    """What is said of a country."""

    name = TextField(label=lazy("Name"), max_length=200)
    m49 = forms.CharField(
        label=lazy("M49 code"),
        max_length=3,
        required=False,
        help_text=lazy("Three digits, by which the global SDG database names the country."),
    )
    time_zone = forms.CharField(
        label=lazy("Time zone"),
        max_length=60,
        required=False,
        help_text=lazy(
            "As in Asia/Bishkek: its releases and dates are typed and shown so. Blank: the zone of this site."
        ),
    )
    open_to_public = forms.BooleanField(
        label=lazy("Open to the public: published figures can be read without signing in"), required=False
    )
    example = forms.BooleanField(
        label=lazy("An example: every page says that this is not an official site"), required=False
    )


class EditCountryForm(CountryForm):
    """The same of a country that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class NewCountryForm(CountryForm):
    """A country that is not here yet."""

    field_order: Any = ("code", "m49", "name")
    code = forms.CharField(
        label=lazy("Code"),
        min_length=2,
        max_length=2,
        help_text=lazy("Two letters, as in ISO 3166-1. It cannot be changed later."),
    )


class InstitutionForm(forms.Form):
    """What is said of an institution."""

    kind = forms.ChoiceField(label=lazy("Kind"), choices=Institution.Kind.choices)
    name = TextField(label=lazy("Official name"), max_length=300)
    short_name = TextField(label=lazy("Short name"), max_length=60, required=False)
    mandate = TextField(
        label=lazy("Mandate"),
        lines=4,
        max_length=4000,
        required=False,
        help_text=lazy("What it is responsible for, and by which act."),
    )
    website = _field(forms.URLField, label=lazy("Website"), required=False, assume_scheme="https")


class EditInstitutionForm(InstitutionForm):
    """The same of an institution that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class NewInstitutionForm(InstitutionForm):
    """An institution that is not here yet."""

    field_order: Any = ("country", "code", "kind", "name")
    country = forms.ChoiceField(label=lazy("Country"))
    code = _field(
        forms.SlugField,
        label=lazy("Code"),
        max_length=40,
        help_text=lazy("Short, in Latin letters, such as labour. It cannot be changed later."),
    )

    def __init__(self, *args: Any, user: Any, everywhere: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.countries = {country.code: country for country in queries.editable_countries(user)}
        choices = [(code, plain(country.name)) for code, country in self.countries.items()]
        if everywhere:
            choices.append((WHOLE, _("No country: an international organisation")))
        _offer(self, "country", choices)

    def clean_country(self) -> Any:
        """The country, or None for an international organisation."""
        return self.countries.get(self.cleaned_data["country"])


class InstitutionsForm(forms.Form):
    """Which institutions somebody looks for."""

    words = forms.CharField(label=lazy("Name or code"), required=False, max_length=100)
    country = forms.ChoiceField(label=lazy("Country"), required=False)
    kind = forms.ChoiceField(label=lazy("Kind"), required=False)
    closed = forms.BooleanField(label=lazy("Also those out of use"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = [(country.code, plain(country.name)) for country in queries.countries(user)]
        _offer(self, "country", [("", _("all")), *known, (WHOLE, _("international"))])
        _offer(self, "kind", [("", _("all")), *Institution.Kind.choices])


# People -----------------------------------------------------------------------------------------------------


class PeopleForm(forms.Form):
    """Which people somebody looks for."""

    words = forms.CharField(label=lazy("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(label=lazy("Role"), required=False)
    institution = forms.ModelChoiceField(label=lazy("Institution"), queryset=None, required=False)
    state = forms.ChoiceField(
        label=lazy("Account"),
        required=False,
        choices=(
            ("", lazy("all")),
            ("open", pgettext_lazy("account", "open")),
            ("invited", pgettext_lazy("account", "invited")),
            ("closed", pgettext_lazy("account", "closed")),
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        roles = [(role.code, role.title) for role in queries.ROLES.values()]
        _offer(self, "role", [("", _("all")), *roles])
        self.fields["institution"] = InstitutionField(
            user, label=_("Institution"), required=False, empty_label=_("all")
        )


class InstitutionField(forms.ModelChoiceField):
    """One of the institutions where a person manages people, by its name in the reader's language."""

    def __init__(self, user: Any, **kwargs: Any):
        super().__init__(queryset=queries.institutions_managed(user), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return plain(obj.name)


class GrantForm(forms.Form):
    """A role and where it holds."""

    role = forms.ChoiceField(label=lazy("Role"))
    scope = forms.ChoiceField(label=lazy("Where"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        roles = [(role.code, role.title) for role in queries.roles_offered(user)]
        _offer(self, "role", [("", _("choose")), *roles])
        _offer(self, "scope", [("", _("choose")), *_places(user)])

    def clean_scope(self) -> str:
        """The address of the place; "" for the whole installation."""
        scope = self.cleaned_data["scope"]
        return EVERYWHERE if scope == WHOLE else scope


def _places(user: Any) -> list[tuple[Any, Any]]:
    """Where a person may give roles, in groups."""
    there = queries.places_for_roles(user)
    offered: list[tuple[Any, Any]] = [(WHOLE, _("The whole installation"))] if "" in there else []
    for kind, title in (("country", _("Countries")), ("institution", _("Institutions"))):
        if there[kind]:
            offered.append((title, [(thing.address, plain(thing.name)) for thing in there[kind]]))
    return offered


class MembershipForm(forms.Form):
    """Where a person works, as what, since when."""

    position = forms.CharField(label=lazy("Position"), max_length=200, required=False)
    since = _day(label=lazy("Since"))
    field_order: Any = ("institution", "position", "since")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["institution"] = InstitutionField(user, label=_("Institution"), empty_label=_("choose"))
        self.order_fields(self.field_order)
        self.fields["since"].initial = timezone.localdate


class EndMembershipForm(forms.Form):
    """The last day of a membership."""

    until = _day(label=lazy("Last day"))


class PersonForm(forms.Form):
    """What an administrator may correct of a person."""

    name = forms.CharField(label=lazy("Full name"), max_length=200)
    email = forms.EmailField(
        label=lazy("E-mail address"), help_text=lazy("The person signs in with this address from now on.")
    )
    language = forms.ChoiceField(label=lazy("Language of letters"), choices=languages)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class InviteForm(GrantForm):
    """A new person: who, with which role where, and where they work."""

    email = forms.EmailField(label=lazy("E-mail address"))
    name = forms.CharField(label=lazy("Full name"), max_length=200)
    language = forms.ChoiceField(label=lazy("Language of letters"), choices=languages)
    position = forms.CharField(label=lazy("Position"), max_length=200, required=False)
    since = _day(label=lazy("Works there since"), required=False)
    field_order: Any = ("email", "name", "language", "role", "scope", "institution", "position", "since")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.fields["institution"] = InstitutionField(
            user, label=_("Works for"), required=False, empty_label=_("not said")
        )
        self.order_fields(self.field_order)


class ReasonForm(forms.Form):
    """Why something is done that another person will ask about."""

    why = forms.CharField(
        label=lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )


class HandOverForm(ReasonForm):
    """Who takes over: a person who is here, a new one, or nobody."""

    HOW = (
        ("person", lazy("A person with an account")),
        ("new", lazy("A new person, who is invited now")),
        ("nobody", lazy("Nobody: everything ends, open work stays where it is")),
    )
    NEEDED: ClassVar[dict[str, tuple[str, ...]]] = {
        "person": ("to_user",),
        "new": ("email", "name", "language"),
        "nobody": (),
    }
    use_required_attribute = False
    how = forms.ChoiceField(label=lazy("Who takes over?"), choices=HOW, widget=forms.RadioSelect)
    to_user = forms.ModelChoiceField(label=lazy("Person"), queryset=None)
    email = forms.EmailField(label=lazy("E-mail address of the new person"))
    name = forms.CharField(label=lazy("Name of the new person"), max_length=200)
    language = forms.ChoiceField(label=lazy("Language of the new person"), choices=languages)
    field_order: Any = ("how", "to_user", "email", "name", "language", "why")

    def __init__(self, *args: Any, user: Any, leaver: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to_user"] = _PersonField(
            queryset=queries.successors(user, leaver), label=_("Person"), empty_label=_("choose")
        )
        self.order_fields(self.field_order)

    def full_clean(self) -> None:
        """Only what the choice needs is required; what it does not need is not called optional either."""
        needed = self.NEEDED.get(self.data.get("how", ""), ())
        asked = [field for fields in self.NEEDED.values() for field in fields]
        for name in asked:
            self.fields[name].required = name in needed
        super().full_clean()
        for name in asked:
            self.fields[name].required = True


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Name and address, because names repeat."""
        return f"{obj.name} ({obj.email})"
