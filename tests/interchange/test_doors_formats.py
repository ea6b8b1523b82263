import os
import signal
import subprocess
import sys
import zipfile

import pytest

from milepost import interchange
from milepost.errors import MilepostError, describe
from milepost.values import Dataset, Origin, Structure, Table

DATASET = Dataset(
    tables=(
        Table("10-7-4", ("Year", "Sex", "Value"), [("2015", "F", "8.0"), ("2016", "", "")], Origin("in.csv")),
    )
)
DATA_XML = (
    '<m:StructureSpecificData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"><m:Header/>'
    "</m:StructureSpecificData>"
)


def refused(path, format=None):
    with pytest.raises(MilepostError) as error:
        interchange.read(path, format)
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize(
    "name", ["out.csv", "out.xlsx", "OUT.CSV", "out.sdmx.csv", "out.xml", "out.generic.xml"]
)
def test_every_row_written_is_read_again(tmp_path, name):
    interchange.write(DATASET, tmp_path / name)
    found = interchange.read(tmp_path / name)
    assert found.count() == 2
    names = found.tables[0].concepts()
    values = [row[names.index("obs_value")] for row in found.tables[0].rows]
    assert values == ["8.0", ""]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.csv", "Year,Value\n2015,1\n", "csv"),
        ("a.TSV", "Year\tValue\n2015\t1\n", "csv"),
        ("a.csv", "STRUCTURE,STRUCTURE_ID,ACTION,OBS_VALUE\ndatastructure,A:B(1.0),I,1\n", "sdmx-csv"),
        ("a.csv", "DATAFLOW,OBS_VALUE\nA:B(1.0),1\n", "sdmx-csv"),
        ("a.xml", DATA_XML, "sdmx-ml"),
        ("a.xml", DATA_XML.replace("StructureSpecificData", "Structure"), "sdmx-structure"),
        ("a.data", DATA_XML, "sdmx-ml"),
        ("a.generic.xml", DATA_XML, "sdmx-ml"),
    ],
)
def test_the_format_is_told_from_name_and_content(tmp_path, name, content, format):
    (tmp_path / name).write_text(content)
    assert interchange.detect(tmp_path / name) == format


def test_a_folder_is_an_open_sdg_folder(tmp_path):
    assert interchange.detect(tmp_path) == "open-sdg"


def test_a_workbook_is_known_by_its_content_under_any_name(tmp_path):
    interchange.write(DATASET, tmp_path / "x.xlsx")
    for name in ("x.xlsm", "x.unknown"):
        (tmp_path / "x.xlsx").rename(tmp_path / name)
        assert interchange.detect(tmp_path / name) == "xlsx"
        (tmp_path / name).rename(tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"PK\x03\x04...", "The name says CSV, but the content is a zip archive"),
        ("a.csv", DATA_XML.encode(), "The name says CSV, but the content is an XML document"),
        ("a.xlsx", b"Year,Value\n2015,1\n", "The name says workbook, but the content is plain text"),
        ("a.xls", b"<html><table/></html>", "The name says workbook, but the content is a web page"),
        ("a.xml", b"Year,Value\n2015,1\n", "The name says SDMX-ML data, but the content is plain text"),
        ("a.xml", b"<rss version='2.0'/>", "The name says SDMX-ML, but the content is XML of another kind"),
    ],
)
def test_a_content_that_contradicts_the_name_is_refused_naming_both(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    assert words in describe(refused(tmp_path / name))


def test_a_file_that_nothing_tells_is_refused_with_the_formats_known(tmp_path):
    (tmp_path / "notes.md").write_text("# Notes, and words")
    problem = refused(tmp_path / "notes.md")
    assert problem.code == "unknown-format"
    assert "csv, xlsx, sdmx-ml" in describe(problem)


def test_an_archive_under_an_unknown_name_is_no_workbook_unless_it_holds_one(tmp_path):
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refused(tmp_path / "letter.docx").code == "unknown-format"


def test_a_missing_and_an_empty_file_and_a_folder_under_another_format_are_refused(tmp_path):
    (tmp_path / "empty.csv").touch()
    assert refused(tmp_path / "no.csv").code == "not-found"
    assert refused(tmp_path / "empty.csv").code == "empty-file"
    assert refused(tmp_path, "csv").code == "not-a-file"
    assert refused(tmp_path / "empty.csv", "parquet").code == "unknown-format"


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("out.csv", "csv"),
        ("out.xlsx", "xlsx"),
        ("out.xml", "sdmx-ml"),
        ("out.generic.xml", "sdmx-generic"),
        ("out.sdmx.csv", "sdmx-csv"),
        ("dsd.structure.xml", "sdmx-structure"),
        ("out", "open-sdg"),
    ],
)
def test_the_format_of_an_output_is_told_from_its_name(name, format):
    assert interchange.detect_target(name) == format


@pytest.mark.parametrize("name", ["out.xls", "out.ods", "out.pdf", "out.tsv"])
def test_an_output_that_cannot_be_written_so_is_refused(name):
    with pytest.raises(MilepostError) as error:
        interchange.detect_target(name)
    assert error.value.problems[0].code == "unknown-format"


def test_what_a_format_has_no_place_for_is_named(tmp_path):
    dataset = Dataset(tables=DATASET.tables, metadata={"10-7-4": {"name": "Refugees"}})
    assert interchange.write(dataset, tmp_path / "out.xlsx") == ()
    (problem,) = interchange.write(dataset, tmp_path / "out.csv")
    assert "CSV has no place for metadata (1)" in describe(problem)


def test_a_structure_alone_becomes_a_structure_message(tmp_path):
    structure = Structure("SDG", "IAEG", "1.0", ("sex", "time_period"), ())
    assert interchange.write(Dataset(structure=structure), tmp_path / "out.xml") == ()
    assert interchange.detect(tmp_path / "out.xml") == "sdmx-structure"


@pytest.mark.parametrize(
    ("name", "message"), [("a.xml", "StructureSpecificData"), ("a.generic.xml", "GenericData")]
)
def test_the_name_says_which_of_the_two_forms_of_data_in_sdmx_is_written(tmp_path, name, message):
    interchange.write(DATASET, tmp_path / name)
    assert f"<message:{message} " in (tmp_path / name).read_text(encoding="utf-8")


def test_both_forms_of_data_in_sdmx_read_the_same(tmp_path):
    interchange.write(DATASET, tmp_path / "a.xml")
    interchange.write(DATASET, tmp_path / "b.xml", "sdmx-generic")
    one, other = interchange.read(tmp_path / "a.xml"), interchange.read(tmp_path / "b.xml", "sdmx-generic")
    assert [row for _, _, row in one.rows()] == [row for _, _, row in other.rows()]


def test_a_folder_is_written_whole_and_read_again(tmp_path):
    interchange.write(DATASET, tmp_path / "out")
    found = interchange.read(tmp_path / "out")
    assert [(table.code, len(table.rows)) for table in found.tables] == [("10-7-4", 2)]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_something_in_it_is_not_overwritten(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(MilepostError, match="something else is there already"):
        interchange.write(DATASET, tmp_path, "open-sdg")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_faults_of_the_reader_come_through_the_guard(tmp_path):
    (tmp_path / "a.csv").write_text("Year,Year,Sex,Sex\n")
    with pytest.raises(MilepostError) as error:
        interchange.read(tmp_path / "a.csv")
    assert [problem.code for problem in error.value.problems] == ["duplicate-header"] * 2


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_writer_killed_in_the_middle_leaves_the_former_file(tmp_path, name):
    class Deadly(tuple):
        """A row that kills the writer when it comes to it."""

        __slots__ = ()

        def __iter__(self):
            os.kill(os.getpid(), signal.SIGKILL)
            return super().__iter__()

    interchange.write(DATASET, tmp_path / name)
    former = (tmp_path / name).read_bytes()
    first, second = DATASET.tables * 2
    deadly = Table("x", ("Year", "Value"), [Deadly(("2015", "1"))], Origin("x"))
    child = os.fork()
    if child == 0:
        try:
            interchange.write(Dataset(tables=(first, second, deadly)), tmp_path / name)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (tmp_path / name).read_bytes() == former
    interchange.write(DATASET, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_importing_the_room_loads_no_library_of_a_format():
    libraries = {"lxml", "xlsxwriter", "python_calamine", "yaml"}
    script = f"import sys, milepost.interchange; print({libraries} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
