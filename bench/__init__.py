"""Measures the figures of the README on this machine."""
