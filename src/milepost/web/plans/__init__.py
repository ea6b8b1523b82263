"""Intend: policies, their plans of action with a version for each legal act, measures, and who does what."""
