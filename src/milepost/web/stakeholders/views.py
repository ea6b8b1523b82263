"""The pages of countries, institutions and people."""

import logging
from collections.abc import Callable, Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.accounts import actions as accounts
from milepost.web.accounts import letters
from milepost.web.accounts import queries as known
from milepost.web.accounts.roles import ROLES, Permission
from milepost.web.stakeholders import actions, forms, queries
from milepost.web.ui.forms import attempt, show_refusal

FORM = ["GET", "HEAD", "POST"]
PAGE = 50
logger = logging.getLogger(__name__)


# Countries --------------------------------------------------------------------------------------------------


@login_required
@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """Every country that the reader may know of."""
    user: Any = request.user
    rows = [{"country": one, "may_edit": queries.may_edit(user, one)} for one in queries.countries(user)]
    context = {"rows": rows, "may_add": _everywhere(user, Permission.MANAGE_INSTITUTIONS)}
    return render(request, "stakeholders/countries.html", context)


@login_required
@require_http_methods(FORM)
def country_new(request: HttpRequest) -> HttpResponse:
    """Add a country."""
    user: Any = request.user
    if not _everywhere(user, Permission.MANAGE_INSTITUTIONS):
        raise PermissionDenied
    form = forms.NewCountryForm(request.POST or None, initial={"open_to_public": True})
    if request.method == "POST" and form.is_valid():
        added = _done(form, actions.add_country, by=user, **form.cleaned_data)
        if added:
            messages.success(request, _("The country is added. Add its institutions next."))
            return redirect("countries")
    return render(request, "stakeholders/country_form.html", {"form": form})


@login_required
@require_http_methods(FORM)
def country_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said of a country."""
    user: Any = request.user
    country = get_object_or_404(queries.countries(user), code=code)
    if not queries.may_edit(user, country):
        raise PermissionDenied
    form = forms.EditCountryForm(request.POST or None, initial=_said(country, forms.EditCountryForm))
    stale = None
    if request.method == "POST" and form.is_valid():
        if _done(form, actions.edit_country, by=user, country=country, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("countries")
        stale = _stale(user, form, queries.countries(user).get(pk=country.pk))
    return render(
        request, "stakeholders/country_form.html", {"form": form, "edited": country, "stale": stale}
    )


# Institutions -----------------------------------------------------------------------------------------------


@login_required
@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """Every institution that the reader may know of, by country, kind and words."""
    user: Any = request.user
    form = forms.InstitutionsForm(request.GET or None, user=user)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = queries.institutions_found(queries.institutions(user), **wanted)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may_add = _everywhere(user, Permission.MANAGE_INSTITUTIONS) or queries.editable_countries(user).exists()
    context = {"form": form, "page_obj": page, "may_add": may_add}
    return render(request, "stakeholders/institutions.html", context)


@login_required
@require_safe
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """One institution: kind, mandate, website, and its members for those who may know them."""
    user: Any = request.user
    found = get_object_or_404(queries.institutions(user), pk=pk)
    members = queries.members(user, found)
    readable = set(queries.people(user).values_list("pk", flat=True)) if members else set()
    context = {
        "institution": found,
        "members": members,
        "readable": readable,
        "may_edit": queries.may_edit(user, found),
        "may_invite": known.may(user, Permission.MANAGE_PEOPLE, *found.places),
    }
    return render(request, "stakeholders/institution.html", context)


@login_required
@require_http_methods(FORM)
def institution_new(request: HttpRequest) -> HttpResponse:
    """Add an institution."""
    user: Any = request.user
    everywhere = _everywhere(user, Permission.MANAGE_INSTITUTIONS)
    if not everywhere and not queries.editable_countries(user).exists():
        raise PermissionDenied
    form = forms.NewInstitutionForm(request.POST or None, user=user, everywhere=everywhere)
    if request.method == "POST" and form.is_valid():
        added = _done(form, actions.add_institution, by=user, **form.cleaned_data)
        if added:
            messages.success(request, _("The institution is added."))
            return redirect(added)
    return render(request, "stakeholders/institution_form.html", {"form": form})


@login_required
@require_http_methods(FORM)
def institution_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of an institution."""
    user: Any = request.user
    found = get_object_or_404(queries.institutions(user), pk=pk)
    if not queries.may_edit(user, found):
        raise PermissionDenied
    form = forms.EditInstitutionForm(request.POST or None, initial=_said(found, forms.EditInstitutionForm))
    stale = None
    if request.method == "POST" and form.is_valid():
        if _done(form, actions.edit_institution, by=user, institution=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(found)
        stale = _stale(user, form, queries.institutions(user).get(pk=pk))
    return render(
        request, "stakeholders/institution_form.html", {"form": form, "edited": found, "stale": stale}
    )


@login_required
@require_POST
def institution_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an institution out of use, or back."""
    user: Any = request.user
    found = get_object_or_404(queries.institutions(user), pk=pk)
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = 0
    active = request.POST.get("active") == "1"
    done = _said_aloud(
        request, actions.set_active, by=user, institution=found, revision=revision, active=active
    )
    if done:
        said = _("The institution is in use again.") if active else _("The institution is out of use.")
        messages.success(request, said)
    return redirect(found)


# People -----------------------------------------------------------------------------------------------------


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people where the reader manages people."""
    user: Any = request.user
    _require_manager(user)
    form = forms.PeopleForm(request.GET or None, user=user)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = Paginator(queries.found(queries.people(user), **wanted), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "rows": queries.listed(user, page)}
    return render(request, "stakeholders/people.html", context)


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, roles, memberships, and what the reader may change of them."""
    return _person_page(request, pk)


def _person_page(
    request: HttpRequest, pk: int, *, grant_form: Form | None = None, member_form: Form | None = None
) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    manages = known.manages(user, found)
    inside = bool(queries.may_manage_somebody(user)) and found.is_active
    grants = queries.grants_seen(user, found)
    places = queries.places_by_address(grant.scope for grant in grants)
    shown = manages and found.waits and (not letters.leave() or request.GET.get("letter") == "failed")
    context = {
        "person": found,
        "manages": manages,
        "may_hand_over": found.is_active and queries.manages(user, found),
        "grants": [
            {
                "grant": grant,
                "role": ROLES.get(grant.role),
                "place": places.get(grant.scope),
                "may_end": grant.ended_at is None
                and known.may_within(user, Permission.MANAGE_PEOPLE, grant.scope),
            }
            for grant in grants
        ],
        "memberships": [
            {
                "membership": one,
                "may_end": one.is_current
                and known.may(user, Permission.MANAGE_PEOPLE, *one.institution.places),
            }
            for one in queries.memberships_seen(user, found)
        ],
        "second_factor": known.second_factor(found) if manages or user == found else None,
        "link": letters.link(request, found) if shown else "",
        "letters_leave": letters.leave(),
        "grant_form": (grant_form or forms.GrantForm(user=user)) if inside and user != found else None,
        "member_form": (member_form or forms.MembershipForm(user=user)) if inside else None,
        "reason_form": forms.ReasonForm(auto_id="id_reason_%s"),
    }
    return render(request, "stakeholders/person.html", context)


@login_required
@require_http_methods(FORM)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person."""
    user: Any = request.user
    _require_manager(user)
    institution = request.GET.get("institution", "")
    start = {"institution": institution} if institution.isdigit() else {}
    form = forms.InviteForm(
        request.POST or None, user=user, initial={"language": _language(request), **start}
    )
    if request.method == "POST" and form.is_valid():
        invited = _done(form, actions.invite, by=user, **form.cleaned_data)
        if invited:
            return _send(request, invited)
    return render(request, "stakeholders/invite.html", {"form": form, "letters_leave": letters.leave()})


@login_required
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for a person who has not set a password."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    invited = _said_aloud(request, accounts.invite_again, by=user, user=found)
    return _send(request, invited) if invited else redirect(found)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    opened = _said_aloud(request, accounts.reopen, by=user, user=found)
    return _send(request, opened) if opened else redirect(found)


def _send(request: HttpRequest, invited: Any) -> HttpResponse:
    """Send the link, say what became of it, and go to the person's page."""
    try:
        letters.invite(request, invited)
    except (OSError, SMTPException):
        logger.exception("the invitation of %s could not be sent", invited.address)
        messages.error(
            request, _("The letter could not be sent. Hand over the link below, or try again later.")
        )
        return redirect(f"{invited.get_absolute_url()}?letter=failed")
    if letters.leave():
        messages.success(
            request, _("A letter with the link was sent to {email}.").format(email=invited.email)
        )
    else:
        messages.warning(request, _("This installation sends no letters. Hand over the link below."))
    return redirect(invited)


@login_required
@require_http_methods(FORM)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person's name, address or language."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    if not known.manages(user, found):
        raise PermissionDenied
    form = forms.PersonForm(request.POST or None, initial=_said(found, forms.PersonForm))
    stale = None
    if request.method == "POST" and form.is_valid():
        changed = _done(form, accounts.change_person, by=user, user=found, **form.cleaned_data)
        if changed and changed.waits and changed.email != found.email:
            return _send(request, changed)  # the link before went to the wrong address, and is void
        if changed:
            messages.success(request, _("Saved."))
            return redirect(found)
        stale = _stale(user, form, queries.people(user).get(pk=pk))
    context = {"form": form, "person": found, "stale": stale}
    return render(request, "stakeholders/person_form.html", context)


@login_required
@require_POST
def grant_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    _require_manager(user)
    form = forms.GrantForm(request.POST, user=user)
    if form.is_valid() and _done(form, accounts.grant, by=user, user=found, **form.cleaned_data):
        messages.success(request, _("The role is given."))
        return redirect(found)
    return _person_page(request, pk, grant_form=form)


@login_required
@require_POST
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    user: Any = request.user
    held = get_object_or_404(queries.grants(user), pk=pk)
    why = request.POST.get("why", "")
    if _said_aloud(request, accounts.end_grant, by=user, grant=held, why=why):
        messages.success(request, _("The role is ended."))
    return redirect(held.user)


@login_required
@require_POST
def membership_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a person works."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    _require_manager(user)
    form = forms.MembershipForm(request.POST, user=user)
    if form.is_valid() and _done(form, actions.add_member, by=user, user=found, **form.cleaned_data):
        messages.success(request, _("The membership is entered. It gives no rights by itself: roles do."))
        return redirect(found)
    return _person_page(request, pk, member_form=form)


@login_required
@require_POST
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say until when a person works there."""
    user: Any = request.user
    held = get_object_or_404(queries.memberships(user), pk=pk)
    form = forms.EndMembershipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day."))
    elif _said_aloud(request, actions.end_membership, by=user, membership=held, **form.cleaned_data):
        messages.success(request, _("The last day is entered. Roles do not end with it: end them below."))
    return redirect(held.user)


@login_required
@require_POST
def second_factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of somebody who lost it."""
    return _with_reason(request, pk, accounts.remove_second_factor, _("The second factor is removed."))


@login_required
@require_POST
def sessions_end_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere."""
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    if _said_aloud(request, accounts.end_sessions, by=user, user=found):
        messages.success(request, _("The person is signed out everywhere."))
    return redirect(found)


def _with_reason(request: HttpRequest, pk: int, deed: Callable[..., Any], done: str) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(queries.people(user), pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason."))
    elif _said_aloud(request, deed, by=user, user=found, **form.cleaned_data):
        messages.success(request, done)
    return redirect(found)


@login_required
@require_http_methods(FORM)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account and give roles, memberships and open work to another: first shown, then done."""
    user: Any = request.user
    leaver = get_object_or_404(queries.people(user), pk=pk, is_active=True)
    if not queries.manages(user, leaver):
        raise PermissionDenied
    form = forms.HandOverForm(request.POST or None, user=user, leaver=leaver, initial={"how": "person"})
    context: dict[str, Any] = {"form": form, "person": leaver}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            if request.POST.get("confirmed") == "1":
                return _handed_over(request, leaver, asked)
            moved = actions.preview(by=user, from_user=leaver, **asked)
        except PermissionDenied:
            form.add_error(None, _("You cannot give yourself more than you have. Choose another person."))
        except ValidationError as error:
            show_refusal(form, error)
        else:
            context |= {"moved": _in_words(moved), "asked": asked, "to": asked["to_user"]}
    return render(request, "stakeholders/hand_over.html", context)


def _handed_over(request: HttpRequest, leaver: Any, asked: Mapping[str, Any]) -> HttpResponse:
    user: Any = request.user
    _moved, successor = actions.hand_over_as(by=user, from_user=leaver, **asked)
    messages.success(request, _("The account of {name} is closed.").format(name=leaver.name))
    if successor is not None and asked["how"] == "new":
        return _send(request, successor)
    return redirect(successor or leaver) if leaver != user else redirect("account_login")


def _in_words(moved: actions.Moved) -> dict[str, Any]:
    """What a hand-over moves, with the names of roles and places."""
    scopes = [scope for _role, scope in (*moved.roles, *moved.kept_roles)]
    places = queries.places_by_address([*scopes, *moved.institutions])

    def named(roles: list[tuple[str, str]]) -> list[tuple[Any, Any]]:
        return [(ROLES[role].title if role in ROLES else role, places.get(scope)) for role, scope in roles]

    return {
        "roles": named(moved.roles),
        "kept_roles": named(moved.kept_roles),
        "institutions": [places[address] for address in moved.institutions],
        "work": [(_(name), count) for name, count in moved.work.items()],
    }


# Parts ------------------------------------------------------------------------------------------------------


def _language(request: HttpRequest) -> str:
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _everywhere(user: Any, permission: Permission) -> bool:
    return known.may(user, permission)


def _require_manager(user: Any) -> None:
    if not queries.may_manage_somebody(user):
        raise PermissionDenied


def _done(form: Form, deed: Callable[..., Any], **typed: Any) -> Any | None:
    """What the deed returns; None where it was refused, which then stands in the form."""
    return attempt(form, lambda: deed(**typed)).made


def _said_aloud(request: HttpRequest, deed: Callable[..., Any], **typed: Any) -> Any:
    """What a deed without a form returns, or True; False where it was refused, as the page then says."""
    try:
        return deed(**typed) or True
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
        return False


def _said(thing: Any, form: Any) -> dict[str, Any]:
    """What the form starts from: what is said of a thing now."""
    return {name: getattr(thing, name) for name in form.base_fields}


def _stale(user: Any, form: Any, now: Any) -> dict[str, Any] | None:
    """Who changed a thing meanwhile and what it says now; the form then rests on the present revision."""
    if not form.has_error("__all__", actions.STALE):
        return None
    event = queries.last_change(user, now)
    form.data = {**form.data.dict(), "revision": now.revision}
    return {
        "by": event.by if event else None,
        "at": event.at if event else None,
        "now": [
            (field.label, _shown(getattr(now, name)))
            for name, field in form.fields.items()
            if name != "revision" and field.has_changed(getattr(now, name), form.cleaned_data.get(name))
        ],
    }


def _shown(words: Any) -> str:
    """A value in words: every language of a text, yes or no, or the value."""
    if isinstance(words, Mapping):
        names = dict(settings.LANGUAGES)
        return " · ".join(f"{names.get(code, code)}: {text}" for code, text in words.items()) or "–"
    if isinstance(words, bool):
        return _("yes") if words else _("no")
    return str(words) or "–"
