"""Tags of discussions."""
