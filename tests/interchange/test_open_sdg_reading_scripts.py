"""What build scripts say is read from their text; what they change is followed, or said to be missing."""

from pathlib import Path

import pytest

from milepost.interchange.open_sdg import open_platform

BUILD = "from sdg.open_sdg import open_sdg_build\n{}\nopen_sdg_build(config='config_data.yml', {})\n"
INPUTS = (
    "inputs:\n  - class: InputCsvData\n    path_pattern: data/*.csv\n"
    "  - class: InputYamlMeta\n    path_pattern: meta/*.yml\n"
)
DATA = "Year,SERIES,REF_AREA,Value\n2015,A,,1\n2015,A,KZ1,2\n"


def platform_of(folder: Path, script: str, data: str = DATA, **files: str):
    own = {"config_data.yml": INPUTS, "scripts/build_data.py": script, "data/indicator_1-1-1.csv": data}
    own |= {"meta/1-1-1.yml": "indicator_number: '1.1.1'\nactive: 'yes'\n"}
    for name, text in {
        **own,
        **{name.replace("__", "/") + ".py": text for name, text in files.items()},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return open_platform(folder)


def of_data(folder: Path, body: str, data: str = DATA) -> list[str]:
    platform = platform_of(
        folder, BUILD.format(f"def alter_data(df):\n{body}\n", "alter_data=alter_data"), data
    )
    assert "script-followed" in [problem.code for problem in platform.problems]
    table = platform.table("1-1-1")
    return [",".join(row) for row in (table.columns, *table.rows)]


def kinds(platform) -> list[str]:
    return [problem.code for problem in platform.problems if problem.code.startswith("script")]


def test_a_column_is_copied(tmp_path):
    assert of_data(tmp_path, "  if 'REF_AREA' in df:\n    df['GeoCode']=df['REF_AREA']\n  return df") == [
        "Year,SERIES,REF_AREA,GeoCode,Value",
        "2015,A,,,1",
        "2015,A,KZ1,KZ1,2",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "del df['SERIES']",
        "df = df.drop('SERIES', axis='columns')",
        "df = df.drop(['SERIES'], axis=1)",
        "df.drop(columns=['SERIES'], inplace=True)",
        "df = df.drop(columns=['SERIES', 'no such'], errors='ignore')",
    ],
)
def test_a_column_is_dropped(tmp_path, change):
    assert of_data(tmp_path, f"  {change}\n  return df")[0] == "Year,REF_AREA,Value"


def test_columns_are_renamed_and_cells_replaced(tmp_path):
    body = (
        "  df.rename(columns={'REF_AREA': 'Region'}, inplace=True)\n"
        "  df['Region'] = df['Region'].replace('KZ1', np.nan)\n"
        "  df['SERIES'] = df['SERIES'].replace({'A': 'B'}).str.lower()\n"
        "  df['Source'] = 'office'\n  return df"
    )
    assert of_data(tmp_path, body) == [
        "Year,SERIES,Region,Source,Value",
        "2015,b,,office,1",
        "2015,b,,office,2",
    ]


def test_metadata_are_set_from_other_metadata(tmp_path):
    body = (
        "PREFIX = 'global_targets.'\n"
        "def alter_meta(meta):\n"
        "    # comments are fine\n"
        "    if 'indicator_number' in meta:\n"
        "        parts = meta['indicator_number'].split('.')\n"
        "        meta['goal_number'] = parts[0]\n"
        "        meta['target_name'] = PREFIX + parts[0] + '-' + parts[1] + '-title'\n"
        "        meta['is_global'] = len(parts) == 3 and not meta.get('standalone')\n"
        "    for i in range(1, 3):\n"
        "        meta['source_' + str(i)] = f'{i}' if i > 1 else 'first'\n"
        "    del meta['active']\n"
        "    return meta\n"
    )
    assert platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta")).metadata("1-1-1") == {
        "indicator_number": "1.1.1",
        "goal_number": "1",
        "target_name": "global_targets.1-1-title",
        "is_global": True,
        "source_1": "first",
        "source_2": "2",
    }


def test_a_function_from_a_neighbouring_script_is_followed(tmp_path):
    script = BUILD.format("from changes import alter_meta", "alter_meta=alter_meta")
    changes = "def alter_meta(meta):\n    meta['new'] = True\n    return meta\n"
    platform = platform_of(tmp_path, script, scripts__changes=changes)
    assert platform.metadata("1-1-1")["new"] is True
    assert tmp_path / "scripts/changes.py" in platform.shared_sources()


def test_a_function_is_told_which_indicator_it_is_about(tmp_path):
    body = (
        "def alter_data(df, context):\n"
        "    if context['indicator_id'] == '1-1-1' and not context['meta']:\n"
        "        df['REF_AREA'].replace({'KZ1': ''}, inplace=True)\n"
        "    return df.assign(Source='office')\n"
        "def alter_meta(meta, context):\n"
        "    print(context['indicator_id'])\n"
        "    meta['code'] = context['indicator_id'] + ' ' + str(context['indicator_name'])\n"
        "    return meta\n"
    )
    platform = platform_of(tmp_path, BUILD.format(body, "alter_data=alter_data, alter_meta=alter_meta"))
    table = platform.table("1-1-1")
    assert table.columns == ("Year", "SERIES", "REF_AREA", "Source", "Value")
    assert [row[2:4] for row in table.rows] == [("", "office"), ("", "office")]
    assert platform.metadata("1-1-1")["code"] == "1-1-1 None"
    assert kinds(platform) == ["script-followed"]


@pytest.mark.parametrize(
    "body", ["if context['data'] is None:\n        return meta", "x = context", "x = context.get('data')"]
)
def test_a_function_that_asks_for_more_of_its_context_is_not_followed(tmp_path, body):
    script = BUILD.format(
        f"def alter_meta(meta, context):\n    {body}\n    return meta\n", "alter_meta=alter_meta"
    )
    assert kinds(platform_of(tmp_path, script)) == ["script-not-followed"]


def test_other_functions_of_the_script_are_called(tmp_path):
    body = (
        "def cleaned(text, mark):\n    if isinstance(text, str):\n"
        "        return text.replace(mark, '&#39;')\n    return text\n"
        "def alter_meta(meta):\n    mark = 'e'\n"
        "    for key in meta:\n        meta[key] = cleaned(meta[key], mark)\n    return meta\n"
    )
    platform = platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta"))
    assert platform.metadata("1-1-1") == {"indicator_number": "1.1.1", "active": "y&#39;s"}


@pytest.mark.parametrize(
    "helper", ["def f(x):\n    return f(x)", "def f(x):\n    return open(x)", "def f(*x):\n    return x"]
)
def test_a_function_that_calls_one_not_understood_is_not_followed(tmp_path, helper):
    body = f"{helper}\ndef alter_meta(meta):\n    meta['x'] = f('a')\n    return meta\n"
    platform = platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta"))
    assert kinds(platform) == ["script-not-followed"]


def test_an_indicator_with_data_alone_gets_the_metadata_that_a_function_sets(tmp_path):
    body = "def alter_meta(meta):\n    meta['national_geographical_coverage'] = 'meta.KZ'\n    return meta\n"
    platform = platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta"))
    (tmp_path / "data/indicator_1-2-1.csv").write_text("Year,Value\n2020,1\n")
    platform = open_platform(tmp_path)
    assert platform.metadata("1-2-1") == {"national_geographical_coverage": "meta.KZ"}
    assert next(iter(platform.metadata("1-1-1"))) == "national_geographical_coverage"


def test_a_function_written_for_metadata_alone_leaves_data_without(tmp_path):
    body = "def alter_meta(meta):\n    meta['goal'] = meta['indicator_number'][:1]\n    return meta\n"
    platform = platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta"))
    (tmp_path / "data/indicator_1-2-1.csv").write_text("Year,Value\n2020,1\n")
    platform = open_platform(tmp_path)
    assert platform.metadata("1-2-1") == {} and platform.problems_of("1-2-1") == ()
    assert platform.metadata("1-1-1")["goal"] == "1"


def test_the_name_of_an_indicator_is_the_one_before_a_function_changes_it(tmp_path):
    body = "def alter_meta(meta):\n    meta['indicator_name'] = 'new'\n    return meta\n"
    platform = platform_of(tmp_path, BUILD.format(body, "alter_meta=alter_meta"))
    assert platform.metadata("1-1-1")["indicator_name"] == "new"
    assert platform.name("1-1-1") is None


def test_a_change_of_codes_is_said_not_to_be_followed(tmp_path):
    body = "def f(code):\n    return code + 'x'\n"
    assert kinds(platform_of(tmp_path, BUILD.format(body, "alter_indicator_id=f"))) == ["script-not-followed"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            "import sdg.ProgressMeasure\nsdg.ProgressMeasure.SeriesProgress = Own",
            "ProgressMeasure.SeriesProgress",
        ),
        ("from sdg.Indicator import Indicator\nIndicator.translate = own", "Indicator.translate"),
        ("import sdg\nfor a in ():\n    sdg.git.get_git_update = a", "sdg.git.get_git_update"),
    ],
)
def test_what_takes_the_place_of_the_platforms_own_functions_is_said_to_be_missing(tmp_path, body, name):
    platform = platform_of(tmp_path, BUILD.format(f"{body}\nself = body\nself.a = 1\n", ""))
    (problem,) = [each for each in platform.problems if each.code == "script-not-followed"]
    assert problem.details["names"].endswith(name)


def test_the_last_call_of_the_build_counts(tmp_path):
    body = (
        "def alter_meta(meta):\n    meta['new'] = True\n    return meta\n"
        "open_sdg_build(config='config_data.yml', alter_meta=alter_meta)\n"
    )
    platform = platform_of(tmp_path, BUILD.format(body, ""))
    assert "new" not in platform.metadata("1-1-1")
    assert kinds(platform) == []


@pytest.mark.parametrize(
    "body",
    [
        "    import os\n    os.system('echo')\n    return meta",
        "    meta['x'] = open('/etc/passwd').read()\n    return meta",
        "    meta['x'] = meta.__class__.__mro__\n    return meta",
        "    while True:\n        pass",
        "    meta['x'] = [i for i in range(3)]\n    return meta",
        "    meta['x'] = 'a' * 1000000000\n    return meta",
        "    meta['x'] = tier_table[meta['indicator_number']]\n    return meta",
    ],
)
def test_what_is_not_understood_is_not_followed_at_all_and_said(tmp_path, body):
    script = BUILD.format(f"def alter_meta(meta):\n    meta['new'] = 1\n{body}\n", "alter_meta=alter_meta")
    platform = platform_of(tmp_path, script)
    assert platform.metadata("1-1-1") == {"indicator_number": "1.1.1", "active": "yes"}
    assert kinds(platform) == ["script-not-followed"]


@pytest.mark.parametrize(
    "body",
    [
        "    meta['x'] = meta['no such field']",
        "    s = 'a'\n    for i in range(20000):\n        s = s + s",
        "    s = 'aaaaaaaaaa'\n    for i in range(100):\n        s = s.replace('a', s)",
        "    for i in range(10000):\n        for j in range(10000):\n            meta['x'] = j",
        "    for i in range(100000000):\n        meta['x'] = i",
        "    s = 'a'\n    for i in range(100):\n        s = f'{s}{s}'",
    ],
)
def test_a_function_that_fails_or_grows_without_end_changes_nothing(tmp_path, body):
    script = BUILD.format(
        f"def alter_meta(meta):\n    meta['new'] = 1\n{body}\n    return meta\n", "alter_meta=alter_meta"
    )
    platform = platform_of(tmp_path, script)
    assert platform.metadata("1-1-1") == {"indicator_number": "1.1.1", "active": "yes"}
    assert [problem.code for problem in platform.problems_of("1-1-1")] == ["script-fails"]


def test_a_script_with_a_fault_in_its_syntax_still_names_the_configuration(tmp_path):
    script = "import sdg\nsdg.open_sdg_build(config='config_data.yml', alter_data=f)\n  bad indent\n"
    platform = platform_of(tmp_path, script)
    assert platform.codes == ("1-1-1",)
    assert kinds(platform) == ["script-not-followed"]


OLD = """
import os
import sdg
import glob
dimension_map = {'UNIT_MEASURE': 'Units', 'REF_AREA|KG': ''}
dsd = os.path.join('dsd.xml')
inputs = []
for sdmx_file in glob.glob(os.path.join('data/', '*.xml')):
    if kind(sdmx_file) == 'StructureSpecificData':
        data_input = sdg.inputs.InputSdmxMl_StructureSpecific(
            source=sdmx_file, dimension_map=dimension_map, dsd=dsd
        )
    inputs.append(data_input)
data_pattern = os.path.join('data', '*-*.csv')
inputs.append(sdg.inputs.InputCsvData(path_pattern=data_pattern))
meta_pattern = os.path.join('indicators', '*-*.yml')
inputs.append(sdg.inputs.InputYamlMeta(path_pattern=meta_pattern, git=False))
schema = sdg.schemas.SchemaInputOpenSdg(schema_path=os.path.join('fields.yml'))
translations = [sdg.translations.TranslationInputYaml(source='words')]
reporting_status_extra_fields = ['organization']
output = sdg.outputs.OutputOpenSdg(inputs, schema, translations=translations)
output.execute_per_language(['en', 'ru'])
"""


def test_inputs_of_the_old_layout_are_taken_from_the_script(tmp_path):
    files = {
        "scripts/output.py": OLD,
        "data/1-1-1.csv": "Year,Value\n2020,1\n",
        "indicators/1-1-1.yml": "a: 1\n",
        "words/en/data.yml": "x: y\n",
        "fields.yml": "prose:\n  metadata:\n    meta:\n      - name: a\n        field: {element: text}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    platform = open_platform(tmp_path)
    assert [source.kind for source in platform.inputs] == [
        "InputSdmxMl_Multiple",
        "InputCsvData",
        "InputYamlMeta",
    ]
    assert platform.inputs[0].options["dimension_map"] == {"UNIT_MEASURE": "Units", "REF_AREA|KG": ""}
    assert platform.languages == ("en", "ru")
    assert platform.metadata("1-1-1") == {"a": 1}
    assert platform.translations == {"en": {"data": {"x": "y"}}}
    assert platform.schema == [{"name": "a", "field": {"element": "text"}}]
    assert platform.options["reporting_status_extra_fields"] == ["organization"]
    assert kinds(platform) == []
    assert "configuration-in-script" in [problem.code for problem in platform.problems]
