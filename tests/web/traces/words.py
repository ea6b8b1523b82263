"""How things of the tests describe themselves in a trace."""

from milepost.web.traces.nodes import Node


def describe_institution(user, institution):
    """The contact is for those who are signed in; the last link is known without an edge."""
    facts = [("Kind", institution.kind)]
    if user.is_authenticated:
        facts.append(("Contact", "Alice"))
    above = (("rests_on", institution.country.address),) if institution.code == "labour" else ()
    return Node(institution.code, tuple(facts), None, above)


DESCRIBE = {"institution": describe_institution}
