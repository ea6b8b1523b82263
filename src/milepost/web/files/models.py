"""Files by their hash."""

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """A file as it came, kept below MILEPOST_HOME/files under its SHA-256; `owner` says who may have it."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    owner = models.CharField(max_length=120, blank=True, db_index=True)  # the address it is attached to
    public = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """How others name this file."""
        return f"file:{self.pk}"

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("file", args=[self.pk])
