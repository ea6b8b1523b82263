"""Structure messages: every language and annotation in and out; and a structure made from tables."""

import warnings

import pysdmx.io
import pytest
import sdmx as sdmx1
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange.sdmx import ml, structure
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text

V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
CODES = CodeList(
    "CL_SERIES",
    {
        "SM_POP_REFG_OR": Text(en="Refugees by country of origin", ru="Беженцы", ky="Качкындар"),
        "SG_CPA_MIGRS": Text(fr="Pays dotés de politiques"),
        "TOTAL": Text(),
    },
    Text(en="Series", ru="Ряды"),
    "XX",
    "1.8",
    {
        "SM_POP_REFG_OR": {
            "Indicator": "10.7.4",
            "IndicatorTitle": "Proportion of the population who are refugees",
            "IndicatorTitle@ru": "Доля населения",
            "Indicator#2": "10.7.3",
            "RetiredSeries": "",
            "ORDER": "10",
            "ORDER@id": "@SDMX",
            "link@url": "https://example.org/a?b=1&c=2",
            "link": "",
            "description": "By origin, not asylum",
            "description@ru": "По стране происхождения",
            "parent": "TOTAL",
        }
    },
)
AREAS = CodeList(
    "CL_AREA",
    {"417": Text(en="Kyrgyzstan", ru="Кыргызстан"), "KG05": Text(ru="Баткен")},
    Text(en="Areas"),
    "YY",
    "2.0",
)
OWN = Structure(
    "SDG",
    "XX",
    "1.8",
    ("series", "ref_area", "Region", "time_period"),
    ("unit_measure", "obs_status", "comment_obs", "Own note"),
    {
        "series": CODES,
        "ref_area": AREAS,
        "CL_UNUSED": CodeList("CL_UNUSED", {"A": Text(en="a")}, agency="XX"),
    },
    {
        "series": Text(en="Series", ru="Ряд"),
        "ref_area": Text(en="Area"),
        "obs_value": Text(en="Value"),
        "Own note": Text(en="n"),
    },
    Text(en="National structure", ru="Национальная структура"),
)


def saved(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def rewritten(found: Structure, folder) -> Structure | None:
    structure.write(Dataset(structure=found), folder / "a.xml")
    return structure.read(folder / "a.xml").structure


def table(columns, *rows) -> Table:
    return Table("a", columns, list(rows), Origin("a.csv"))


def test_a_structure_is_read_back_as_it_was_written_in_all_languages(tmp_path):
    again = rewritten(OWN, tmp_path)
    assert again is not None
    unused = again.code_lists["UNUSED"]
    assert unused == OWN.code_lists["CL_UNUSED"]
    assert {**again.code_lists, "CL_UNUSED": unused} == {**OWN.code_lists, "UNUSED": unused}
    assert (again.dimensions, again.attributes) == (OWN.dimensions, OWN.attributes)
    assert (again.names, again.name, again.id, again.agency, again.version) == (
        OWN.names,
        OWN.name,
        "SDG",
        "XX",
        "1.8",
    )
    assert structure.read(tmp_path / "a.xml").languages == ("en", "ru", "ky", "fr")


def test_the_second_reading_equals_the_first(tmp_path):
    first = rewritten(OWN, tmp_path)
    assert first is not None
    assert rewritten(first, tmp_path) == first


def test_code_lists_without_a_data_structure_are_kept(tmp_path):
    lists = Structure("", "XX", "1.0", (), (), {"series": CODES, "ref_area": AREAS})
    again = rewritten(lists, tmp_path)
    assert again is not None
    assert again.code_lists == {"series": CODES, "AREA": AREAS}


MESSAGE = f"""<?xml version="1.0" encoding="utf-8"?>
<m:Structure xmlns:m="{V21}/message" xmlns:s="{V21}/structure" xmlns:c="{V21}/common"><m:Header/>
<m:Structures>
<s:Codelists>
<s:Codelist id="CL_SEX" agencyID="AA" version="1.1"><c:Name xml:lang="en">Sex</c:Name>
<c:Description xml:lang="en"/>
<s:Code id="F"><c:Annotations>
<c:Annotation><c:AnnotationTitle>Order</c:AnnotationTitle><c:AnnotationType>ORDER</c:AnnotationType>
<c:AnnotationText xml:lang="ru"><![CDATA[один]]></c:AnnotationText></c:Annotation>
<c:Annotation id="x"><c:AnnotationTitle>RetiredSeries</c:AnnotationTitle></c:Annotation></c:Annotations>
<c:Name xml:lang="en">Female</c:Name><c:Name xml:lang="ky">Аял</c:Name><c:Name xml:lang="fr"/>
<c:Description xml:lang="en">Female</c:Description><c:Description xml:lang="ky"></c:Description></s:Code>
<s:Code id="F"><c:Name>Again</c:Name></s:Code>
</s:Codelist>
<s:Codelist id="CL_SEX" agencyID="AA" version="1.0"><c:Name>Sex</c:Name><s:Code id="W">
<c:Name>Woman</c:Name></s:Code></s:Codelist>
</s:Codelists>
<s:Concepts><s:ConceptScheme id="CS" agencyID="AA" version="1.0"><c:Name>Concepts</c:Name>
<s:Concept id="SEX"><c:Name>Sex</c:Name><s:CoreRepresentation><s:Enumeration>
<Ref id="CL_SEX" agencyID="AA" version="1.1"/>
</s:Enumeration></s:CoreRepresentation></s:Concept>
<s:Concept id="TIME"><c:Name xml:lang="en">Time</c:Name></s:Concept></s:ConceptScheme></s:Concepts>
<s:DataStructures><s:DataStructure id="ONE" agencyID="AA" version="2.0"><c:Name>One</c:Name>
<s:DataStructureComponents>
<s:DimensionList><s:TimeDimension id="TIME_PERIOD" position="2"><s:ConceptIdentity><Ref id="TIME"
 maintainableParentID="CS" maintainableParentVersion="1.0" agencyID="AA"/></s:ConceptIdentity>
 </s:TimeDimension>
<s:Dimension position="1"><s:ConceptIdentity>
<URN>urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=AA:CS(1.0).SEX</URN>
</s:ConceptIdentity></s:Dimension></s:DimensionList><s:MeasureList><s:PrimaryMeasure/></s:MeasureList>
</s:DataStructureComponents></s:DataStructure>
<s:DataStructure id="TWO" agencyID="AA" version="1.0"><c:Name>Two</c:Name></s:DataStructure>
</s:DataStructures>
</m:Structures></m:Structure>"""


def test_lists_are_found_by_reference_or_urn_in_the_version_meant(tmp_path):
    found = structure.read(saved(tmp_path / "a.xml", MESSAGE)).structure
    assert found is not None
    assert found.dimensions == ("sex", "time_period")
    assert found.code_lists["sex"].version == "1.1"
    assert found.names["time_period"] == {"en": "Time"}
    assert set(found.code_lists["CL_SEX"].codes) == {"W"}


def test_empty_names_and_descriptions_vanish_and_annotations_stay(tmp_path):
    found = structure.read(saved(tmp_path / "a.xml", MESSAGE)).structure
    assert found is not None
    women = found.code_lists["sex"]
    assert women.codes["F"] == {"en": "Female", "ky": "Аял"}
    assert women.annotations["F"] == {
        "ORDER": "", "ORDER@ru": "один", "ORDER@title": "Order", "RetiredSeries": "", "RetiredSeries@id": "x",
    }  # fmt: skip
    assert rewritten(found, tmp_path) == found


def test_a_repeated_code_and_a_second_structure_are_reported(tmp_path):
    problems = structure.read(saved(tmp_path / "a.xml", MESSAGE)).problems
    assert [problem.code for problem in problems] == ["sdmx-repeated-code", "sdmx-several-structures"]
    assert problems[0].origin.row == MESSAGE[: MESSAGE.index(">Again<")].count("\n") + 1


def test_the_door_for_data_reads_structure_messages_too(tmp_path):
    path = saved(tmp_path / "a.xml", MESSAGE)
    assert ml.read(path) == structure.read(path)


def test_the_structure_for_tables_that_fit_their_own_is_their_own():
    rows = table(
        ("SERIES", "REF_AREA", "Region", "TIME_PERIOD", "OBS_VALUE"),
        ("SM_POP_REFG_OR", "417", "x", "2020", "1"),
    )
    assert structure.structure_for(Dataset((rows,), structure=OWN)) is OWN


def test_columns_that_every_row_fills_are_dimensions_and_all_others_attributes():
    rows = table(
        ("Year", "Sex", "Series", "Region", "Units", "Value"),
        ("2020", "", "A", "r", "PT", "1"),
        ("2021", "F", "A", "r", "PT", "2"),
    )
    made = structure.structure_for(Dataset((rows,)))
    assert (made.agency, made.id, made.version) == ("MILEPOST", "DATA", "1.0")
    assert made.dimensions == ("series", "time_period")
    assert made.attributes == ("unit_measure", "sex", "Region")


def test_codes_in_use_get_the_names_that_are_known():
    rows = table(
        ("SERIES", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE"), ("SM_POP_REFG_OR", "762", "F", "2020", "1")
    )
    made = structure.structure_for(Dataset((rows,), structure=OWN))
    assert made.code_lists["series"] == CODES
    assert made.code_lists["ref_area"].codes == {**AREAS.codes, "762": Text()}
    assert (made.code_lists["ref_area"].agency, made.code_lists["sex"].codes) == ("MILEPOST", {"F": Text()})
    assert made.names["series"] == {"en": "Series", "ru": "Ряд"}


def test_values_that_are_no_codes_of_sdmx_have_no_code_list(tmp_path):
    rows = table(("Series", "Units", "Year", "Value"), ("Share of refugees, %", "per 100,000", "2020", "1"))
    assert structure.structure_for(Dataset((rows,))).code_lists == {}


def test_ids_that_sdmx_cannot_hold_are_refused_all_at_once(tmp_path):
    bad = Structure(
        "1 SDG",
        "X X",
        "v1",
        ("sex",),
        (),
        {"sex": CodeList("CL SEX", {"женщины": Text(), "F M": Text()}, agency="XX")},
    )
    with pytest.raises(MilepostError) as refused:
        structure.write(Dataset(structure=bad), tmp_path / "a.xml")
    assert [problem.details["id"] for problem in refused.value.problems] == [
        "1 SDG", "v1", "X X", "CL SEX", "женщины", "F M",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_two_lists_of_one_name_are_refused(tmp_path):
    lists = {
        "sex": CodeList("CL_A", {"F": Text()}, agency="XX"),
        "age": CodeList("CL_A", {"Y": Text()}, agency="XX"),
    }
    with pytest.raises(MilepostError) as refused:
        structure.write(
            Dataset(structure=Structure("A", "XX", "1.0", ("sex", "age"), (), lists)), tmp_path / "a.xml"
        )
    assert [problem.code for problem in refused.value.problems] == ["sdmx-two-lists"]


def test_a_control_character_in_a_name_is_refused(tmp_path):
    lists = {"sex": CodeList("CL_SEX", {"F": Text(en="a\x07b")}, agency="XX")}
    with pytest.raises(MilepostError, match=r"U\+0007"):
        structure.write(
            Dataset(structure=Structure("A", "XX", "1.0", ("sex",), (), lists)), tmp_path / "a.xml"
        )


def test_nothing_to_write_is_refused(tmp_path):
    with pytest.raises(MilepostError) as refused:
        structure.write(Dataset(), tmp_path / "a.xml")
    assert refused.value.problems[0].code == "sdmx-no-structure"


NAME = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=8,
    )
    .map(str.strip)
    .filter(bool)
)
TEXTS = st.dictionaries(st.sampled_from(["en", "ru", "ky", "be", "fr", "zh-Hant"]), NAME).map(Text)
LABEL = NAME.map(lambda label: label.replace("@", "")).filter(
    lambda label: label.strip() == label and label not in ("", "description", "parent") and "#" not in label
)


@settings(deadline=None, max_examples=60)
@given(
    codes=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9_@$-]{1,6}", fullmatch=True), TEXTS, min_size=1, max_size=4
    ),
    labels=st.dictionaries(LABEL, NAME | st.just(""), max_size=3),
    name=TEXTS,
)
def test_odd_names_and_annotations_are_read_back_as_they_were(tmp_path_factory, codes, labels, name):
    annotations = {next(iter(codes)): labels} if labels else {}
    lists = {"sex": CodeList("CL_SEX", codes, name, "XX", "1.0", annotations)}
    original = Structure("A", "XX", "1.0", ("sex", "time_period"), (), lists, {}, name)
    assert rewritten(original, tmp_path_factory.mktemp("odd")) == original


def test_sdmx1_and_pysdmx_read_the_same_codes(tmp_path):
    structure.write(Dataset(structure=OWN), tmp_path / "a.xml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sdmx1.read_sdmx(tmp_path / "a.xml")
    codes = theirs.codelist["CL_SERIES"]
    assert codes["SM_POP_REFG_OR"].name.localizations == dict(CODES.codes["SM_POP_REFG_OR"])
    assert [dimension.id for dimension in theirs.structure["SDG"].dimensions] == [
        "SERIES",
        "REF_AREA",
        "Region",
        "TIME_PERIOD",
    ]
    message = pysdmx.io.read_sdmx(tmp_path / "a.xml", validate=True)
    assert {code.id for code in message.get_codelists()[0].items} == set(CODES.codes)
