import json
import zipfile
from datetime import UTC, datetime

import pytest

from milepost import catalogue, interchange
from milepost.recipes import publish_files
from milepost.recipes.publish_files import KINDS, Publication, PublishedFigure, PublishedSeries
from milepost.values import Text, concept

MOMENT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def figure(period, value, status="A", lower=None, upper=None, **attributes):
    return PublishedFigure(period, value, status, lower, upper, attributes, "Office")


def series(*figures, unit="MONTHS_EARNINGS", area="", **breakdown):
    return PublishedSeries("SL_EMP_RCOST", unit, "", area, "N", "A", breakdown, figures)


def publication(*found, code="10.7.1"):
    return Publication(
        code=code,
        name=f"xs-{code}-v2",
        title=Text(en="Cost", ru="Стоимость"),
        country=Text(en="Sandoria"),
        country_code="xs",
        m49="901",
        version=2,
        at=MOMENT,
        note="",
        sources=("Office",),
        citation="Office (2026). Cost. Version 2.",
        address="https://example.org/en/xs/indicators/10.7.1/?version=2",
        notice="",
        series=found,
        definition=catalogue.indicator("10.7.1"),
    )


def rows(about, kind, tmp_path):
    path = tmp_path / f"figures{KINDS[kind].ending}"
    publish_files.write(about, path, kind)
    return [
        {concept(name) or name.lower(): cell for name, cell in row.items()}
        for _table, _position, row in interchange.read(path, kind).rows()
    ]


TABLES = [kind for kind in KINDS if kind != "json"]


@pytest.mark.parametrize("kind", TABLES)
def test_a_national_dimension_is_kept_apart_in_every_format(tmp_path, kind):
    found = rows(
        publication(series(figure("2020", 1.5)), series(figure("2020", 2.5), destination="RU", sex="F")),
        kind,
        tmp_path,
    )
    assert [(row["destination"].replace("_T", ""), row["obs_value"]) for row in found] == [
        ("", "1.5"),
        ("RU", "2.5"),
    ]


@pytest.mark.parametrize("kind", TABLES)
def test_odd_periods_and_regions_come_back_as_they_were(tmp_path, kind):
    found = rows(publication(series(figure("2018/19", 3.0), area="KG02")), kind, tmp_path)
    assert [(row["time_period"], row["ref_area"], row["obs_value"]) for row in found] == [
        ("2018/19", "KG02", "3")
    ]


@pytest.mark.parametrize("kind", TABLES)
def test_two_units_do_not_share_a_key(tmp_path, kind):
    about = publication(series(figure("2020", 1.0)), series(figure("2020", 50.0), unit="PT"))
    assert {(row["unit_measure"], row["obs_value"]) for row in rows(about, kind, tmp_path)} == {
        ("MONTHS_EARNINGS", "1"),
        ("PT", "50"),
    }
    structure = publish_files.as_dataset(about, kind).structure
    assert structure is None or "unit_measure" in structure.dimensions


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_suppressed_figure_keeps_neither_bounds_nor_comment(kind):
    about = publication(series(figure("2020", None, "Q", 1.25, 2.25, comment_obs="three persons")))
    content = publish_files.content(about, kind)
    if kind == "xlsx":
        content = _unzipped(content)
    for secret in (b"1.25", b"2.25", b"three persons"):
        assert secret not in content


def _unzipped(content):
    import io

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_what_came_with_a_figure_but_is_no_attribute_of_sdmx_stays_inside():
    about = publication(series(figure("2020", 1.0, interviewer="A. Person", nature="C")))
    content = publish_files.content(about, "csv").decode()
    assert "A. Person" not in content
    assert ",C," in content


def test_json_says_what_it_is_and_leaves_out_what_is_not_known():
    found = json.loads(publish_files.as_json(publication(series(figure("2020", 8.25, lower=7.0, upper=9.0)))))
    assert found["citation"] == "Office (2026). Cost. Version 2."
    assert found["indicator"] == {
        "code": "10.7.1",
        "title": {"en": "Cost", "ru": "Стоимость"},
        "definition_revision": 1,
    }
    assert found["series"][0]["ref_area"] == "901"
    assert found["series"][0]["observations"] == [
        {
            "time_period": "2020",
            "obs_value": 8.25,
            "obs_status": "A",
            "source_detail": "Office",
            "lower_bound": 7.0,
            "upper_bound": 9.0,
        }
    ]


def test_the_zip_names_what_a_format_cannot_hold_and_keeps_the_rest(tmp_path):
    hostile = publication(series(figure("2020", 1.0), note="\x01"), code="9.9.9")
    whole = publication(series(figure("2020", 1.0)))
    path = tmp_path / "all.zip"
    assert publish_files.write_all([hostile, whole], path, "sdmx-ml", readme="About") == 1
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["README.txt", "structure.xml", "xs-10.7.1-v2.xml"]
        assert "9.9.9" in archive.read("README.txt").decode()


def test_structures_of_a_zip_share_code_lists_with_the_codes_of_all(tmp_path):
    one = publication(series(figure("2020", 1.0), sex="F"))
    other = publication(series(figure("2020", 1.0), sex="M"), code="8.8.1")
    path = tmp_path / "all.zip"
    publish_files.write_all([one, other], path, "sdmx-ml", readme="About")
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "structure.xml").write_bytes(archive.read("structure.xml"))
    found = interchange.read(tmp_path / "structure.xml").structure
    assert found is not None
    assert set(found.code_lists["sex"].codes) == {"F", "M"}


def test_nothing_public_is_still_a_file(tmp_path):
    for kind in KINDS:
        assert publish_files.content(publication(), kind)
