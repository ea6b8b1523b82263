"""Pages of policies and plans."""
