"""The states of a measurement, as data; one action for each deed."""

from milepost.values.states import Machine

MEASUREMENT: Machine = {
    "draft": {"measure": "waiting", "discard": "discarded", "fail": "failed"},
    "waiting": {"begin": "measuring", "return": "draft", "cancel": "cancelled", "fail": "failed"},
    "measuring": {
        "begin": "measuring",  # taken up again after its worker was stopped in good order
        "pause": "waiting",
        "finish": "measured",
        "return": "draft",
        "cancel": "cancelled",
        "fail": "failed",
    },
    "measured": {"discard": "discarded"},
    "failed": {},
    "cancelled": {},
    "discarded": {},
}
"""`return` gives it back with the faults of the mapping: the records stay, so that it can be mended."""

HOLDING = ("draft", "waiting", "measuring")
"""The states in which the records are still there."""
