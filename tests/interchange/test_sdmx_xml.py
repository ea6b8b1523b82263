"""XML of others is read safely: no entity is expanded, nothing is fetched, memory stays small."""

import pytest

from milepost.errors import MilepostError
from milepost.interchange import sdmx, xml
from milepost.interchange.sdmx import ml, structure

V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
BODY = f'<m:StructureSpecificData xmlns:m="{V21}/message" a="&x;"><m:Header/></m:StructureSpecificData>'
LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}' + (f"&l{n - 1};" * 9 if n else "") + '">'
    for n in range(12)
)
DOCTYPES = {
    "an internal entity": '<!DOCTYPE a [<!ENTITY x "y">]>',
    "a local file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "a remote file": '<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd">',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://localhost:1/p"> %p;]>',
    "billion laughs": f'<!DOCTYPE a [{LAUGHS}<!ENTITY x "&l11;">]>',
    "none of these": "<!DOCTYPE a>",
    "one after a comment": "<!-- <a> --><?pi <b>?>\n<!DOCTYPE a>",
}


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize("read", [ml.read, structure.read, sdmx.sniff])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_doctype_is_refused(tmp_path, kind, read, encoding):
    path = tmp_path / "a.xml"
    path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPES[kind]}{BODY}'.encode(encoding))
    with pytest.raises(MilepostError) as refused:
        read(path)
    assert [problem.code for problem in refused.value.problems] == ["xml-doctype"]


def test_the_word_doctype_in_a_comment_is_harmless(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(f"<!-- <!DOCTYPE a> -->{BODY.replace('&x;', '')}")
    assert xml.root(path).name == "StructureSpecificData"


def test_a_beginning_longer_than_any_buffer_is_searched_to_its_end(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(f"<?xml version='1.0'?><!--{'x' * 300_000}--><!DOCTYPE a>{BODY}")
    with pytest.raises(MilepostError, match="DOCTYPE"):
        ml.read(path)


def test_elements_nested_without_end_are_refused(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(f'<m:Structure xmlns:m="{V21}/message">' + "<a>" * 100_000)
    with pytest.raises(MilepostError) as refused:
        structure.read(path)
    assert refused.value.problems[0].code == "xml-malformed"


def test_a_walk_never_holds_more_than_it_reads_at_once(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<r>" + "<Obs a='1'><b/></Obs>\n" * 50_000 + "</r>")
    most = 0
    for event, element in xml.walk(path, ["Obs"], []):
        if event == "end":
            most = max(most, len(element.getparent()))
    assert most < 2_000


def test_a_file_above_the_limit_of_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.0001")
    path = tmp_path / "a.xml"
    path.write_text(BODY.replace("&x;", "x" * 200))
    with pytest.raises(MilepostError) as refused:
        ml.read(path)
    assert refused.value.problems[0].code == "too-large"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path, code in ((tmp_path / "none.xml", "not-found"), (tmp_path, "not-a-file")):
        with pytest.raises(MilepostError) as refused:
            ml.read(path)
        assert refused.value.problems[0].code == code
