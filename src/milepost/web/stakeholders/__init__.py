"""Countries, institutions and their mandates, and who is a member of which."""
