"""What happened: who changed what, when and why."""
