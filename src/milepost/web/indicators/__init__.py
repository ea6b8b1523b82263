"""Datasets, observations and targets: the one home of every disaggregated number."""
