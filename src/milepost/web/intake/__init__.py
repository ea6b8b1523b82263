"""Uploads, remembered mappings, dry runs, and where every row came from."""
