import re
from datetime import UTC, datetime

from milepost.web.indicators.models import Release
from tests.web.portal.test_the_indicator_page import words


def test_home_names_the_countries_and_the_latest_releases(published, read):
    published.cast.norland.open_to_public = True
    published.cast.norland.save()
    html = read("/en/")
    assert '<a href="/en/xs/">Sandoria</a>' in html
    assert '<a href="/en/xn/">Norland</a>' in html
    assert "The weights of 2023 were wrong." in html


def test_a_single_country_is_opened_at_once(published, client):
    answer = client.get("/ru/")
    assert answer.status_code == 302
    assert answer["Location"] == "/ru/xs/"


def test_without_any_country_home_says_so(db, read):
    assert "No country is served yet." in read("/en/")


def test_the_picture_counts_what_is_measured(published, read):
    said = words(read("/en/xs/"))
    assert "5 indicators are on the list, 2 of them with national figures." in said
    assert "Global database only 1" in said
    assert "No figure 2" in said


def test_the_picture_tells_of_corrections_and_withdrawals(published, read):
    said = words(read("/en/xs/"))
    assert "Correction · 11 April 2026" in said
    assert "Withdrawal · 11 April 2026" in said
    assert "The register counted people twice." in said


def test_the_picture_shows_key_indicators_with_sentence_and_chart(published, read):
    html = read("/en/xs/")
    assert html.count('<svg class="chart"') == 3
    assert "It fell from 8.2 (2018) to 6.1 months of earnings (2024)." in words(html)


def test_verdicts_are_tallied_once_a_method_is_fixed(judged, read):
    said = words(read("/en/xs/"))
    assert "Fair progress, but acceleration needed 1" in said
    assert "Judged by: UN Progress Chart 2023, as implemented by Eustat." in said


def test_a_country_without_anything_has_a_page_too(cast, read):
    assert "No indicator is on the list yet." in read("/en/xs/")
    assert "No indicator is on the list yet." in read("/en/xs/indicators/")
    assert "There is no indicator on the list yet." in read("/en/xs/coverage/")
    assert "Nothing has been published yet." in read("/en/xs/downloads/")
    assert "No release is announced." in read("/en/xs/calendar/")


def test_the_list_stands_under_goals_and_targets(published, read):
    html = read("/en/xs/indicators/")
    said = words(html)
    assert said.index("Goal 8.") < said.index("8.8.1") < said.index("Goal 10.") < said.index("10.7.1")
    assert said.index("10.7.1") < said.index("10.7.2") < said.index("10.7.4") < said.index("Goal 16.")


def test_a_row_has_latest_value_unit_year_trend_and_what_there_is(published, read):
    html = read("/en/xs/indicators/")
    row = next(part for part in html.split("<tr>") if ">10.7.1<" in part)
    assert ">6.1</a>" in row and "Months of earnings" in row and "2024" in row
    assert 'class="spark"' in row and "National figure" in row
    none = next(part for part in html.split("<tr>") if ">10.7.2<" in part)
    assert "No figure" in none and "–" in none


def test_the_list_by_domain_follows_the_crosswalk_and_calls_it_a_proposal(published, read):
    said = words(read("/en/xs/indicators/?by=domain"))
    assert "Which indicator bears on which is a proposal, not an official table." in said
    well_being = said[said.index("Socioeconomic well-being") : said.index("Mobility dimensions of crises")]
    assert "10.7.1" in well_being and "8.8.1" in well_being  # 8.8.1 by its target 8.8
    assert "16.2.2" not in well_being


def test_the_list_by_objective_names_those_that_nothing_measures(published, read):
    said = words(read("/en/xs/indicators/?by=gcm"))
    sixth = said[said.index("Objective 6.") : said.index("Objective 7.")]
    assert "10.7.1" in sixth
    seventh = said[said.index("Objective 7.") : said.index("Objective 8.")]
    assert "No indicator of the list bears on it." in seventh


def test_indicators_of_a_list_of_ones_own_come_last(published, read):
    published.office.indicator("N-1", framework="national", title={"en": "Returned workers"})
    said = words(read("/en/xs/indicators/"))
    assert said.index("Goal 16.") < said.index("Further indicators") < said.index("Returned workers")
    assert "Returned workers" in words(read("/en/xs/indicators/?by=domain"))


def test_verdicts_stand_in_the_list_once_a_method_is_fixed(judged, read):
    html = read("/en/xs/indicators/")
    row = next(part for part in html.split("<tr>") if ">10.7.1<" in part)
    assert "Fair progress, but acceleration needed" in row


def test_the_calendar_shows_what_is_announced_late_and_out(published, read):
    country = published.cast.sandoria
    late = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    Release.objects.create(country=country, title={"en": "Forgotten"}, planned_at=late)
    Release.objects.create(
        country=country,
        title={"en": "Injuries"},
        planned_at=late,
        released_at=late,
        postponed_from=datetime(2025, 12, 1, tzinfo=UTC),
        reason="The register came late.",
    )
    said = words(read("/en/xs/calendar/"))
    assert "Next: Labour survey 2025, 2 November 2036." in said
    said = said[said.index("Announced") :]
    assert (
        said.index("Announced")
        < said.index("Forgotten")
        < said.index("Late")
        < said.index("Labour survey 2025")
    )
    assert "Announced first for 1 December 2025. The register came late." in said
    assert re.search(r"Labour survey 2025 10\.7\.1\b", said)


def test_pages_are_in_russian_as_a_whole(published, read):
    for address in (
        "",
        "indicators/",
        "indicators/?by=domain",
        "indicators/10.7.1/",
        "coverage/",
        "calendar/",
        "downloads/",
    ):
        said = words(read(f"/ru/xs/{address}"))
        assert not re.search(r"\b(the|and|of|figures?|Version|Source|Year)\b", _without_titles(said)), address


def _without_titles(said):
    """Without what the office itself wrote in English only, and the names of documents."""
    for foreign in (
        "The weights of 2023 were wrong.",
        "The register counted people twice.",
        "SDG indicator metadata 10.7.1 (UNSD)",
    ):
        said = said.replace(foreign, "")
    return said
