"""`milepost check` knows a file of IATI by its content and judges it."""

import json

from tests.cli.test_commands import milepost
from tests.interchange.iati.samples import ACTIVITIES, spoilt


def test_a_file_without_faults_ends_with_0_whatever_its_name(tmp_path):
    for name in ("activities.xml", "activities", "activities.txt"):
        path = tmp_path / name
        path.write_text(ACTIVITIES, encoding="utf-8")
        result = milepost("check", path)
        assert (result.returncode, result.stdout) == (0, "no faults\n")
        assert "registry" in result.stderr


def test_a_warning_alone_ends_with_1(tmp_path):
    path = tmp_path / "activities.xml"
    path.write_text(spoilt(ACTIVITIES, ('code="SO"', 'code="QQ"')), encoding="utf-8")
    result = milepost("check", path)
    assert result.returncode == 1
    assert "row 15" in result.stdout
    assert "XM-DAC-90001-P1, recipient-country[1]/@code" in result.stdout
    assert result.stdout.endswith("1 warning\n")


def test_faults_come_as_json_too(tmp_path):
    path = tmp_path / "activities.xml"
    path.write_text(spoilt(ACTIVITIES, ('percentage="60"', 'percentage="61"')), encoding="utf-8")
    found = json.loads(milepost("check", path, "--json").stdout)
    assert [each["code"] for each in found["faults"]] == ["iati-sum"]
    assert [each["code"] for each in found["notes"]] == ["iati-rules-skipped"]


def test_xml_that_is_not_well_formed_is_called_so_whatever_it_was_to_be(tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text("<tag>\n <level1>\n </level2>\n</tag>\n", encoding="utf-8")
    result = milepost("check", path)
    assert result.returncode == 1
    assert "row 3" in result.stdout
    assert "not well-formed" in result.stdout
