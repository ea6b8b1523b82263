"""The Word file in whose look the documents on an institution's projects are made."""

from typing import Any

from django.db import models

from milepost.web.files.models import StoredFile
from milepost.web.projects.models.fields import person
from milepost.web.stakeholders.models import Institution


class ReferenceDocument(models.Model):
    """An institution's reference document: styles, page, header and footer of its Word documents."""

    pk: int
    institution_id: int
    institution = models.OneToOneField(Institution, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by: Any = person()
    at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.file.name
