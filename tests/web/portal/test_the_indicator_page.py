import re

import pytest

from milepost.web.indicators.models import Observation

PAGE = "/en/xs/indicators/10.7.1/"


def words(html):
    """The text of a page between its header and its footer."""
    main = html[html.index("<main") : html.index("<footer")]
    return " ".join(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<svg.*?</svg>", "", main)).split())


def test_the_first_line_is_a_sentence_with_the_numbers(published, read):
    assert "It fell from 8.2 (2018) to 6.1 months of earnings (2024)." in words(read(PAGE))


def test_the_sentence_is_right_in_russian(published, read):
    said = words(read("/ru/xs/indicators/10.7.1/"))
    assert "Показатель снизился с 8,2 (2018) до 6,1 (2024), в месячных заработках." in said
    assert "Женщины – 7,3; Мужчины – 5,7" in said


def test_a_break_between_the_two_figures_is_said(published, read):
    assert "The series has a break in 2022" in words(read(PAGE))


def test_each_figure_of_sentence_and_table_leads_home(published, read):
    html = read(PAGE)
    latest = Observation.objects.get(series__indicator=published.cost, series__dimensions="", year=2024)
    assert html.count(f"/en/trace/observation:{latest.pk}/") >= 3  # the sentence, the table, the aside
    shown = Observation.objects.filter(
        series__indicator=published.cost, series__dimensions="", public_until=None
    )
    for figure in shown.exclude(public_from=None):
        assert f"/en/trace/observation:{figure.pk}/" in html


def test_women_and_men_stand_in_the_second_sentence(published, read):
    assert "In 2024: Women 7.3; Men 5.7." in words(read(PAGE))


def test_a_breakdown_is_chosen_by_a_link(published, read):
    html = read(PAGE)
    assert 'href="?by=sex"' in html
    chosen = read(f"{PAGE}?by=sex")
    assert "By sex" in chosen
    assert "Women" in chosen and "7.6" in chosen


@pytest.mark.parametrize("by", ["nonsense", "age", "sex+age", "<script>"])
def test_a_breakdown_that_is_not_there_shows_the_total(published, read, by):
    html = read(f"{PAGE}?by={by}")
    assert "Over time" in html
    assert "<script>alert" not in html


def test_the_chart_says_its_finding_and_has_target_band_and_break(published, read):
    html = read(PAGE)
    chart = re.search(r"(?s)<svg class=\"chart\".*?</svg>", html)[0]
    assert "<desc>It fell from 8.2 (2018) to 6.1 months of earnings (2024).</desc>" in chart
    assert "target 3 by 2030" in chart
    assert 'class="band b0"' in chart
    assert 'class="break"' in chart


def test_suppressed_is_said_in_words_and_by_a_sign(published, read):
    html = read(f"{PAGE}?by=sex")
    assert "(s)" in html
    assert "Men: suppressed, 2022." in words(html)


def test_nothing_of_a_suppressed_figure_is_shown(published, read):
    html = read(f"{PAGE}?by=sex")
    assert "three persons" not in html


def test_missing_years_and_absent_breakdowns_are_named(published, read):
    said = words(read(PAGE))
    assert "No figure for 2021." in said
    assert re.search(r"definition asks for breakdowns of which nothing is published: Age, Education", said)


def test_marks_beside_figures_are_explained(published, read):
    said = words(read(PAGE))
    assert "B break in the series; P provisional." in said


def test_an_indicator_of_several_series_lets_one_choose(published, read):
    html = read("/en/xs/indicators/8.8.1/")
    assert "from 4 (2020)" in words(html) or "4.0" in words(html)
    assert "?series=SL_EMP_INJUR%3APER_100000_WKRS_EMP" in html
    other = words(read("/en/xs/indicators/8.8.1/?series=SL_EMP_INJUR:PER_100000_WKRS_EMP"))
    assert "It rose from 90 (2020) to 95 per 100,000 workers employed (2021)." in other


def test_figures_of_a_global_database_say_so(published, read):
    assert "come from a global or regional database" in words(read("/en/xs/indicators/10.7.4/"))


def test_the_definition_stands_below_with_its_source(published, read):
    html = read(PAGE)
    assert "not the ratio of the two means" in html
    assert "https://unstats.un.org/sdgs/metadata/files/Metadata-10-07-01.pdf" in html
    assert "ILO, World Bank" in html


def test_it_can_be_cited_with_its_version(published, read):
    said = words(read(PAGE))
    assert "Statistical Office of Sandoria (2026). 10.7.1 Recruitment cost" in said
    assert "http://testserver/en/xs/indicators/10.7.1/?version=2" in said


def test_national_metadata_stand_in_their_language_or_are_marked(published, read):
    published.cost.metadata = {"definition": {"en": "Cost of the first job abroad"}, "note": {"ru": "Пилот"}}
    published.cost.save()
    html = read(PAGE)
    assert "Cost of the first job abroad" in html
    assert '<span lang="ru">Пилот</span>' in html
    assert "[Russian]" in html


def test_a_title_of_the_country_comes_before_the_official_one(published, read):
    published.cost.title = {"ru": "Цена работы за рубежом"}
    published.cost.save()
    assert "Цена работы за рубежом" in read("/ru/xs/indicators/10.7.1/")
    assert '<span lang="ru">Цена работы за рубежом</span>' in read(PAGE)


# Verdicts


def test_nothing_is_said_of_progress_before_a_method_is_fixed(published, read):
    for address in (PAGE, "/en/xs/", "/en/xs/indicators/"):
        said = words(read(address))
        assert "On track" not in said and "Fair progress" not in said and "Not assessed" not in said


def test_a_verdict_stands_with_its_reason_method_and_weak_points(judged, read):
    said = words(read(PAGE))
    assert "Fair progress, but acceleration needed" in said
    assert "of the way from the base to the target 3" in said
    assert "UN Progress Chart 2023, as implemented by Eustat" in said
    assert "The region uses it." in said
    assert "Two observations decide" in said
    assert "Decree 12" in said


def test_the_verdict_rests_on_public_figures_only(judged, read):
    Observation.objects.filter(series__indicator=judged.cost, year=2025).update(value=0.1)
    assert "Fair progress, but acceleration needed" in words(read(PAGE))


def test_a_method_of_another_framework_judges_nothing_here(judged, read):
    judged.cost.framework = "national"
    judged.cost.save()
    assert "Fair progress" not in words(read(PAGE))


# Versions


def test_an_earlier_version_shows_its_own_figures_under_a_banner(published, read):
    html = read(f"{PAGE}?version=1")
    assert "This is version 1 of 12 March 2026, not the latest." in words(html)
    assert ">9.9</a>" in html and ">6.4</a>" not in html


def test_the_latest_version_says_what_was_corrected(published, read):
    html = read(PAGE)
    assert "Corrected on 11 April 2026." in words(html)
    assert "The weights of 2023 were wrong." in html
    assert ">9.9</a>" not in html


def test_the_address_of_a_version_shows_the_same_for_ever(published, read):
    before = read(f"{PAGE}?version=1")
    table = re.search(r"(?s)<tbody>.*?</tbody>", before)[0]
    total = published.cost.series.get(dimensions="")
    published.office.figures(total, "2026 1.5", since=3)
    published.office.version(published.cost, 3)
    published.cost.version = 3
    published.cost.save()
    assert re.search(r"(?s)<tbody>.*?</tbody>", read(f"{PAGE}?version=1"))[0] == table
    assert "1.5" in read(PAGE)


def test_choices_keep_the_version(published, read):
    assert "?by=sex&amp;version=1" in read(f"{PAGE}?version=1")


@pytest.mark.parametrize("version", ["0", "3", "99999999", "-1", "two", "1e3", "٣"])
def test_a_version_that_never_was_is_not_there(published, read, version):
    read(f"{PAGE}?version={version}", 404)


def test_withdrawn_figures_are_gone_with_date_and_reason(published, read):
    said = words(read("/en/xs/indicators/16.2.2/"))
    assert "Figures were withdrawn on 11 April 2026. The register counted people twice." in said
    assert "No figure is public now." in said
    assert "44" not in said


def test_an_old_version_says_that_its_figures_were_withdrawn_since(published, read):
    dataset = published.office.dataset
    dataset.state, dataset.reason, dataset.withdrawn_at = "withdrawn", "Counted twice.", dataset.created_at
    dataset.save()
    said = words(read("/en/xs/indicators/16.2.2/?version=1"))
    assert "44" in said
    assert re.search(r"Figures of this version were withdrawn on .*: Counted twice\.", said)


def test_an_indicator_without_any_figure_says_so_and_keeps_its_definition(published, read):
    said = words(read("/en/xs/indicators/10.7.2/"))
    assert "No figure has been published yet." in said
    assert "sdg-10-7-2" in said


def test_many_categories_are_small_multiples_and_a_long_table_has_pages(published, read):
    for number in range(45):
        series = published.office.series(
            published.injuries, "SL_EMP_INJUR", "PER_100000_WKRS_EMP", activity=f"A{number:02}"
        )
        published.office.figures(series, f"2020 {number + 1}, 2021 {number + 2}")
    address = "/en/xs/indicators/8.8.1/?series=SL_EMP_INJUR:PER_100000_WKRS_EMP&by=activity"
    first = read(address)
    assert "A39" in first and "A40" not in first
    assert "A40" in read(f"{address}&page=2")


def test_categories_with_their_names_in_both_languages(published, read):
    assert "Женщины" in read("/ru/xs/indicators/10.7.1/?by=sex")
    assert "Women" in read("/en/xs/indicators/10.7.1/?by=sex")
