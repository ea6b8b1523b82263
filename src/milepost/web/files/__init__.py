"""Attachments and originals, kept by their hash."""
