"""The pages of frameworks, crosswalks, national definitions, code lists and tags."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.values import Text
from milepost.web.frameworks import actions, forms, queries
from milepost.web.frameworks.words import PAIRS
from milepost.web.ui import moments
from milepost.web.ui.forms import attempt
from milepost.web.ui.revisions import Stale
from milepost.web.ui.templatetags.ui import plain

FORM = ["GET", "HEAD", "POST"]


# What ships -------------------------------------------------------------------------------------------------


@login_required
@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """The frameworks that ship, and what a country added to them."""
    countries = list(queries.readable(request.user))
    wanted = request.GET.get("country", countries[0].code if countries else "")
    chosen = next((one for one in countries if one.code == wanted), None)
    if chosen is None:
        raise Http404
    context = {
        "countries": countries,
        "frameworks": catalogue.frameworks(),
        "crosswalks": queries.crosswalks(chosen),
        "definitions": queries.current_definitions(chosen),
        "codes": queries.own_codes(chosen).filter(active=True),
        "tags": queries.tags(chosen).filter(active=True),
    }
    return _page(request, chosen, "frameworks", "frameworks", context)


@login_required
@require_safe
def framework(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """The entries of a framework with their names in every language of the site."""
    found = queries.find_framework(code)
    if found is None:
        raise Http404
    context = {"framework": found, "entries": queries.in_tree(found), "goals": found.level("goal")}
    return _page(request, _country(request, country), "framework", "frameworks", context)


# Crosswalks -------------------------------------------------------------------------------------------------


@login_required
@require_safe
def crosswalks(request: HttpRequest, country: str) -> HttpResponse:
    """Which frameworks are linked; choose any two."""
    chosen = _country(request, country)
    form = forms.FrameworksForm(request.GET or None)
    if form.is_valid():
        asked = form.cleaned_data
        return redirect("crosswalk", chosen.code, asked["origin"], asked["goal"])
    context = {"crosswalks": queries.crosswalks(chosen), "form": form}
    return _page(request, chosen, "crosswalks", "crosswalks", context)


@login_required
@require_http_methods(FORM)
def crosswalk(request: HttpRequest, country: str, origin: str, goal: str) -> HttpResponse:
    """The pairs of two frameworks; confirm several at once."""
    chosen = _country(request, country)
    first, second = queries.find_framework(origin), queries.find_framework(goal)
    if first is None or second is None or first == second:
        raise Http404
    pairs = queries.pairs(chosen, origin, goal)
    ticked = set(request.POST.getlist("pair"))
    if request.method == "POST":
        _need_edit(request, chosen)
        asked = [pair for pair in pairs if pair.revision == 0] if "all" in request.POST else _asked(ticked)
        links = [(pair[0], pair[1], _revision(pair)) for pair in asked]
        if _confirmed(request, chosen, links):
            return redirect("crosswalk", chosen.code, origin, goal)
    context = {
        "origin": first,
        "goal": second,
        "pairs": pairs,
        "ticked": ticked,
        "open": sum(pair.revision == 0 for pair in pairs),
        "ships": next(
            (one for one in catalogue.crosswalks() if {one.origin, one.goal} == {origin, goal}), None
        ),
        "form": forms.PairForm(frameworks=(first, second), auto_id="pair_%s"),
    }
    return _page(request, chosen, "crosswalk", "crosswalks", context)


def _asked(ticked: set[str]) -> list[tuple[str, str, str]]:
    """(origin, goal, revision) of what was ticked; what is not of that form is passed over."""
    parts = (tuple(one.split("|")) for one in sorted(ticked))
    return [part for part in parts if len(part) == 3 and part[2].isdecimal()]  # type: ignore[misc]


def _revision(pair: Any) -> int:
    return pair.revision if isinstance(pair, queries.Pair) else int(pair[2])


def _confirmed(request: HttpRequest, country: Any, links: list[tuple[str, str, int]]) -> bool:
    """Confirm these pairs; where that is refused the page says why, and keeps what was ticked."""
    if not links:
        messages.error(request, _("Tick the pairs that you confirm."))
        return False
    try:
        count = actions.confirm_links(by=request.user, country=country, links=links)
    except Stale:
        messages.error(
            request, _("Somebody else decided on one of these pairs meanwhile; nothing is saved. Look again.")
        )
        return False
    except MilepostError:
        raise Http404 from None  # pairs that no page offers
    said = ngettext("{count} pair is confirmed.", "{count} pairs are confirmed.", count)
    messages.success(request, said.format(count=count))
    return True


@login_required
@require_http_methods(FORM)
def pair(request: HttpRequest, country: str) -> HttpResponse:
    """Confirm or reject one pair, or add it."""
    chosen = _country(request, country)
    _need_edit(request, chosen)
    origin, goal = request.GET.get("origin", ""), request.GET.get("goal", "")
    if not (queries.entry_exists(origin) and queries.entry_exists(goal)):
        raise Http404
    found = queries.find_pair(chosen, origin, goal)
    initial = {
        "revision": found.revision if found else 0,
        "status": found.status if found and found.revision else None,
        "reason": found.reason if found else "",
    }
    form = forms.DecideForm(request.POST or None, initial=initial)
    tried = attempt(
        form,
        lambda: actions.decide_link(
            by=request.user, country=chosen, origin=origin, goal=goal, **form.cleaned_data
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("crosswalk", chosen.code, origin.partition("/")[0], goal.partition("/")[0])
    stale = tried.stale and _stale(form, tried.stale, _said_of_pair)
    context = {"origin": origin, "goal": goal, "pair": found, "form": form, "stale": stale}
    return _page(request, chosen, "pair", "crosswalks", context)


# Definitions ------------------------------------------------------------------------------------------------


@login_required
@require_safe
def definitions(request: HttpRequest, country: str) -> HttpResponse:
    """Every definition in force: the country's own, and those that ship."""
    chosen = _country(request, country)
    context = {"defined": queries.defined(chosen), "form": forms.StartForm()}
    return _page(request, chosen, "definitions", "definitions", context)


@login_required
@require_safe
def definition(request: HttpRequest, pk: int) -> HttpResponse:
    """A national definition: what it says, how it differs from the one before it, and all its revisions."""
    found = get_object_or_404(queries.definitions(request.user), pk=pk)
    revisions = queries.history(found)
    context = {
        "definition": found,
        "read": queries.parsed(found),
        "revisions": revisions,
        "differences": queries.differences(queries.before(found), found.text),
        "first": revisions[-1].pk == found.pk,
    }
    return _page(request, found.country, "definition", "definitions", context)


@login_required
@require_http_methods(FORM)
def definition_new(request: HttpRequest, country: str) -> HttpResponse:
    """Write a definition of the country's own, after one that ships."""
    chosen = _country(request, country)
    _need_edit(request, chosen)
    code = request.GET.get("code", "")
    own = queries.definition_in_force(chosen, code)
    if own is not None and request.method != "POST":
        return redirect("definition-revise", own.pk)
    text = catalogue.definition_file(code)
    if not text:
        raise Http404
    form = forms.DefinitionForm(request.POST or None, first=True, initial={"revision": 0, "text": text})
    return _definition_form(request, chosen, form, code)


@login_required
@require_http_methods(FORM)
def definition_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the next revision of a national definition."""
    found = get_object_or_404(queries.definitions(request.user), pk=pk)
    _need_edit(request, found.country)
    if not found.current and request.method != "POST":
        return redirect("definition", pk)
    initial = {"revision": found.revision, "text": found.text}
    form = forms.DefinitionForm(request.POST or None, first=False, initial=initial)
    return _definition_form(request, found.country, form, found.code, found)


def _definition_form(
    request: HttpRequest, country: Any, form: Any, code: str, revised: Any = None
) -> HttpResponse:
    about = revised.code if revised else ""
    tried = attempt(
        form,
        lambda: actions.save_definition(by=request.user, country=country, code=about, **form.cleaned_data),
        show=forms.show_faults_of_lines,
    )
    if tried.done:
        messages.success(request, _("The definition is saved and in force."))
        return redirect(tried.made)
    stale, differences = None, None
    if tried.stale is not None:
        stale = _stale(form, tried.stale, _said_of_definition)
        if tried.stale.now is not None:
            differences = queries.differences(tried.stale.now.text, form.cleaned_data["text"])
    context = {"form": form, "code": code, "revised": revised, "stale": stale, "differences": differences}
    return _page(request, country, "definition_form", "definitions", context)


@login_required
@require_http_methods(FORM)
def definition_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a national definition out of force."""
    found = get_object_or_404(queries.definitions(request.user), pk=pk)
    _need_edit(request, found.country)
    form = forms.EndForm(request.POST or None)
    tried = attempt(
        form, lambda: actions.end_definition(by=request.user, definition=found, **form.cleaned_data)
    )
    if tried.done:
        messages.success(request, _("The national definition holds no longer."))
        return redirect("definitions", found.country.code)
    stale = tried.stale and _stale(form, tried.stale, _said_of_definition)
    ships = bool(catalogue.definition_file(found.code))
    context = {"form": form, "definition": found, "ships": ships, "stale": stale}
    return _page(request, found.country, "definition_end", "definitions", context)


@login_required
@require_safe
def definition_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The definition as the same file as those that ship."""
    found = get_object_or_404(queries.definitions(request.user), pk=pk)
    answer = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.yaml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# Code lists -------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def code_lists(request: HttpRequest, country: str) -> HttpResponse:
    """The code lists that ship, and the country's own; begin one."""
    chosen = _country(request, country)
    form = forms.NewListForm(request.POST or None)
    if request.method == "POST":
        _need_edit(request, chosen)
        made = _add_code(request, chosen, form)
        if made:
            return redirect("code-list", chosen.code, made.list)
    context = {"lists": queries.code_lists(chosen), "form": form}
    return _page(request, chosen, "code_lists", "code-lists", context)


@login_required
@require_http_methods(FORM)
def code_list(request: HttpRequest, country: str, name: str) -> HttpResponse:
    """The codes of a list: those that ship, and the country's own; add one."""
    chosen = _country(request, country)
    ships, own = queries.find_code_list(name), queries.own_codes(chosen).filter(list=name)
    if ships is None and not own:
        raise Http404
    form = forms.NewCodeForm(request.POST or None)
    if request.method == "POST":
        _need_edit(request, chosen)
        if _add_code(request, chosen, form, list=name):
            return redirect("code-list", chosen.code, name)
    context = {"name": name, "title": _title_of(chosen, name), "ships": ships, "own": own, "form": form}
    return _page(request, chosen, "code_list", "code-lists", context)


@login_required
@require_http_methods(FORM)
def list_title(request: HttpRequest, country: str, name: str) -> HttpResponse:
    """Say what a list of the country's own is called."""
    chosen = _country(request, country)
    if queries.find_code_list(name) is not None or not queries.own_codes(chosen).filter(list=name).exists():
        raise Http404
    _need_edit(request, chosen)
    found = queries.list_title(chosen, name)
    initial = {"name": found.name, "revision": found.revision} if found else {"revision": 0}
    form = forms.ListTitleForm(request.POST or None, initial=initial)
    tried = attempt(
        form, lambda: actions.call_list(by=request.user, country=chosen, list=name, **form.cleaned_data)
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("code-list", chosen.code, name)
    stale = tried.stale and _stale(form, tried.stale, _said_of_title)
    context = {"name": name, "title": _title_of(chosen, name), "form": form, "stale": stale}
    return _page(request, chosen, "list_title", "code-lists", context)


def _title_of(country: Any, name: str) -> Text:
    """What a list is called: officially where it ships, else by the country; empty where nobody has said."""
    ships = queries.find_code_list(name)
    return ships.name if ships is not None else queries.list_titles(country).get(name, Text())


def _add_code(request: HttpRequest, country: Any, form: Any, **also: Any) -> Any | None:
    tried = attempt(
        form, lambda: actions.add_code(by=request.user, country=country, **also, **form.cleaned_data)
    )
    if tried.done:
        messages.success(request, _("The code {code} is added.").format(code=tried.made.code))
    return tried.made


@login_required
@require_http_methods(FORM)
def code(request: HttpRequest, country: str, name: str, pk: int) -> HttpResponse:
    """Rename a code of the country's own, retire it or bring it back."""
    chosen = _country(request, country)
    found = get_object_or_404(queries.own_codes(chosen), pk=pk, list=name)
    _need_edit(request, chosen)
    form = forms.NameForm(request.POST or None, initial=_named(found))
    tried = attempt(form, lambda: actions.change_code(by=request.user, code=found, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("code-list", chosen.code, name)
    stale = tried.stale and _stale(form, tried.stale, _said_of_name)
    context = {"code": found, "form": form, "stale": stale}
    return _page(request, chosen, "code", "code-lists", context)


# Tags -------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def tags(request: HttpRequest, country: str) -> HttpResponse:
    """The tags of a country; add one."""
    chosen = _country(request, country)
    form = forms.NewTagForm(request.POST or None)
    if request.method == "POST":
        _need_edit(request, chosen)
        tried = attempt(form, lambda: actions.add_tag(by=request.user, country=chosen, **form.cleaned_data))
        if tried.done:
            messages.success(request, _("The tag is added. Put it on indicators now."))
            return redirect("tag", chosen.code, tried.made.pk)
    counts = queries.tag_counts(chosen)
    rows = [(one, counts.get(one.pk, 0)) for one in queries.tags(chosen)]
    return _page(request, chosen, "tags", "tags", {"tags": rows, "form": form})


@login_required
@require_http_methods(FORM)
def tag(request: HttpRequest, country: str, pk: int) -> HttpResponse:
    """One tag: its name, whether it is in use, and the indicators it stands on."""
    chosen = _country(request, country)
    found = get_object_or_404(queries.tags(chosen), pk=pk)
    putting = request.method == "POST" and "put" in request.POST
    things = queries.taggable(request.user, chosen)
    stands = queries.tagged(found)
    form = forms.NameForm(None if putting else request.POST or None, initial=_named(found))
    put = forms.PutTagForm(
        request.POST if putting else None,
        things=things,
        initial={"indicators": sorted(stands), "shown": " ".join(sorted(stands))},
        auto_id="put_%s",
    )
    stale = None
    if request.method == "POST":
        _need_edit(request, chosen)
        if putting and put.is_valid():
            actions.put_tag(by=request.user, tag=found, **put.changes())
            messages.success(request, _("Saved."))
            return redirect("tag", chosen.code, pk)
        tried = attempt(
            form, lambda: actions.change_tag(by=request.user, tag=found, **form.cleaned_data)
        )  # not sent where a tag is put on things
        if tried.done:
            messages.success(request, _("Saved."))
            return redirect("tags", chosen.code)
        stale = tried.stale and _stale(form, tried.stale, _said_of_name)
    context = {
        "tag": found,
        "form": form,
        "put": put,
        "stale": stale,
        "things": [thing for thing in things if thing.address in stands],
    }
    return _page(request, chosen, "tag", "tags", context)


# Parts ------------------------------------------------------------------------------------------------------


def _country(request: HttpRequest, code: str) -> Any:
    found = get_object_or_404(queries.readable(request.user), code=code)
    moments.follow(found)
    return found


def _need_edit(request: HttpRequest, country: Any) -> None:
    if not queries.may_edit(request.user, country):
        raise PermissionDenied


def _named(thing: Any) -> dict[str, Any]:
    """What the form of a code or tag starts from."""
    return {"name": thing.name, "active": thing.active, "revision": thing.revision}


def _stale(form: Any, error: Stale, said: Callable[[Any], list[tuple[str, str]]]) -> dict[str, Any]:
    """Who changed a thing meanwhile and what it says now; the form then rests on the present revision."""
    now = error.now
    form.data = {**form.data.dict(), "revision": now.revision if now is not None else 0}
    return {
        "by": getattr(now, "by", None),
        "at": getattr(now, "at", None),
        "now": said(now) if now is not None else [],
    }


def _said_of_pair(link: Any) -> list[tuple[str, str]]:
    return [(_("Status"), str(PAIRS[link.status].word)), (_("Reason"), link.reason or "–")]


def _said_of_definition(found: Any) -> list[tuple[str, str]]:
    return [(_("Revision"), str(found.revision)), (_("Reason"), found.reason or "–")]


def _said_of_title(found: Any) -> list[tuple[str, str]]:
    return [(_("Title of the list"), plain(found.text))]


def _said_of_name(thing: Any) -> list[tuple[str, str]]:
    return [(_("Name"), plain(thing.text)), (_("In use"), _("yes") if thing.active else _("no"))]


def _page(
    request: HttpRequest, country: Any, template: str, tab: str, context: dict[str, Any]
) -> HttpResponse:
    """A page of one country with its tabs."""
    tabs = [
        ("frameworks", _("Frameworks"), f"{reverse('frameworks')}?country={country.code}"),
        ("crosswalks", _("Crosswalks"), reverse("crosswalks", args=[country.code])),
        ("definitions", _("Definitions"), reverse("definitions", args=[country.code])),
        ("code-lists", _("Code lists"), reverse("code-lists", args=[country.code])),
        ("tags", _("Tags"), reverse("tags", args=[country.code])),
    ]
    shown = {
        "country": country,
        "tabs": tabs,
        "tab": tab,
        "may_edit": queries.may_edit(request.user, country),
    }
    return render(request, f"frameworks/{template}.html", {**shown, **context})
