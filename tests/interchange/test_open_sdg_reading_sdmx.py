"""SDMX-ML data in an Open SDG repository become tables, by what its structure definition says."""

from pathlib import Path

import pytest

from milepost.interchange.open_sdg import derive, open_platform, read

NAMESPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"


def specific(*series: str) -> str:
    return (
        f'<?xml version="1.0"?>\n<m:StructureSpecificData xmlns:m="{NAMESPACE}/message">\n<m:DataSet>\n'
        + "\n".join(series)
        + "\n</m:DataSet>\n</m:StructureSpecificData>\n"
    )


def series(code: str, *observations: tuple[str, str], **keys: str) -> str:
    words = " ".join(f'{name}="{value}"' for name, value in {"SERIES": code, "FREQ": "A", **keys}.items())
    inside = "\n".join(f'<Obs TIME_PERIOD="{year}" OBS_VALUE="{value}"/>' for year, value in observations)
    return f"<Series {words}>\n{inside}\n</Series>"


def generic(code: str, sex: str, *observations: tuple[str, str]) -> str:
    inside = "".join(
        f'<g:Obs><g:ObsDimension id="TIME_PERIOD" value="{year}"/><g:ObsValue value="{value}"/>'
        f'<g:Attributes><g:Value id="OBS_STATUS" value="A"/></g:Attributes></g:Obs>'
        for year, value in observations
    )
    return (
        f'<m:GenericData xmlns:m="{NAMESPACE}/message" xmlns:g="{NAMESPACE}/data/generic">'
        "<m:DataSet><g:Series>"
        f'<g:SeriesKey><g:Value id="SERIES" value="{code}"/><g:Value id="SEX" value="{sex}"/></g:SeriesKey>'
        f'<g:Attributes><g:Value id="UNIT_MEASURE" value="PT"/></g:Attributes>{inside}'
        "</g:Series></m:DataSet></m:GenericData>"
    )


def annotation(title: str, text: str) -> str:
    return (
        f"<c:Annotation><c:AnnotationTitle>{title}</c:AnnotationTitle>"
        f"<c:AnnotationText>{text}</c:AnnotationText></c:Annotation>"
    )


def code_of(id: str, indicator: str, title: str, **names: str) -> str:
    labels = "".join(f'<c:Name xml:lang="{language}">{name}</c:Name>' for language, name in names.items())
    remarks = annotation("Indicator", indicator) + annotation("IndicatorTitle", title)
    return f'<s:Code id="{id}"><c:Annotations>{remarks}</c:Annotations>{labels}</s:Code>'


def dimension(id: str) -> str:
    return (
        f'<s:Dimension id="{id}"><s:ConceptIdentity><Ref id="{id}"/></s:ConceptIdentity>'
        f'<s:LocalRepresentation><s:Enumeration><Ref id="CL_{id}"/></s:Enumeration></s:LocalRepresentation>'
        "</s:Dimension>"
    )


STRUCTURE = (
    f'<m:Structure xmlns:m="{NAMESPACE}/message" '
    f'xmlns:s="{NAMESPACE}/structure" xmlns:c="{NAMESPACE}/common">'
    '<m:Structures><s:Codelists><s:Codelist id="CL_SERIES">'
    + code_of("AB", "1.1.1", "1.1.1 Poverty", en="Poor people", ru="Бедные")
    + code_of("CD", "1.2.1", "Poverty, national", en="Nationally poor", ru="Бедные в стране")
    + '</s:Codelist><s:Codelist id="CL_SEX"><s:Code id="_T"><c:Name xml:lang="en">Both</c:Name></s:Code>'
    '<s:Code id="F"><c:Name xml:lang="en">Female</c:Name><c:Name xml:lang="ru">Женщины</c:Name></s:Code>'
    '</s:Codelist></s:Codelists><s:Concepts><s:ConceptScheme id="X">'
    '<s:Concept id="SEX"><c:Name xml:lang="en">Sex</c:Name></s:Concept>'
    '<s:Concept id="SERIES"><c:Name xml:lang="en">Series</c:Name></s:Concept></s:ConceptScheme></s:Concepts>'
    '<s:DataStructures><s:DataStructure id="SDG"><s:DataStructureComponents><s:DimensionList>'
    + dimension("SERIES")
    + dimension("SEX")
    + '</s:DimensionList><s:AttributeList><s:Attribute id="UNIT_MEASURE"/></s:AttributeList>'
    "</s:DataStructureComponents></s:DataStructure></s:DataStructures></m:Structures></m:Structure>"
)


def platform_of(folder: Path, options: str, structure: str | None = STRUCTURE, **files: str):
    (folder / "data").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "data" / f"{name}.xml").write_text(text, encoding="utf-8")
    if structure:
        (folder / "dsd.xml").write_text(structure, encoding="utf-8")
    if options:
        (folder / "config_data.yml").write_text(
            "inputs:\n  - class: InputSdmxMl_Multiple\n    path_pattern: data/*.xml\n" + options,
            encoding="utf-8",
        )
    return open_platform(folder)


def shown(table) -> list[str]:
    return [",".join(row) for row in (table.columns, *table.rows)]


KEEP = "    dsd: dsd.xml\n    import_codes: true\n    drop_singleton_dimensions: false\n"
TWO = specific(
    series("AB", ("2020", "5"), ("2021", "6"), SEX="_T"),
    series("AB", ("2020", "7"), SEX="F"),
    series("CD", ("2020", "8"), SEX="_T"),
)


def test_series_go_to_the_indicators_that_they_are_annotated_with(tmp_path):
    platform = platform_of(tmp_path, KEEP, all=TWO)
    assert platform.codes == ("1-1-1", "1-2-1")
    assert shown(platform.table("1-1-1")) == [
        "Year,SERIES,FREQ,SEX,Value",
        "2020,AB,A,,5",
        "2021,AB,A,,6",
        "2020,AB,A,F,7",
    ]
    assert platform.name("1-1-1") == "Poverty"


def test_rows_keep_the_lines_of_their_observations(tmp_path):
    table = platform_of(tmp_path, KEEP, all=TWO).table("1-1-1")
    lines = TWO.splitlines()
    assert all(f'OBS_VALUE="{row[-1]}"' in lines[table.line(n) - 1] for n, row in enumerate(table.rows))


def test_columns_that_are_the_same_everywhere_are_dropped_by_default(tmp_path):
    platform = platform_of(tmp_path, "    dsd: dsd.xml\n    import_codes: true\n", all=TWO)
    assert platform.table("1-1-1").columns == ("Year", "SEX", "Value")


def test_names_stand_for_codes_unless_codes_are_asked_for(tmp_path):
    options = "    dsd: dsd.xml\n    drop_singleton_dimensions: false\n    drop_dimensions: [FREQ]\n"
    assert shown(platform_of(tmp_path, options, all=TWO).table("1-1-1"))[::3] == [
        "Year,Series,Sex,Value",
        "2020,Poor people,Female,7",
    ]


def test_the_dimension_map_renames_columns_and_cells(tmp_path):
    options = KEEP + "    dimension_map:\n      SEX: Gender\n      'SEX|F': Women\n      'FREQ|A': ''\n"
    assert shown(platform_of(tmp_path, options, all=TWO).table("1-1-1"))[::3] == [
        "Year,SERIES,FREQ,Gender,Value",
        "2020,AB,,Women,7",
    ]


def test_a_single_dropped_dimension_may_be_written_without_a_list(tmp_path):
    assert (
        "FREQ"
        not in platform_of(tmp_path, KEEP + "    drop_dimensions: FREQ\n", all=TWO).table("1-1-1").columns
    )


def test_the_configuration_can_say_the_indicator_of_a_series(tmp_path):
    platform = platform_of(tmp_path, KEEP + "    indicator_id_map: {AB: ['4.4.4', '5.5.5']}\n", all=TWO)
    assert platform.codes == ("1-2-1", "4-4-4", "5-5-5")
    assert platform.table("4-4-4").rows == platform.table("5-5-5").rows


def test_the_path_to_the_indicator_can_be_another(tmp_path):
    structure = STRUCTURE.replace(">Poor people<", ">9.9.9 Poor people<")
    platform = platform_of(tmp_path, KEEP + '    indicator_id_xpath: ".//Name"\n', structure, all=TWO)
    assert "9-9-9" in platform.codes


def test_a_series_of_no_indicator_is_not_published_and_a_person_is_told(tmp_path):
    platform = platform_of(tmp_path, KEEP, all=specific(series("ZZ", ("2020", "1"), ("2021", "2"))))
    assert platform.codes == ()
    (fault,) = [problem for problem in platform.problems if problem.code == "series-without-indicator"]
    assert fault.details == {"series": "ZZ", "count": 2}


def test_the_last_of_several_files_is_published_whatever_the_order_of_the_folder(tmp_path):
    files = {name: specific(series("AB", *rows, SEX="_T")) for name, rows in (
        ("b", [("2022", "1")]), ("a", [("2020", "1"), ("2024", "2")]),
    )}  # fmt: skip
    platform = platform_of(tmp_path, KEEP, **files)
    assert [row[0] for row in platform.table("1-1-1").rows] == ["2022"]
    (fault,) = [problem for problem in platform.problems if problem.code == "several-files"]
    assert (fault.details["files"], fault.details["used"]) == ("data/a.xml, data/b.xml", "data/b.xml")
    assert len(platform.sources("1-1-1")) == 2


def test_generic_data_are_read_like_structure_specific_data(tmp_path):
    platform = platform_of(tmp_path, KEEP, all=generic("AB", "F", ("2020", "5")))
    assert shown(platform.table("1-1-1")) == [
        "Year,OBS_STATUS,SERIES,SEX,UNIT_MEASURE,Value",
        "2020,A,AB,F,PT,5",
    ]


def test_attributes_can_be_left_out(tmp_path):
    options = KEEP + "    import_observation_attributes: false\n    import_series_attributes: false\n"
    platform = platform_of(tmp_path, options, all=generic("AB", "F", ("2020", "5")))
    assert platform.table("1-1-1").columns == ("Year", "SERIES", "SEX", "Value")


def test_observations_outside_a_series_are_read(tmp_path):
    flat = specific('<Obs SERIES="AB" SEX="F" TIME_PERIOD="2020" OBS_VALUE="5"/>')
    assert shown(platform_of(tmp_path, KEEP, all=flat).table("1-1-1")) == [
        "Year,SERIES,SEX,Value",
        "2020,AB,F,5",
    ]


def test_an_observation_without_value_is_blank(tmp_path):
    file = specific('<Series SERIES="AB"><Obs TIME_PERIOD="2020"/></Series>')
    assert shown(platform_of(tmp_path, KEEP, all=file).table("1-1-1")) == ["Year,SERIES,Value", "2020,AB,"]


def test_codes_stay_text_even_if_they_look_like_numbers(tmp_path):
    platform = platform_of(tmp_path, KEEP, all=specific(series("AB", ("2020", "5"), SEX="01")))
    assert platform.text_columns("1-1-1") == frozenset({"Year", "SERIES", "FREQ", "SEX"})


def test_a_remote_definition_is_replaced_by_its_local_copy(tmp_path):
    options = "    dsd: https://raw.githubusercontent.com/x/y/develop/dsd.xml\n    import_codes: true\n"
    platform = platform_of(tmp_path, options, all=TWO)
    assert platform.codes == ("1-1-1", "1-2-1")
    assert not [problem for problem in platform.problems if problem.code == "structure-elsewhere"]
    assert tmp_path / "dsd.xml" in platform.shared_sources()


def test_without_any_definition_the_file_names_say_the_indicators(tmp_path):
    platform = platform_of(tmp_path, "    dsd: https://example.org/all\n", None, **{"8.8.1": TWO})
    assert platform.codes == ("8-8-1",)
    assert len(platform.table("8-8-1").rows) == 4
    assert "structure-elsewhere" in [problem.code for problem in platform.problems]


def test_a_broken_file_is_a_fault_and_the_others_are_read(tmp_path):
    platform = platform_of(tmp_path, KEEP, all=TWO, broken=TWO[:300], other="<html></html>")
    assert platform.codes == ("1-1-1", "1-2-1")
    assert {problem.origin.file for problem in platform.problems if "data/" in problem.origin.file} == {
        "data/broken.xml",
        "data/other.xml",
    }


def test_entities_are_refused(tmp_path):
    text = TWO.replace("<m:Str", '<!DOCTYPE x [<!ENTITY e "boom">]>\n<m:Str', 1)
    platform = platform_of(tmp_path, KEEP, all=text)
    assert platform.codes == ()
    assert "xml-doctype" in [problem.code for problem in platform.problems]


# A folder of SDMX files and nothing else


BARE = {
    "8.8.1": specific(
        series("AB", ("2020", "5"), SEX="_T", REF_AREA="KG"),
        series("AB", ("2020", "6"), SEX="F", REF_AREA="KG"),
        series("AB", ("2020", "7"), SEX="_T", REF_AREA="KG02"),
    ),
    "9.9.9": specific(series("ZZ", ("2020", "8"), SEX="_T", REF_AREA="417")),
}


def test_a_bare_folder_goes_by_annotations_then_by_file_names(tmp_path):
    assert platform_of(tmp_path, "", **BARE).codes == ("1-1-1", "9-9-9")


def test_a_bare_folder_has_a_headline_for_the_country(tmp_path):
    platform = platform_of(tmp_path, "", **BARE)
    columns = platform.options["indicator_options"]["non_disaggregation_columns"]
    assert shown(derive.headline(platform.table("1-1-1"), columns)) == ["Year,Value", "2020,5"]


def test_a_bare_folder_of_several_countries_keeps_their_codes(tmp_path):
    file = specific(series("AB", ("2020", "5"), REF_AREA="KG"), series("AB", ("2020", "6"), REF_AREA="KZ"))
    assert [row[1] for row in platform_of(tmp_path, "", all=file).table("1-1-1").rows] == ["KG", "KZ"]


def test_a_bare_folder_speaks_the_languages_of_its_definition(tmp_path):
    platform = platform_of(tmp_path, "", **BARE)
    assert platform.languages == ("en", "ru")
    assert platform.translations["ru"]["SEX"] == {"F": "Женщины"}
    assert platform.translations["en"]["SEX"] == {"SEX": "Sex", "_T": "Both", "F": "Female"}


def test_the_folder_as_it_stands_has_every_observation_and_the_structure(tmp_path):
    platform_of(tmp_path, "", **BARE)
    dataset = read(tmp_path)
    assert dataset.count() == 4
    assert [table.code for table in dataset.tables] == ["8.8.1", "9.9.9"]
    assert dataset.structure is not None
    assert dataset.languages == ("en", "ru")


@pytest.mark.parametrize(
    "damage", ["dimension_map: []", "drop_dimensions: 7", "indicator_id_map: x", "indicator_id_xpath: ']['"]
)
def test_odd_options_do_not_stop_the_reading(tmp_path, damage):
    platform = platform_of(tmp_path, KEEP + f"    {damage}\n", all=TWO)
    assert all(platform.table(code).columns[0] == "Year" for code in platform.codes)
