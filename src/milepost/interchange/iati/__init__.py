"""IATI: files of activities and organisations, judged as the standard says, and projects in and out."""

from milepost.interchange.iati.checking import check, is_iati
from milepost.interchange.iati.reading import Activities, read
from milepost.interchange.iati.writing import write

__all__ = ["Activities", "check", "is_iati", "read", "write"]
