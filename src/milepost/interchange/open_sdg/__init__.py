"""Open SDG data repositories: what a national platform has, derives and publishes, and data folders in and
out.

Where releases of sdg-build differ, the newest (2) is followed: fields `indicator_number`, `target_number`
and `goal_number`; a name and a title for every indicator; goals as texts in the disaggregation status;
functions of the build script asked for every input. Observation attributes (COMMENT_OBS) and the column
Progress break figures down unless the configuration sets them aside. Computed progress and the dates of the
last change in git are part of the static files. Whatever is fetched from elsewhere is not added.
"""

from milepost.interchange.open_sdg.folder import read, write
from milepost.interchange.open_sdg.platform import Platform, open_platform

__all__ = ["Platform", "open_platform", "read", "write"]
