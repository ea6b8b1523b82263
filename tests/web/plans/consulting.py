"""What tests of consultations share: a consultation on the policy's draft, and a document."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from milepost.web.plans.actions import consultations

PDF = b"%PDF-1.7 a draft"


def document(name="draft.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def prepared(by, policy, plan=None, **more):
    """A consultation of March 2026 with one draft."""
    one = consultations.enter(
        by=by,
        policy=policy,
        plan=plan,
        title={"en": "Draft of the second stage", "ru": "Проект второго этапа"},
        start=date(2026, 3, 1),
        end=date(2099, 3, 31),
        **more,
    )
    consultations.add_draft(by=by, consultation=one, uploads=[(document(), "draft.pdf")])
    return one


def opened(by, one):
    return consultations.step(by=by, consultation=one, deed="open", revision=one.revision)


def shown(by, one):
    return consultations.show(by=by, consultation=one, revision=one.revision, public=True)
