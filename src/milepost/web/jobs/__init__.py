"""Long work, with heartbeat, progress and cancel."""
