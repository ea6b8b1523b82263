"""Who takes part in a discussion, and what was said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from milepost.web.accounts.models import User
from milepost.web.accounts.queries import EVERYWHERE, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.discussions.models import Comment
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.ui import addresses

MENTIONED_AT_MOST = 20
_LEADS_TO_COUNTRY = ("country", "institution", "indicator", "series")


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment that opens a discussion, with its replies."""

    opening: Comment
    replies: tuple[Comment, ...]


def thing_for(user: Any, address: str) -> Any | None:
    """The thing at an address if this person takes part in discussions about it, else None.

    Whoever sees a thing that is not public works on it. Where everybody sees it, those take part who have a
    role in its country: what colleagues say to each other is nobody else's.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    try:
        thing = addresses.find(user, address)
    except ValueError:
        return None
    if thing is None or addresses.find(AnonymousUser(), address) is None:
        return thing
    return thing if _has_role_for(user, country_of(thing)) else None


def country_of(thing: Any) -> Country | None:
    """The country a thing belongs to; None for an international one."""
    if isinstance(thing, Country):
        return thing
    inner = (getattr(thing, name, None) for name in _LEADS_TO_COUNTRY)
    return next((country_of(one) for one in inner if one is not None), None)


def scope_of(thing: Any) -> str:
    """Where events about a thing belong: its institution, else its country, else the installation."""
    if isinstance(thing, Institution):
        return thing.address
    place = getattr(thing, "institution", None) or country_of(thing)
    return place.address if place is not None else EVERYWHERE


def threads(address: str) -> list[Thread]:
    """What was said about a thing, in two levels, oldest first. Ask `thing_for` before."""
    place = str(addresses.Address.parse(address).whole)
    comments = list(Comment.objects.filter(address=place).select_related("by", "resolved_by"))
    replies: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.parent_id is not None:
            replies.setdefault(comment.parent_id, []).append(comment)
    return [
        Thread(comment, tuple(replies.get(comment.pk, ())))
        for comment in comments
        if comment.parent_id is None
    ]


def comment_for(user: Any, pk: int) -> Comment | None:
    """A comment of a discussion in which this person takes part."""
    comment = Comment.objects.select_related("by", "parent__by").filter(pk=pk).first()
    return comment if comment is not None and thing_for(user, comment.address) is not None else None


def is_own(user: Any, comment: Comment) -> bool:
    """Whether a person may correct or withdraw this comment: who wrote it, until it is withdrawn."""
    return comment.by_id == user.pk and comment.withdrawn_at is None


def mentioned(text: str, address: str) -> list[User]:
    """The people named in a text by @ and their name or e-mail address who take part in the discussion."""
    if "@" not in text:
        return []
    by_name: dict[str, list[User]] = {}
    for user in User.objects.filter(is_active=True).order_by("pk"):
        for name in {user.email.casefold(), user.name.casefold()}:
            by_name.setdefault(name, []).append(user)
    named = {user.pk: user for name in named_in(text, by_name) for user in by_name[name]}
    first = list(named.values())[:MENTIONED_AT_MOST]
    return [user for user in first if thing_for(user, address) is not None]


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """The names (in lower case) that stand in a text behind an @ and end there; the longer one counts.

    >>> named_in("Please look, @Bob Smith; and @bob@example.org.", ["bob", "bob smith", "bob@example.org"])
    ['bob smith', 'bob@example.org']
    >>> named_in("me@bob.org and @bobby", ["bob"])
    []
    """
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    pattern = rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?![\w@-]|\.\w)"
    return [match[1].casefold() for match in re.finditer(pattern, text.casefold())] if longest_first else []


def _has_role_for(user: Any, country: Country | None) -> bool:
    held = {scope for permission in Permission for scope in scopes(user, permission)}
    if country is None or EVERYWHERE in held:
        return bool(held)
    keys = [int(scope.split(":")[1]) for scope in held if scope.startswith("institution:")]
    return country.address in held or Institution.objects.filter(pk__in=keys, country=country).exists()
