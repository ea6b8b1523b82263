"""Comments and replies on anything."""
