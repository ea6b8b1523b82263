"""One's own account, the roles there are, and the first password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.accounts import actions, queries
from milepost.web.accounts.forms import InvitationForm, MyAccountForm
from milepost.web.accounts.roles import ROLES
from milepost.web.ui import addresses

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM)
def my_account(request: HttpRequest) -> HttpResponse:
    """Name, language, password, second factor, roles and sign-ins of the person who reads."""
    user: Any = request.user
    form = MyAccountForm(
        request.POST or None,
        initial={"name": user.name, "language": user.language, "revision": user.revision},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(by=user, user=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            if error.code == actions.STALE:
                form.data = {**request.POST.dict(), "revision": queries.revision(user)}
        else:
            messages.success(request, _("Your name and language are saved."))
            return redirect("my-account")
    recommended_for = queries.recommended_for(user)
    context = {
        "form": form,
        "roles": roles_of(user, user),
        "second_factor": queries.second_factor(user),
        "recommended_for": recommended_for,
        "recommended_titles": ", ".join(str(role.title) for role in recommended_for),
        "sign_ins": queries.recent_sign_ins(user),
    }
    return render(request, "accounts/my_account.html", context)


def roles_of(reader: Any, user: Any) -> list[dict[str, Any]]:
    """The roles that a person has now, each with its place, as far as the reader may see it."""
    return [
        {"grant": held, "role": ROLES.get(held.role), "place": place_of(reader, held.scope)}
        for held in queries.active_grants(user)
    ]


def place_of(reader: Any, scope: str) -> Any:
    """The country or institution of a scope; None for the whole installation, or what is not visible."""
    return addresses.find(reader, scope) if scope else None


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out in every browser, this one too."""
    user: Any = request.user
    actions.end_sessions(by=user, user=user)
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")


@login_required
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Every role with what it allows, in words."""
    return render(request, "accounts/roles.html", {"roles": ROLES.values()})


@sensitive_post_parameters()
@never_cache
@require_http_methods(FORM)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: choose a password, then sign in."""
    user = queries.invited(token)
    if user is None:
        return render(request, "accounts/invitation_ended.html", status=410)
    form = InvitationForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(token=token, password=form.cleaned_data["password"])
        except ValidationError:  # used meanwhile, in another window
            return render(request, "accounts/invitation_ended.html", status=410)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "person": user})


def closed(request: HttpRequest, **_arguments: Any) -> HttpResponse:
    """Doors of allauth that are not used here: an administrator keeps the addresses people sign in with."""
    raise Http404
