"""Whatever is on a page, and in whatever layout, comes out: no more, no less, and in its place."""

from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from milepost.interchange import project_pages
from tests.interchange.project_pages import pages

TITLE = "Roads and Lakes for the Movers of the North"
NARRATIVE = "The project lists the roads, then the lakes. It trains 40 officers of the ministry in both."
VALUES = {
    "start": ["2019", "March 2020", "2021-05-31"],
    "end": ["2022", "31 December 2023"],
    "status": ["Active", "Completed", "Achevé"],
    "type": ["Labour Migration", "Immigration et frontières", "TCMMCB"],
    "budget": ["100000.00", "150,000", "37450"],
    "coverage": ["National", "Regional"],
    "year": ["2018", "2020"],
    "region": ["Africa", "Amérique latine et Caraïbes", "Asia and Oceania"],
    "prima_id": ["XA10P0001", "CH10P0512"],
    "project_id": ["LM.0999", "QU8-805", "T81-805"],
    "member_states": ["Kenya", "Tonga, Vanuatu", "Guinea, Guinea-Bissau, Papua New Guinea, Niger, Nigeria"],
}


@st.composite
def facts(draw):
    """Any labels in any order, each with a value or alone."""
    fields = draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, min_size=1))
    return {field: draw(st.sampled_from(["", *VALUES[field]])) for field in fields}


def expected(found):
    record = {field: found.get(field) or None for field in VALUES}
    if record["budget"]:
        record["budget"] = Decimal(record["budget"].replace(",", ""))
    if record["member_states"]:
        record["member_states"] = tuple(record["member_states"].split(", "))
    return record


def read(text, name="page.txt"):
    if text.startswith("<!"):
        return project_pages.read_bytes(text.encode(), "page.html")
    return project_pages.read_text(text, name)


@pytest.mark.parametrize("write", pages.LABELLED, ids=lambda write: write.__name__)
@given(facts(), st.sampled_from(sorted(pages.LABELS)))
@settings(max_examples=60, deadline=None)
def test_labels_with_and_without_values_come_out_in_their_places(write, found, language):
    bare = write in (pages.plain, pages.web, pages.headings, pages.glued, pages.wide)
    assume(not (bare and len(found) == 1 and "" in found.values()))  # "Year" alone may be anything
    page = read(write(TITLE, found, NARRATIVE, language))
    assert {field: getattr(page.record, field) for field in VALUES} == expected(found)
    assert page.record.title == TITLE
    assert page.record.narrative == NARRATIVE
    assert page.raw == {pages.LABELS[language][field]: text for field, text in found.items()}


@given(facts(), st.sampled_from(sorted(pages.LABELS)))
@settings(max_examples=200, deadline=None)
def test_all_labels_before_all_values_are_never_wrong(found, language):
    assume(len(found) >= 3)
    assume(
        sum(map(bool, found.values())) > 1
    )  # a single value stands below the last label, as on other pages
    record = read(pages.labels_first(TITLE, found, NARRATIVE, language)).record
    wanted = expected(found)
    told = {field: getattr(record, field) for field in VALUES}
    assert {field: value for field, value in told.items() if value not in (None, wanted[field])} == {}
    if all(found.values()):
        assert told == wanted
        assert (record.title, record.narrative) == (TITLE, NARRATIVE)


@given(facts())
@settings(max_examples=150, deadline=None)
def test_values_without_labels_are_told_by_pattern_and_vocabulary(found):
    printed = {field: text for field, text in found.items() if field in pages.UNLABELLED}
    page = read(pages.old_site(TITLE, printed, NARRATIVE))
    assert {field: getattr(page.record, field) for field in VALUES} == expected(printed)
    assert page.record.title == TITLE
    assert page.record.narrative == NARRATIVE
    assert page.record.currency is None


@given(facts(), st.permutations(pages.UNLABELLED))
@settings(max_examples=60, deadline=None)
def test_the_order_of_values_without_labels_does_not_matter(found, order):
    lines = [found[field].replace(", ", "\n") for field in order if found.get(field)]
    text = "\n".join([TITLE, TITLE, *lines, NARRATIVE])
    record = read(text).record
    printed = {field: text for field, text in found.items() if field in pages.UNLABELLED}
    assert {field: getattr(record, field) for field in VALUES} == expected(printed)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_stops_the_reader(text):
    page = read("x" + text)
    assert all(problem.origin.file == "page.txt" for problem in page.problems)


@given(
    st.lists(
        st.sampled_from(
            [*pages.LABELS["en"].values(), *chain.from_iterable(VALUES.values()), "-", "•", "", ":", "\t"]
        )
    )
)
@example(["Project Status", "Project Status", "Start Date", "Start Date", "End Date", "End Date"])
@settings(max_examples=300, deadline=None)
def test_no_order_of_labels_and_values_stops_the_reader(parts):
    read("\n".join(["x", *parts]))
