"""IATI files are judged by schema, code lists and rules; every fault with its place."""

from datetime import date

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.catalogue import iati as standard
from milepost.errors import KINDS, describe
from milepost.interchange import iati
from milepost.interchange.iati import rules, schema
from tests.interchange.iati.samples import ACTIVITIES, OLD, ORGANISATIONS, spoilt

TODAY = date(2024, 6, 1)


def judged(tmp_path, text, name="file.xml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    problems = iati.check(path, today=TODAY)
    for problem in problems:
        assert describe(problem)  # every sentence finds its particulars
    return problems


def faults(tmp_path, text):
    return [each for each in judged(tmp_path, text) if KINDS[each.code].gravity != "note"]


@pytest.mark.parametrize("text", [ACTIVITIES, ORGANISATIONS, OLD])
def test_a_file_without_a_fault_has_none(tmp_path, text):
    assert faults(tmp_path, text) == []


def test_rules_that_need_the_registry_are_said_once_to_be_skipped(tmp_path):
    (note,) = judged(tmp_path, ACTIVITIES)
    assert note.code == "iati-rules-skipped"
    assert "1.14.8" in note.details["rules"]


BUDGET = '<period-end iso-date="2022-12-31"/>\n   <value value-date="2022-01-01">'
# what is changed (before, after), the fault, the rule, the path
ONE_FAULT = {
    "no start": (
        [('<activity-date type="1" iso-date="2022-01-01"/>', ""), ('type="2" iso', 'type="3" iso')],
        "iati-no-start", "6.11.1", "iati-activity",
    ),
    "start after end": (
        [('type="1" iso-date="2022-01-01"', 'type="1" iso-date="2024-01-01"')],
        "iati-date-order", "11.1.2", "activity-date[1]/@iso-date",
    ),
    "actual start to come": (
        [('type="2" iso-date="2022-02-01"', 'type="2" iso-date="2025-02-01"')],
        "iati-future", "11.1.4", "activity-date[2]/@iso-date",
    ),
    "updated to come": (
        [('last-updated-datetime="2024', 'last-updated-datetime="2034')],
        "iati-future", "11.1.1", "iati-activity/@last-updated-datetime",
    ),
    "transaction to come": (
        [('transaction-date iso-date="2022', 'transaction-date iso-date="2032')],
        "iati-future", "11.2.1", "transaction/transaction-date/@iso-date",
    ),
    "countries beyond 100": (
        [('percentage="60"', 'percentage="61"')], "iati-sum", "3.1.2", "recipient-country[1]/@percentage",
    ),
    "sectors below 100": (
        [('percentage="70"', 'percentage="60.5"')], "iati-sum", "2.1.2", "sector[1]/@percentage",
    ),
    "only country of less than 100": (
        [('<recipient-country code="KE" percentage="40"/>', "")],
        "iati-single-percentage", "3.1.4", "recipient-country",
    ),
    "no country": (
        [('<recipient-country code="SO" percentage="60"/>', ""),
         ('<recipient-country code="KE" percentage="40"/>', "")],
        "iati-no-place", "3.7.1", "iati-activity",
    ),
    "own sector without words": (
        [("<narrative>Displaced persons</narrative>", "")], "iati-sector-unnamed", "2.2.1", "sector[3]",
    ),
    "no language": (
        [(' xml:lang="en" default', " default")], "iati-no-language", "4.1.1", "reporting-org/narrative",
    ),
    "no currency": (
        [(' default-currency="USD"', "")], "iati-no-currency", "7.8.1", "budget/value",
    ),
    "blank before the identifier": (
        [("<iati-identifier>", "<iati-identifier> ")], "iati-spaces", "1.3.1", "iati-identifier",
    ),
    "identifier of another": (
        [("<iati-identifier>XM", "<iati-identifier>XX")],
        "iati-identifier-prefix", "1.1.21", "iati-identifier",
    ),
    "budget of two years": (
        [(BUDGET, BUDGET.replace("2022-12", "2023-12"))],
        "iati-budget-too-long", "7.5.3", "budget/period-end/@iso-date",
    ),
    "marker without significance": (
        [(' significance="1"', "")], "iati-marker-significance", "6.14.1", "policy-marker[1]",
    ),
    "own marker without words": (
        [("<narrative>Gender mainstreamed</narrative>", "")],
        "iati-marker-unnamed", "6.13.1", "policy-marker[2]",
    ),
    "nameless organisation": (
        [('<provider-org ref="XX-GOV-1"/>', "<provider-org/>")],
        "iati-organisation-unnamed", "6.9.1", "transaction/provider-org",
    ),
    "two aid types": (
        [("<default-aid-type", '<default-aid-type code="A01"/><default-aid-type')],
        "iati-aid-type-twice", "107.1.2", "default-aid-type[1]",
    ),
    "no target value": (
        [('<target value="100"/>', "<target/>")],
        "iati-no-value", "8.9.1", "result/indicator[1]/period/target",
    ),
    "words as a value": (
        [('<target value="100"/>', '<target value="many"/>')],
        "iati-value-no-number", "8.9.2", "result/indicator[1]/period/target/@value",
    ),
    "value of a qualitative indicator": (
        [("<actual><comment>", '<actual value="4"><comment>')],
        "iati-value-of-qualitative", "8.10.3", "result/indicator[2]/period/actual/@value",
    ),
    "two references": (
        [("<indicator ", '<reference vocabulary="99" code="1" vocabulary-uri="https://x.org"/><indicator ')],
        "iati-reference-twice", "8.11.1", "result/indicator[1]/reference",
    ),
    "empty title": (
        [("<narrative>Evaluation</narrative>", "<narrative/>")],
        "iati-no-narrative", "4.3.1", "document-link/title",
    ),
    "sector also for a transaction": (
        [('<provider-org ref="XX-GOV-1"/>', '<provider-org ref="XX-GOV-1"/><sector code="15190"/>')],
        "iati-sector-twice", "6.6.2", "iati-activity",
    ),
    "unknown code": (
        [('role="1"', 'role="7"')], "iati-code", None, "participating-org[1]/@role",
    ),
    "blank code": (
        [('role="1"', 'role=""')], "iati-code", None, "participating-org[1]/@role",
    ),
    "code of another vocabulary": (
        [('vocabulary="1" code="15190"', 'vocabulary="1" code="DP"')], "iati-code", None, "sector[1]/@code",
    ),
    "code of a list that is open": (
        [('code="SO"', 'code="QQ"')], "iati-code-unlisted", None, "recipient-country[1]/@code",
    ),
    "unknown language": (
        [('xml:lang="fr"', 'xml:lang="french"')], "iati-code-unlisted", None, "title/narrative[2]/@xml:lang",
    ),
    "ending for a media type": (
        [('format="application/pdf"', 'format="pdf"')], "iati-code", None, "document-link/@format",
    ),
    "wrong order": (
        [('<activity-status code="2"/>', ""), ("<sector ", '<activity-status code="2"/><sector ')],
        "iati-element-unexpected", None, "activity-date[1]",
    ),
    "no status code": (
        [('<activity-status code="2"/>', "<activity-status/>")],
        "iati-attribute-missing", None, "activity-status",
    ),
    "attribute of nobody": (
        [("<activity-status ", '<activity-status colour="red" ')],
        "iati-attribute-unknown", None, "activity-status",
    ),
    "no date": (
        [('iso-date="2023-06-01"', 'iso-date="June 2023"')],
        "iati-value-type", None, "document-link/document-date/@iso-date",
    ),
    "no amount": ([(">250.50<", ">much<")], "iati-value-type", None, "transaction/value"),
    "text in between": (
        [('<activity-status code="2"/>', '<activity-status code="2">Running</activity-status>')],
        "iati-text-unexpected", None, "activity-status",
    ),
    "no such version": (
        [('version="2.03"', 'version="2.3"')], "iati-code", None, "iati-activities/@version",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_FAULT)
def test_one_fault_is_found_and_nothing_else(tmp_path, name):
    changes, code, rule, path = ONE_FAULT[name]
    (found,) = faults(tmp_path, spoilt(ACTIVITIES, *changes))
    assert (found.code, found.details.get("rule"), found.details["path"]) == (code, rule, path)


def test_a_fault_says_line_and_activity(tmp_path):
    (found,) = faults(tmp_path, spoilt(ACTIVITIES, ('code="SO"', 'code="QQ"')))
    assert found.origin.row == ACTIVITIES[: ACTIVITIES.index('code="SO"')].count("\n") + 1
    assert found.details["activity"] == "XM-DAC-90001-P1"


def test_an_activity_without_identifier_is_named_by_its_place(tmp_path):
    text = spoilt(ACTIVITIES, ("XM-DAC-90001-P1", ""), ('code="SO"', 'code="QQ"'))
    assert {each.details["activity"] for each in faults(tmp_path, text)} == {"#1"}


def test_the_line_is_right_beyond_what_the_parser_counts(tmp_path):
    text = spoilt(
        ACTIVITIES, (" <iati-activity", "\n" * 70_000 + " <iati-activity"), ('code="SO"', 'code="QQ"')
    )
    (found,) = faults(tmp_path, text)
    assert found.origin.row == text[: text.index('code="QQ"')].count("\n") + 1


def test_all_faults_are_found_at_once(tmp_path):
    every = [changes for changes, code, *_ in ONE_FAULT.values() if code.startswith("iati-code")][:2]
    text = spoilt(ACTIVITIES, *every[0], ('code="72010"', 'code="7"'), (">250.50<", "><"))
    assert {each.code for each in faults(tmp_path, text)} == {"iati-code", "iati-value-type"}


def test_what_follows_an_element_in_the_wrong_place_is_judged_too(tmp_path):
    text = spoilt(
        ACTIVITIES, ("<tag ", "<foo/><bar/><tag "), ("<activity-status ", '<activity-status x="" '),
        ("<budget ", '<budget x="" '), ('<target value="100"/>', '<target value="100"><x/></target>'),
    )  # fmt: skip
    found = [(each.details["path"], each.code) for each in faults(tmp_path, text)]
    assert found == [
        ("activity-status", "iati-attribute-unknown"),
        ("foo", "iati-element-unexpected"),
        ("bar", "iati-element-unexpected"),
        ("budget", "iati-attribute-unknown"),
        ("result/indicator[1]/period/target/x", "iati-element-unexpected"),
    ]


def test_an_unknown_element_does_not_hide_that_another_is_missing(tmp_path):
    text = spoilt(
        ACTIVITIES, ('<activity-status code="2"/>', ""), ("<other-identifier", "<foo/><other-identifier")
    )
    found = [(each.details["path"], each.details["expected"]) for each in faults(tmp_path, text)]
    assert [path for path, _ in found] == ["foo", "activity-date[1]"]
    assert "activity-status" in found[1][1]


def test_a_percentage_must_be_from_0_to_100(tmp_path):
    text = spoilt(
        ACTIVITIES, ('percentage="60"', 'percentage="160"'), ('percentage="40"', 'percentage="-60"')
    )
    found = faults(tmp_path, text)
    assert [(each.code, each.details["value"]) for each in found] == [
        ("iati-percentage-range", "160"), ("iati-percentage-range", "-60"),
    ]  # fmt: skip


def test_sectors_of_each_vocabulary_add_up_to_100(tmp_path):
    more = '<sector vocabulary="99" code="RR" percentage="30"><narrative>Return</narrative></sector>'
    text = spoilt(ACTIVITIES, ('vocabulary="99" code="DP"', 'vocabulary="99" code="DP" percentage="60"'))
    (found,) = faults(tmp_path, spoilt(text, ("<tag", more + "<tag")))
    assert (found.code, found.details["sum"]) == ("iati-sum", "90")


def test_elements_of_a_publishers_own_namespace_are_left_alone(tmp_path):
    own = '<activity-status code="2"><x:y xmlns:x="urn:x" z="1"><x:w/></x:y></activity-status>'
    assert faults(tmp_path, spoilt(ACTIVITIES, ('<activity-status code="2"/>', own))) == []
    inside = own.replace("<x:w/>", "<narrative>Words</narrative><budget/>")
    found = faults(tmp_path, spoilt(ACTIVITIES, ('<activity-status code="2"/>', inside)))
    assert {each.origin.row for each in found} == {11}


def test_an_identifier_is_that_of_one_activity(tmp_path):
    start, end = ACTIVITIES.index(" <iati-activity"), ACTIVITIES.index("</iati-activities>")
    text = ACTIVITIES[:end] + ACTIVITIES[start:end] + ACTIVITIES[end:]
    (found,) = faults(tmp_path, text)
    assert (found.code, found.details["first"]) == ("iati-identifier-twice", 3)


def test_a_line_of_an_organisations_budget_lies_within_it(tmp_path):
    text = spoilt(ORGANISATIONS, ('value-date="2022-02-01"', 'value-date="2023-02-01"'))
    (found,) = faults(tmp_path, text)
    assert (found.code, found.details["rule"]) == ("iati-line-outside-budget", "11.3.1")


def test_each_version_is_judged_by_its_own_schema(tmp_path):
    """2.03 brought tags, vocabularies of aid types, days of baselines, and several actuals of a period."""
    text = spoilt(ACTIVITIES, ('version="2.03"', 'version="2.02"'))
    found = {(each.details["path"], each.details.get("attribute")) for each in faults(tmp_path, text)}
    assert found == {
        ("tag", None),
        ("default-aid-type", "vocabulary"),
        ("result/indicator[1]/baseline", "iso-date"),
        ("result/indicator[1]/period/actual[2]", None),
        ("result/indicator[2]/period/actual", "value"),
    }


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_every_version_has_a_schema_of_each_kind(version):
    for kind in ("activities", "organisations"):
        empty = etree.Element(f"iati-{kind}")
        demanded = {"iati-attribute-missing", "iati-element-missing"} if version > "2" else set()
        assert {fault.code for fault in schema.faults(empty, version)} == demanded


def test_a_file_written_as_before_2_01_need_not_say_its_version(tmp_path):
    problems = judged(tmp_path, spoilt(OLD, (' version="1.03"', "")))
    assert [(each.code, each.details) for each in problems] == [("iati-judged-by-1", {"version": "1.05"})]


def test_a_file_of_2_03_must_say_its_version(tmp_path):
    assert [each.code for each in faults(tmp_path, spoilt(ACTIVITIES, (' version="2.03"', "")))] == [
        "iati-attribute-missing"
    ]


def test_a_file_that_says_1_03_but_is_written_as_2_03_is_judged_as_that(tmp_path):
    text = spoilt(ACTIVITIES, ('version="2.03"', 'version="1.03"'))
    assert [each.code for each in judged(tmp_path, text)] == ["iati-written-as-2", "iati-rules-skipped"]
    assert [each.code for each in faults(tmp_path, spoilt(text, ('role="1"', 'role="7"')))] == ["iati-code"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("<iati-identifier>XM-DAC-90001-P1</iati-identifier>", "", "iati-element-missing"),
        ('iso-date="2012-01-01"', 'iso-date="2012-13-01"', "iati-value-type"),
        ('iso-date="2012-01-01"', 'iso-date="2014-01-01"', "iati-date-order"),
        ("<location>", "<lokation/><location>", "iati-element-unexpected"),
        ('role="Funding"', 'role="1"', "iati-code"),
        ('code="E"', 'code="4"', "iati-code"),
        (">250.50<", ">much<", "iati-value-type"),
        ('percentage="100">Mig', 'percentage="101">Mig', "iati-percentage-range"),
        ('vocabulary="DAC"', 'vocabulary="1"', "iati-code"),
        ('vocabulary="DAC" code="15190"', 'code="1"', "iati-code"),
        ('value-date="2012-03-01"', 'value-date="2042-03-01"', "iati-future"),
        ('value-date="2012-03-01"', "", "iati-attribute-missing"),
        (">XM-DAC-90001-P1<", ">P1<", "iati-identifier-prefix"),
    ],
)
def test_a_fault_of_version_1_03_is_found(tmp_path, before, after, code):
    assert [each.code for each in faults(tmp_path, spoilt(OLD, (before, after)))] == [code]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<narrative>Safe return</narrative>", "<narrative><![CDATA[Safe < & return]]></narrative>"),
        ("<narrative>Safe return</narrative>", "<narrative>Safe<!-- a --> return<?b c?></narrative>"),
        ("<iati-identifier>XM-DAC", "<iati-identifier><!-- ours -->XM-DAC"),
        (
            "<iati-activities version",
            '<?xml-stylesheet href="a.xsl"?>\n<!-- made --><iati-activities version',
        ),
        (">250.50<", "> 250.50 <"),
        ("  </result>\n </iati", '  </result><own:note xmlns:own="urn:own" code="?"/>\n </iati'),
        ("<budget ", '<budget own:note="1" xmlns:own="urn:own" '),
        ("</iati-activities>", '<own:end xmlns:own="urn:own"><b/></own:end></iati-activities>'),
        ('code="SO"', "code='SO'"),
        ("Displaced persons", "D&#233;plac&#xe9;s &amp; co &lt;b&gt;"),
    ],
)
def test_what_xml_and_the_standard_allow_is_no_fault(tmp_path, before, after):
    assert faults(tmp_path, spoilt(ACTIVITIES, (before, after))) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "utf-8"])
def test_a_file_in_any_encoding_is_judged_alike(tmp_path, encoding):
    path = tmp_path / "file.xml"
    declared = encoding.removesuffix("-sig").upper()
    text = spoilt(ACTIVITIES, ('encoding="UTF-8"', f'encoding="{declared}"'), ("Displaced", "Déplacés"))
    path.write_bytes(text.encode(encoding))
    assert [each.code for each in iati.check(path, today=TODAY)] == ["iati-rules-skipped"]
    path.write_bytes(spoilt(text, ('role="1"', 'role="7"')).encode(encoding))
    assert [each.code for each in iati.check(path, today=TODAY)] == ["iati-rules-skipped", "iati-code"]


def test_elements_in_another_namespace_as_their_own_are_no_iati(tmp_path):
    (found,) = judged(tmp_path, spoilt(ACTIVITIES, ("<iati-activities ", '<iati-activities xmlns="urn:x" ')))
    assert found.code == "iati-root"


def test_whatever_the_name_the_content_tells(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(ACTIVITIES, encoding="utf-8")
    assert iati.is_iati(path)
    for encoding in ("utf-16", "utf-16-le", "utf-8-sig"):
        path.write_text(ACTIVITIES.replace(' encoding="UTF-8"', ""), encoding=encoding)
        assert iati.is_iati(path)
    path.write_text("Year,Value\n2020,1\n", encoding="utf-8")
    assert not iati.is_iati(path)
    assert not iati.is_iati(tmp_path / "nothing.xml")


def test_what_is_cut_off_or_dangerous_is_refused_plainly(tmp_path):
    (found,) = judged(tmp_path, ACTIVITIES[:900])
    assert (found.code, found.origin.row) == ("xml-malformed", ACTIVITIES[:900].count("\n") + 1)
    bomb = spoilt(ACTIVITIES, ("<iati-activities", '<!DOCTYPE x [<!ENTITY a "b">]>\n<iati-activities'))
    assert [each.code for each in judged(tmp_path, bomb)] == ["xml-doctype"]


def test_a_single_activity_needs_its_list_around_it(tmp_path):
    text = ACTIVITIES.replace("<iati-activities version", "<iati-activity version")
    text = text.replace("</iati-activities>", "</iati-activity>")
    assert [each.code for each in judged(tmp_path, text)] == ["iati-root"]


def test_every_rule_of_the_standard_has_its_function_and_its_sentence():
    cases = [*standard.rules("2"), *standard.rules("1")]
    assert len(standard.rules("2")) == 107
    assert {case["type"] for case in cases} <= rules.RULES.keys()
    numbers = [number for numbers in rules.FAULTS.values() for number in numbers]
    assert {case["rule"] for case in cases} == set(numbers)
    assert len(numbers) == len(set(numbers))


def test_every_place_of_codes_names_a_list_that_ships():
    for edition in ("1", "2"):
        for place in standard.code_places(edition):
            assert standard.code_list(place.list).names, place


def test_symbols_in_identifiers_are_judged_once_the_registry_is_known():
    """The rule is kept, though skipped: without the registry it would blame registered organisations."""
    case = next(case for case in standard.rules("2") if case["type"] == "regex_matches")
    assert "idCondition" in case
    assert case["rule"] in rules.needing_the_registry("2")


def test_a_value_as_long_as_the_file_is_told_shortened(tmp_path):
    text = ACTIVITIES.replace('version="2.03"', f'version="{"x" * 100_000}"')
    assert text != ACTIVITIES
    told = [str(value) for each in judged(tmp_path, text) for value in each.details.values()]
    assert told
    assert max(map(len, told)) < 1_000
