"""Everything that changes projects: one action for each deed, in one transaction, with one event."""
