"""Reading SDMX-ML data: every observation of the file is a row, with the text of the file."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from milepost.errors import MilepostError, describe
from milepost.interchange import sdmx
from milepost.interchange.sdmx import ml

V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
DSD = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=XX:SDG(1.0):ObsLevelDim:TIME_PERIOD"


def specific(data_sets: str, at_observation: str = "TIME_PERIOD") -> str:
    return (
        dedent(f"""\
        <?xml version="1.0" encoding="UTF-8"?>
        <mes:StructureSpecificData xmlns:mes="{V21}/message" xmlns:com="{V21}/common" xmlns:ns1="{DSD}"
            xmlns:ss="{V21}/data/structurespecific" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <mes:Header><mes:ID>A</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2026-01-01</mes:Prepared>
        <mes:Sender id="XX"/><mes:Structure structureID="S" namespace="{DSD}"
            dimensionAtObservation="{at_observation}"><com:Structure>
            <Ref agencyID="XX" id="SDG" version="1.0"/></com:Structure></mes:Structure></mes:Header>
        """)
        + f"{data_sets}\n</mes:StructureSpecificData>\n"
    )


def data_set(content: str, attributes: str = "") -> str:
    opening = f'<mes:DataSet ss:structureRef="S" xsi:type="ns1:DataSetType" {attributes}>'
    return f"{opening}\n{content}\n</mes:DataSet>"


def generic(content: str, at_observation: str = "TIME_PERIOD") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:GenericData xmlns:mes="{V21}/message" xmlns:com="{V21}/common" xmlns:gen="{V21}/data/generic">
<mes:Header><mes:ID>A</mes:ID><mes:Structure structureID="S" dimensionAtObservation="{at_observation}">
<com:Structure><Ref agencyID="XX" id="SDG" version="1.0"/></com:Structure></mes:Structure></mes:Header>
<mes:DataSet structureRef="S">
{content}
</mes:DataSet>
</mes:GenericData>
"""


def values(**cells: str) -> str:
    return "".join(f'<gen:Value id="{id}" value="{value}"/>' for id, value in cells.items())


def saved(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return [row for _, _, row in ml.read(path).rows()]


SERIES = """<Series SERIES="SM_POP_REFG_OR" REF_AREA="417" SEX="_T" UNIT_MEASURE="NUMBER">
<Obs TIME_PERIOD="2000" OBS_VALUE="17.10" OBS_STATUS="A"/>
<Obs TIME_PERIOD="2001" OBS_STATUS="O"/>
<Obs TIME_PERIOD="2001" OBS_VALUE="NaN" OBS_STATUS="O"/>
<Obs TIME_PERIOD="2000" OBS_VALUE="17.10" OBS_STATUS="A"/>
<Obs TIME_PERIOD="2000" OBS_VALUE="18" COMMENT_OBS="a &lt;b&gt; &quot;c&quot;&#10;d"/>
</Series>"""


def test_every_obs_is_a_row_valueless_repeated_and_conflicting_ones_included(tmp_path):
    table = ml.read(saved(tmp_path / "10.7.4.xml", specific(data_set(SERIES)))).tables[0]
    assert table.code == "10.7.4"
    assert table.columns == (
        "SERIES", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "COMMENT_OBS",
    )  # fmt: skip
    assert table.rows == [
        ("SM_POP_REFG_OR", "417", "_T", "2000", "17.10", "NUMBER", "A", ""),
        ("SM_POP_REFG_OR", "417", "_T", "2001", "", "NUMBER", "O", ""),
        ("SM_POP_REFG_OR", "417", "_T", "2001", "NaN", "NUMBER", "O", ""),
        ("SM_POP_REFG_OR", "417", "_T", "2000", "17.10", "NUMBER", "A", ""),
        ("SM_POP_REFG_OR", "417", "_T", "2000", "18", "NUMBER", "", 'a <b> "c"\nd'),
    ]


def test_each_row_knows_its_line_in_the_file(tmp_path):
    path = saved(tmp_path / "a.xml", specific(data_set(SERIES)))
    table = ml.read(path).tables[0]
    lines = path.read_text().splitlines()
    assert [lines[line - 1].split('"')[1] for line in table.lines] == ["2000", "2001", "2001", "2000", "2000"]


MANY = range(70_000)
SPECIFIC_OBS = [f'<Obs TIME_PERIOD="2000" OBS_VALUE="{n}"/>' for n in MANY]
GENERIC_OBS = [
    f'<gen:Obs><gen:ObsDimension value="2000"/><gen:ObsValue value="{n}"/></gen:Obs>' for n in MANY
]


@pytest.mark.parametrize(
    "message",
    [
        specific(data_set('<Series SERIES="X">\n' + "\n".join(SPECIFIC_OBS) + "\n</Series>")),
        generic("<gen:Series>\n" + "\n".join(GENERIC_OBS) + "\n</gen:Series>"),
    ],
    ids=["structure-specific", "generic"],
)
def test_lines_are_right_beyond_the_65535th(tmp_path, message):
    table = ml.read(saved(tmp_path / "a.xml", message)).tables[0]
    lines = message.splitlines()
    assert len(table.rows) == len(MANY)
    assert list(table.lines) == sorted(table.lines)
    near = [abs(int(re.findall(r'"(\d+)"', lines[line - 1])[-1]) - n) for n, line in enumerate(table.lines)]
    assert max(near) <= 1


def test_the_structure_says_which_one_the_data_are_of_and_what_is_a_dimension(tmp_path):
    structure = ml.read(saved(tmp_path / "a.xml", specific(data_set(SERIES)))).structure
    assert structure is not None
    assert (structure.agency, structure.id, structure.version) == ("XX", "SDG", "1.0")
    assert structure.dimensions == ("series", "ref_area", "sex", "time_period")
    assert structure.attributes == ("unit_measure", "obs_status", "comment_obs")


def test_flat_data_read_as_series_do(tmp_path):
    flat = '<Obs SERIES="X" REF_AREA="417" TIME_PERIOD="2000" OBS_VALUE="1" OBS_STATUS="A"/>'
    table = ml.read(saved(tmp_path / "a.xml", specific(data_set(flat), "AllDimensions"))).tables[0]
    assert table.columns == ("SERIES", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert table.rows == [("X", "417", "2000", "1", "A")]


def test_attributes_of_the_data_set_and_of_groups_stand_in_the_rows_they_are_about(tmp_path):
    content = """<Group xsi:type="ns1:Sibling" SERIES="X" SEX="F" COMMENT_TS="women"/>
        <Group xsi:type="ns1:Sibling" SERIES="X" SEX="M" COMMENT_TS="men"/>
        <Series SERIES="X" SEX="M"><Obs TIME_PERIOD="2000" OBS_VALUE="1"/></Series>
        <Series SERIES="X" SEX="F"><Obs TIME_PERIOD="2000" OBS_VALUE="2"/></Series>
        <Series SERIES="Y" SEX="F"><Obs TIME_PERIOD="2000" OBS_VALUE="3"/></Series>"""
    path = saved(tmp_path / "a.xml", specific(data_set(content, 'SOURCE_DETAIL="census"')))
    found = [(row["obs_value"], row["comment_ts"], row["source_detail"]) for row in rows(path)]
    assert found == [("1", "men", "census"), ("2", "women", "census"), ("3", "", "census")]


def test_a_group_by_period_is_for_the_observations_of_that_period(tmp_path):
    content = """<Group xsi:type="ns1:Year" TIME_PERIOD="2001" COMMENT_TS="flood"/>
        <Series SERIES="X"><Obs TIME_PERIOD="2000" OBS_VALUE="1"/>
        <Obs TIME_PERIOD="2001" OBS_VALUE="2"/></Series>"""
    path = saved(tmp_path / "a.xml", specific(data_set(content)))
    assert [row["comment_ts"] for row in rows(path)] == ["", "flood"]


def test_several_data_sets_are_several_tables(tmp_path):
    one = data_set('<Series SERIES="X"><Obs TIME_PERIOD="2000" OBS_VALUE="1"/></Series>')
    two = data_set('<Series SERIES="Y"><Obs TIME_PERIOD="2000" OBS_VALUE="2"/></Series>', 'ss:setID="y"')
    dataset = ml.read(saved(tmp_path / "a.xml", specific(one + two)))
    assert [(table.code, table.rows) for table in dataset.tables] == [
        ("a-1", [("X", "2000", "1")]),
        ("y", [("Y", "2000", "2")]),
    ]


def test_an_empty_data_set_is_a_table_without_rows(tmp_path):
    dataset = ml.read(saved(tmp_path / "a.xml", specific(data_set(""))))
    assert [table.rows for table in dataset.tables] == [[]]
    assert ml.read(saved(tmp_path / "b.xml", specific(""))).tables == ()


def test_generic_series_with_attributes_at_every_level(tmp_path):
    path = saved(
        tmp_path / "a.xml",
        generic(f"""
        <gen:Attributes>{values(SOURCE_DETAIL="census")}</gen:Attributes>
        <gen:Group type="Sibling"><gen:GroupKey>{values(SERIES="X", SEX="F")}</gen:GroupKey>
          <gen:Attributes>{values(COMMENT_TS="women")}</gen:Attributes></gen:Group>
        <gen:Group type="Sibling"><gen:GroupKey>{values(SERIES="X", SEX="M")}</gen:GroupKey>
          <gen:Attributes>{values(COMMENT_TS="men")}</gen:Attributes></gen:Group>
        <gen:Series><gen:SeriesKey>{values(SERIES="X", SEX="F")}</gen:SeriesKey>
          <gen:Attributes>{values(UNIT_MEASURE="PT")}</gen:Attributes>
          <gen:Obs><gen:ObsDimension value="2000"/><gen:ObsValue value="1.50"/>
            <gen:Attributes>{values(OBS_STATUS="E")}</gen:Attributes></gen:Obs>
          <gen:Obs><gen:ObsDimension value="2001"/></gen:Obs></gen:Series>
        <gen:Series><gen:SeriesKey>{values(SERIES="X", SEX="M")}</gen:SeriesKey>
          <gen:Obs><gen:ObsDimension id="TIME_PERIOD" value="2000"/><gen:ObsValue value="2"/></gen:Obs>
        </gen:Series>
        """),
    )
    table = ml.read(path).tables[0]
    assert table.columns == (
        "SERIES", "SEX", "TIME_PERIOD", "OBS_VALUE",
        "SOURCE_DETAIL", "UNIT_MEASURE", "COMMENT_TS", "OBS_STATUS",
    )  # fmt: skip
    assert table.rows == [
        ("X", "F", "2000", "1.50", "census", "PT", "women", "E"),
        ("X", "F", "2001", "", "census", "PT", "women", ""),
        ("X", "M", "2000", "2", "census", "", "men", ""),
    ]


def test_generic_flat_data(tmp_path):
    observation = f"""<gen:Obs><gen:ObsKey>{values(SERIES="X", TIME_PERIOD="2000")}</gen:ObsKey>
        <gen:ObsValue value="1"/><gen:Attributes>{values(OBS_STATUS="A")}</gen:Attributes></gen:Obs>"""
    table = ml.read(saved(tmp_path / "a.xml", generic(observation * 2, "AllDimensions"))).tables[0]
    assert table.columns == ("SERIES", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert table.rows == [("X", "2000", "1", "A")] * 2


def test_compact_data_of_2_0(tmp_path):
    old = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
    text = f"""<CompactData xmlns="{old}/message" xmlns:n="urn:sdmx:org.sdmx.infomodel.KeyFamily=X:Y">
<Header><ID>A</ID></Header>
<n:DataSet keyFamilyURI="u" datasetID="d"><n:SiblingGroup SERIES="X" UNIT_MEASURE="PT"/>
<n:Series SERIES="X"><n:Obs TIME_PERIOD="2000" OBS_VALUE="1"/>
<n:Obs TIME_PERIOD="2001" OBS_VALUE="2"/></n:Series>
</n:DataSet></CompactData>"""
    table = ml.read(saved(tmp_path / "a.xml", text)).tables[0]
    assert table.columns == ("SERIES", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE")
    assert table.rows == [("X", "2000", "1", "PT"), ("X", "2001", "2", "PT")]


def test_generic_data_of_2_0(tmp_path):
    old = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
    text = f"""<GenericData xmlns="{old}/message" xmlns:g="{old}/generic"><Header><ID>A</ID></Header>
<DataSet><g:Series><g:SeriesKey><g:Value concept="SERIES" value="X"/></g:SeriesKey>
<g:Obs><g:Time>2000</g:Time><g:ObsValue value="1"/></g:Obs></g:Series></DataSet></GenericData>"""
    assert rows(saved(tmp_path / "a.xml", text)) == [{"series": "X", "time_period": "2000", "obs_value": "1"}]


def test_structure_specific_data_of_3_0(tmp_path):
    text = specific(data_set(SERIES)).replace("v2_1", "v3_0")
    text = text.replace('<Ref agencyID="XX" id="SDG" version="1.0"/>', DSD.rsplit(":ObsLevelDim", 1)[0])
    dataset = ml.read(saved(tmp_path / "a.xml", text))
    assert dataset.count() == 5
    assert dataset.structure is not None
    assert (dataset.structure.agency, dataset.structure.id) == ("XX", "SDG")


def test_several_values_in_one_component_of_3_0_are_refused_with_the_line(tmp_path):
    several = '<Comp id="A"><Value>1</Value><Value>2</Value></Comp>'
    inner = f'<Series SERIES="X"><Obs TIME_PERIOD="2000">\n{several}</Obs></Series>'
    path = saved(tmp_path / "a.xml", specific(data_set(inner)).replace("v2_1", "v3_0"))
    with pytest.raises(MilepostError) as refused:
        ml.read(path)
    assert refused.value.problems[0].code == "sdmx-several-values"
    assert refused.value.problems[0].origin.row is not None


def test_a_data_set_that_asks_for_deletion_reads_and_is_reported(tmp_path):
    dataset = ml.read(saved(tmp_path / "a.xml", specific(data_set(SERIES, 'ss:action="Delete"'))))
    assert dataset.count() == 5
    assert [problem.code for problem in dataset.problems] == ["sdmx-deletion"]


def test_undecodable_bytes_read_as_replacement_characters_and_are_reported_with_the_line(tmp_path):
    text = (
        specific(data_set(SERIES)).encode().replace(b"a &lt;b&gt;", "\ufffd ok ".encode() + b"\xc3\x28\xff")
    )
    path = saved(tmp_path / "a.xml", text)
    dataset = ml.read(path)
    assert dataset.count() == 5
    assert dataset.tables[0].rows[4][7].startswith("\ufffd ok \ufffd(\ufffd")
    assert [(problem.code, problem.details["count"]) for problem in dataset.problems] == [
        ("xml-undecodable", 2)
    ]
    assert dataset.problems[0].origin.row == dataset.tables[0].lines[4]
    assert "utf-8" in describe(dataset.problems[0])


def test_replacement_characters_in_the_file_are_text_like_any_other(tmp_path):
    dataset = ml.read(
        saved(tmp_path / "a.xml", specific(data_set(SERIES)).replace("a &lt;b&gt;", "\ufffd\ufffd"))
    )
    assert dataset.problems == ()
    assert dataset.tables[0].rows[4][7].startswith("\ufffd\ufffd")


@pytest.mark.parametrize("encoding", ["windows-1251", "cp1251", "UTF-16", "UTF-8", "ISO-8859-5"])
def test_declared_encodings_are_respected(tmp_path, encoding):
    text = specific(data_set(SERIES)).replace("a &lt;b&gt;", "Кыргызстан").replace('"UTF-8"', f'"{encoding}"')
    dataset = ml.read(saved(tmp_path / "a.xml", text.encode(encoding)))
    assert dataset.problems == ()
    assert dataset.tables[0].rows[4][7].startswith("Кыргызстан")


def test_a_byte_order_mark_and_a_wrong_declaration_of_utf_16_do_no_harm(tmp_path):
    marked = specific(data_set(SERIES)).encode("utf-8-sig")
    wrong = specific(data_set(SERIES)).replace('"UTF-8"', '"UTF-16"').encode()
    assert ml.read(saved(tmp_path / "a.xml", marked)).count() == 5
    assert ml.read(saved(tmp_path / "b.xml", wrong)).count() == 5


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('<a xmlns="urn:x"/>', "sdmx-message"),
        (f'<m:GenericMetadata xmlns:m="{V21}/message"/>', "sdmx-message"),
        (
            '<m:Structure xmlns:m="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>',
            "sdmx-version",
        ),
        ("this is no XML", "xml-malformed"),
        ("", "empty-file"),
        ("%PDF-1.7", "wrong-content"),
    ],
)
def test_what_is_no_data_message_is_refused(tmp_path, message, code):
    with pytest.raises(MilepostError) as refused:
        ml.read(saved(tmp_path / "a.xml", message))
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_truncated_file_is_refused_with_the_line(tmp_path):
    whole = specific(data_set(SERIES))
    path = saved(tmp_path / "a.xml", whole[: whole.index("<Obs") + 20])
    with pytest.raises(MilepostError) as refused:
        ml.read(path)
    assert refused.value.problems[0].code == "xml-malformed"
    assert refused.value.problems[0].origin.row == whole[: whole.index("<Obs")].count("\n") + 1


def test_an_unknown_encoding_is_refused(tmp_path):
    path = saved(tmp_path / "a.xml", specific(data_set(SERIES)).replace('"UTF-8"', '"klingon"'))
    with pytest.raises(MilepostError, match="klingon"):
        ml.read(path)


def test_a_column_of_another_name_for_a_concept_never_takes_its_place(tmp_path):
    content = '<Series SERIES="X" YEAR="y"><Obs TIME_PERIOD="2000" OBS_VALUE="1"/></Series>'
    assert rows(saved(tmp_path / "a.xml", specific(data_set(content))))[0] == {
        "series": "X", "time_period": "2000", "obs_value": "1", "YEAR": "y",
    }  # fmt: skip


def test_sniff_tells_data_from_structures_and_from_others(tmp_path):
    structure = f'<m:Structure xmlns:m="{V21}/message"/>'
    assert sdmx.sniff(saved(tmp_path / "a.xml", specific(""))) == "data"
    assert sdmx.sniff(saved(tmp_path / "b.xml", structure)) == "structure"
    assert sdmx.sniff(saved(tmp_path / "c.xml", '<a xmlns="urn:x"/>')) is None
    assert sdmx.sniff(saved(tmp_path / "d.csv", "DATAFLOW,FREQ,OBS_VALUE\n")) == "csv"
    assert sdmx.sniff(saved(tmp_path / "e.csv", "\ufeffSTRUCTURE;STRUCTURE_ID;ACTION;OBS_VALUE\n")) == "csv"
    assert sdmx.sniff(saved(tmp_path / "f.csv", "Year,Value\n")) is None
    assert sdmx.sniff(saved(tmp_path / "g.pdf", "%PDF-1.7")) is None
