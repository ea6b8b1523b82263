"""Real installations for the tests of this folder."""

from tests.web.operation.installation import bare, installation, migrated  # noqa: F401
