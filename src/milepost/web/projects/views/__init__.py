"""Pages: ask, act, answer."""
