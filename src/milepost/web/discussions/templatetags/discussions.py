"""The discussion about a thing, on its page."""

from typing import Any

from django import template

from milepost.web.discussions import queries
from milepost.web.discussions.forms import CommentForm, ReplyForm

register = template.Library()


@register.inclusion_tag("discussions/threads.html", takes_context=True)
def discussion(context: template.Context, address: Any, form: CommentForm | None = None) -> dict[str, Any]:
    """What was said about a thing, and a form to say more; nothing for who takes no part.

    `{% load discussions %}{% discussion dataset.address %}`; `form` is one that was sent and has errors.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or queries.thing_for(user, str(address)) is None:
        return {"takes_part": False}
    back = request.path
    return {
        "takes_part": True,
        "address": str(address),
        "user": user,
        "back": back,
        "threads": [
            (thread, ReplyForm(initial={"back": back}, auto_id=f"reply_{thread.opening.pk}_%s"))
            for thread in queries.threads(str(address))
        ],
        "form": form or CommentForm(initial={"back": back}, auto_id="comment_%s"),
        "csrf_token": context.get("csrf_token"),
    }
