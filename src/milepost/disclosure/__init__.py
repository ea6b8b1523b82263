"""Tables to safe tables: unsafe cells hidden or rounded, and the result attacked before anything leaves."""

from milepost.disclosure.protection import Protected, protect
from milepost.disclosure.protocol import Hidden, Protocol
from milepost.disclosure.rules import Rules

__all__ = ["Hidden", "Protected", "Protocol", "Rules", "protect"]
