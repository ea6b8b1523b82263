"""From the upload page to the dry run, with good files and hostile ones."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.interchange import limits
from milepost.web.indicators.models import Dataset
from milepost.web.intake.models import Delivery
from milepost.web.jobs.work import run_next
from tests.web.intake.conftest import FIGURES, OWN_WORDS, archive
from tests.web.intake.test_bringing_in import BROAD, DOCTYPE, bomb
from tests.web.intake.test_mapping_columns import fields, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def upload(office, client):
    """Upload a file by the page as Alice, and have it read: the dataset, None where it was not taken in."""
    client.force_login(office.alice)

    def upload(content, name):
        data = content.encode() if isinstance(content, str) else content
        page = client.get(reverse("dataset-new"))
        place = page.context["form"].fields["place"].choices[-1][0]
        sent = {"place": place, "file": SimpleUploadedFile(name, data), "title": "", "note": ""}
        answer = client.post(reverse("dataset-new"), sent)
        if answer.status_code != 302:
            assert answer.status_code == 200
            return None, answer.content.decode()
        while run_next("a worker of the tests"):
            pass
        dataset = Dataset.objects.latest("pk")
        return dataset, client.get(dataset.get_absolute_url()).content.decode()

    return upload


def test_a_good_file_is_read_by_a_worker(upload):
    dataset, _ = upload(FIGURES, "figures.csv")
    assert dataset.counts["add"] == 3


def test_strange_columns_are_asked_for_and_then_read_by_a_worker(upload, client):
    dataset, _ = upload(OWN_WORDS, "bericht.csv")
    page = reverse("delivery", args=[dataset.delivery_id])
    choices = {
        "Jahr": "time_period",
        "Wert": "obs_value",
        "Geschlecht": "sex",
        "Bemerkung": "-",
        "Indicator": "10.7.1",
    }
    client.post(page, fill(client.get(page).context["form"], **choices))
    client.post(page, fields(client.get(page).context["form"]))
    while run_next("a worker of the tests"):
        pass
    dataset.refresh_from_db()
    assert dataset.counts["add"] == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("figures.xlsx", FIGURES, "The name says workbook, but the content is plain text."),
        ("figures.csv", "Year,Value,Value\n2020,1,2\n", "are both called"),
        ("figures.csv", BROAD, "5000 columns"),
        ("figures.xml", DOCTYPE, "document type (DOCTYPE)"),
        ("figures.xlsx", bomb, "no honest file of this size does"),
        ("figures.zip", archive({"../x.csv": FIGURES}), "leads out of it"),
        ("../../x.exe", b"MZ\x00\x01", "cannot be told from the name x.exe"),
    ],
)
def test_a_hostile_file_is_kept_not_read_and_explained(upload, name, content, said):
    dataset, page = upload(content() if callable(content) else content, name)
    assert said in page
    assert dataset.delivery.state == Delivery.State.FAILED
    assert dataset.delivery.rows.count() == 0
    assert "/tmp" not in page


def test_an_empty_file_and_one_above_the_limit_are_not_taken_in(upload, monkeypatch):
    dataset, page = upload(b"", "empty.csv")
    assert dataset is None
    assert "empty" in page
    monkeypatch.setenv(limits.SIZE_SETTING, "0.0001")
    dataset, page = upload(FIGURES, "large.csv")
    assert dataset is None
    assert "is the limit" in page
    assert not Delivery.objects.exists()
