"""Open SDG data repositories: what a national platform has, derives and publishes, and data folders in and
out."""

from milepost.interchange.open_sdg.folder import read, write
from milepost.interchange.open_sdg.platform import Platform, open_platform

__all__ = ["Platform", "open_platform", "read", "write"]
