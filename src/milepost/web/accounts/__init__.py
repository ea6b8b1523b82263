"""Users, roles as readable classes, sign-in."""
