"""Reminders, what is mine to do, and the digest by e-mail."""
