"""Forms of policies, plans and rounds."""
