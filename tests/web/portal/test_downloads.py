import io
import json
import zipfile

import pytest

from milepost import interchange
from milepost.recipes.publish_files import KINDS
from milepost.values import concept

DATA = "/en/xs/indicators/10.7.1/data"


def figures(content, kind, tmp_path):
    """{(sex, period): (value, status)} of a file."""
    if kind == "json":
        return {
            (series["breakdown"].get("sex", ""), one["time_period"]): (one["obs_value"], one["obs_status"])
            for series in json.loads(content)["series"]
            for one in series["observations"]
        }
    path = tmp_path / f"figures{KINDS[kind].ending}"
    path.write_bytes(content)
    found = {}
    for _table, _position, row in interchange.read(path, kind).rows():
        cells = {(concept(name) or name): cell for name, cell in row.items()}
        sex = cells["sex"].replace("_T", "")
        value = float(cells["obs_value"]) if cells["obs_value"] else None
        found[sex, cells["time_period"]] = (value, cells["obs_status"])
    return found


PUBLIC = {
    ("", "2018"): (8.2, "A"),
    ("", "2019"): (7.7, "A"),
    ("", "2020"): (7.4, "A"),
    ("", "2022"): (6.8, "B"),
    ("", "2023"): (6.4, "A"),
    ("", "2024"): (6.1, "P"),
    ("F", "2022"): (7.6, "A"),
    ("F", "2023"): (7.5, "A"),
    ("F", "2024"): (7.3, "A"),
    ("M", "2022"): (None, "Q"),
    ("M", "2023"): (5.9, "A"),
    ("M", "2024"): (5.7, "A"),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_format_holds_exactly_the_public_figures(published, client, tmp_path, kind):
    answer = client.get(f"{DATA}/{kind}/")
    assert answer["Content-Type"].startswith(KINDS[kind].content_type)
    assert answer["Content-Disposition"] == f'attachment; filename="xs-10.7.1-v2{KINDS[kind].ending}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert figures(answer.content, kind, tmp_path) == PUBLIC


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_earlier_version_is_another_file(published, client, tmp_path, kind):
    answer = client.get(f"{DATA}/{kind}/?version=1")
    assert "xs-10.7.1-v1" in answer["Content-Disposition"]
    assert figures(answer.content, kind, tmp_path) == {**PUBLIC, ("", "2023"): (9.9, "A")}


def test_every_row_says_source_version_and_how_to_cite(published, client):
    content = client.get(f"{DATA}/csv/").content.decode("utf-8-sig")
    for line in content.splitlines()[1:]:
        assert "Statistical Office of Sandoria" in line
        assert "http://testserver/en/xs/indicators/10.7.1/?version=2" in line
        assert "2026-04-11" in line


def test_the_workbook_has_metadata_and_code_lists(published, client, tmp_path):
    path = tmp_path / "figures.xlsx"
    path.write_bytes(client.get(f"{DATA}/xlsx/").content)
    about = interchange.read(path).metadata["10.7.1"]
    assert about["citation"].startswith("Statistical Office of Sandoria (2026).")
    assert about["version"] == "2"


def test_the_file_speaks_the_language_of_its_address(published, client):
    content = client.get("/ru/xs/indicators/10.7.1/data/json/").content.decode()
    found = json.loads(content)
    assert found["citation"].startswith("Статистическая служба Сандории (2026).")
    assert found["version"]["number"] == 2


def test_nothing_of_a_suppressed_figure_but_its_status(published, client):
    found = json.loads(client.get(f"{DATA}/json/").content)
    (hidden,) = [
        one for series in found["series"] for one in series["observations"] if one["obs_status"] == "Q"
    ]
    assert set(hidden) == {"time_period", "obs_value", "obs_status", "source_detail"}


def test_who_has_the_file_already_is_told_so(published, client):
    first = client.get(f"{DATA}/csv/")
    again = client.get(f"{DATA}/csv/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{DATA}/csv/?version=1")["ETag"] != first["ETag"]


def test_the_zip_of_a_country_has_a_file_for_each_indicator(published, client):
    answer = client.get("/en/xs/downloads/csv/")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert sorted(archive.namelist()) == [
            "README.txt",
            "xs-10.7.1-v2.csv",
            "xs-10.7.4-v1.csv",
            "xs-16.2.2-v2.csv",
            "xs-8.8.1-v1.csv",
        ]
        assert "Published figures of Sandoria" in archive.read("README.txt").decode()
        assert archive.read("xs-10.7.1-v2.csv") == client.get(f"{DATA}/csv/").content


def test_the_zip_is_made_once_for_each_state_of_the_figures(published, client, settings):
    kept = settings.HOME / "published" / "xs"

    def zips():
        answer = client.get("/en/xs/downloads/csv/")
        assert b"".join(answer.streaming_content)
        return {path.name: path.stat().st_mtime_ns for path in kept.glob("csv-en-*.zip")}

    first = zips()
    assert len(first) == 1
    assert zips() == first
    published.office.version(published.cost, 3)
    published.cost.version = 3
    published.cost.save()
    assert len(zips()) == 1
    assert zips().keys() != first.keys()


def test_sdmx_ml_of_a_country_comes_with_its_structures(published, client, tmp_path):
    answer = client.get("/en/xs/downloads/sdmx-ml/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        path = tmp_path / "structure.xml"
        path.write_bytes(archive.read("structure.xml"))
    found = interchange.read(path).structure
    assert found is not None
    assert {"F", "M", "_T"} <= set(found.code_lists["sex"].codes)


def test_an_indicator_whose_figures_were_withdrawn_gives_an_empty_file(published, client):
    found = json.loads(client.get("/en/xs/indicators/16.2.2/data/json/").content)
    assert found["series"] == []
    assert found["version"]["note"] == "The register counted people twice."
    assert client.get("/en/xs/indicators/16.2.2/data/csv/").status_code == 200
    assert client.get("/en/xs/indicators/16.2.2/data/xlsx/").status_code == 200
    assert client.get("/en/xs/indicators/16.2.2/data/sdmx-csv/").status_code == 200
    assert client.get("/en/xs/indicators/16.2.2/data/sdmx-ml/").status_code == 200


def test_the_page_lists_what_can_be_had(published, read):
    html = read("/en/xs/downloads/")
    assert "/en/xs/downloads/sdmx-csv/" in html
    assert "/en/xs/indicators/10.7.1/data/xlsx/" in html
    assert "/en/xs/indicators/10.7.2/data/" not in html
