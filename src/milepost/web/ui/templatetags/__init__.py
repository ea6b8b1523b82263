"""Tags and filters that templates need no load for."""
