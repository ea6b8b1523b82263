import itertools
import re

import pytest
from lxml import etree, html

from milepost import progress
from milepost.reports import overview as room
from milepost.reports.overview import Coverage, fragment, render, write
from milepost.values import Origin, Problem, Target, Text, Verdict
from tests.reports.cases import entry, overview, series


def page(*entries, language="en", **given):
    return html.document_fromstring(render(overview(*entries, **given), language))


def text(element):
    """What is read; whatever is not inside a line of words is parted by a blank."""
    inside = ("a", "b", "span", "small", "strong")
    parts = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        parts += [] if one.tag in inside else [" "]
        parts += [one.text or ""] if event == "start" else [one.tail or ""] if one is not element else []
    return " ".join("".join(parts).split())


def article(**given):
    return page(entry(**given)).find(".//article")


FULL = {
    "headline": series("2015 41.242, 2016 -/Q, 2023 45, 2024 46.93"),
    "verdict": progress.towards([(2015, 41.242), (2024, 46.93)], direction="down"),
    "unit": Text(en="per 100,000 population", ru="на 100 000 населения"),
    "target": Target(40, 2030),
    "reporting_status": "complete",
    "disaggregation_status": "inprogress",
    "source": Text(en="National Statistical Committee, 2025", ru="Национальный статистический комитет, 2025"),
    "coverage": Coverage(2015, 2024, 1234, 2),
    "downloads": {"CSV": "{language}/10-7-4.csv"},
    "problems": (Problem("empty-file", Origin("data/x.csv", row=3)),),
    "panels": (
        (
            Text(en="Sex", ru="Пол"),
            {Text(en="Female"): series("2015 1, 2016 2"), Text(en="Male"): series("2015 3, 2016 4")},
        ),
        (Text(en="Area"), {Text(en=f"Area {n}"): series(f"2015 {n}, 2016 {n + 1}") for n in range(5)}),
        (Text(en="Domain"), {Text(en="PD 1"): series("2019 3"), Text(en="PD 2"): series("2019 4")}),
    ),
}


def test_the_page_answers_in_its_first_lines():
    doc = page(
        entry("10-7-4", **FULL),
        entry("10-7-1", problems=(Problem("empty-file", Origin("x")),)),
        problems=(Problem("encoding-guessed", Origin("y"), {"encoding": "cp1251"}),),
    )
    header = text(doc.find(".//header"))
    assert "Of 2 indicators, 1 have data and 1 could be assessed." in header
    assert "1 Stagnation or regression" in header and "1 Not assessed" in header
    assert "The checks found: 2 errors, 1 warning." in header


def test_first_the_sentence_then_the_picture_then_the_table_then_the_method():
    said = article(**FULL)
    order = [
        said.find(f".//*[@class='{name}']") for name in ("finding", "judgement", "body", "panels", "more")
    ]
    assert [said.index(one) if one in list(said) else -1 for one in order[2:]] == sorted(
        said.index(one) for one in order[2:]
    )
    assert text(order[0]) == "46.9 per 100,000 population in 2024, up from 41.2 in 2015."
    assert [text(summary) for summary in said.iter("summary")] == [
        "Table of values",
        "How the verdict is reached, and its weak points",
        "1 fault",
    ]


def test_every_figure_of_the_sentence_leads_to_its_row():
    doc = page(entry(**FULL))
    links = doc.xpath("//a[contains(@class, 'figure')]")
    rows = [doc.get_element_by_id(link.get("href")[1:]) for link in links]
    assert [text(row) for row in rows] == ["2024 46.9 5", "2015 41.2 2"]


def test_the_table_says_why_a_value_is_missing():
    assert "2016 (s) suppressed 3" in [text(row) for row in article(**FULL).iter("tr")]


def test_a_verdict_is_a_word_with_a_shape():
    judgement = article(**FULL).find(".//*[@class='judgement']")
    assert text(judgement) == "Stagnation or regression"
    assert judgement.find(".//use").get("href") == "#triangle"


def test_every_verdict_of_both_methods_has_a_shape():
    assert set(room.SHAPES) == set(progress.VERDICTS)


def test_not_assessed_always_says_why():
    judgement = text(article().find(".//*[@class='judgement']"))
    assert judgement.startswith("Not assessed. No desired direction is given")


def test_an_indicator_not_started_says_so_and_shows_no_number():
    said = article(reporting_status="notstarted", verdict=Verdict("un", "not_assessed", reason="no_values"))
    assert text(said.find(".//*[@class='finding']")) == "No value is published: reporting has not started."
    assert said.find(".//table") is None and not said.xpath(".//*[local-name()='svg'][@role='img']")


def test_breakdowns_are_lines_multiples_or_a_table():
    panels = article(**FULL).find(".//*[@class='panels']")
    found = {text(panel.find("h4")): panel for panel in panels}
    assert list(found) == ["Sex", "Domain", "Area"]  # small ones first
    assert len(found["Sex"].xpath(".//*[@role='img']")) == 1
    assert len(found["Area"].xpath(".//figure")) == 5
    assert "PD 2 2019 4" in text(found["Domain"].find(".//table"))


def test_a_large_platform_names_the_breakdowns_it_does_not_draw():
    made = fragment(entry(**FULL), "en", ("en",), in_detail=False)["article"]
    said = html.fragment_fromstring(made)
    assert [text(heading) for heading in said.iter("h4")] == ["Sex"]
    assert (
        text(said.find(".//*[@class='further']"))
        == "Further breakdowns are in the downloads: Area (5), Domain (2)."
    )


def test_a_missing_translation_is_marked_and_said():
    title = page(entry(title=Text(ru="Беженцы"))).find(".//h3")
    assert title.find("span[@lang='ru']").text == "Беженцы"
    assert "(in Russian: no translation)" in text(title)


def test_only_the_first_faults_are_listed_and_the_rest_counted():
    said = article(problems=tuple(Problem("empty-file", Origin(f"data/{n}.csv")) for n in range(20)))
    faults = said.find(".//details[@class='faults']")
    assert text(faults.find("summary")) == "20 faults"
    assert len(faults.findall(".//li")) == 12
    assert "8 more faults are in faults.json." in text(faults)
    assert "Error: The file is empty. Export it again; at least a header row is needed. data/0.csv" in text(
        faults
    )


def test_the_example_says_that_it_is_no_official_site():
    assert "not an official site of any country" in text(page(entry(), example=True))
    assert "official site" not in text(page(entry()))


def test_names_from_the_folder_cannot_break_out_of_the_page():
    hostile = '"><script>alert(1)</script>'
    name = Text(en=hostile)
    panels = ((name, {name: series("2015 1, 2016 2"), Text(en="b"): series("2015 1, 2016 2")}),)
    given = FULL | {
        "title": name,
        "unit": name,
        "source": name,
        "panels": panels,
        "notes": name,
        "goal": hostile,
    }
    doc = page(entry(**given), title=name, goals={hostile: name}, source=hostile)
    assert [script.get("src") for script in doc.iter("script")] == ["static/overview.js"]


def test_downloads_lead_to_the_language_of_the_page():
    link = page(entry(**FULL), language="ru").xpath("//p[@class='downloads']/a")[0]
    assert link.get("href") == "ru/10-7-4.csv"


def test_numbers_and_dates_follow_the_language():
    said = text(page(entry(**FULL), language="ru")).replace("\N{NO-BREAK SPACE}", " ")
    assert "46,9 на 100 000 населения в 2024 году" in said
    assert "1 234 наблюдения" in said
    assert "15 марта 2026" in said


def test_a_language_without_words_of_ours_is_english_around_its_own_names():
    languages = ("ky", "en")
    doc = page(entry(title=Text(ky="Качкындар", en="Refugees")), language="ky", languages=languages)
    assert doc.get("lang") == "en"
    assert "Качкындар" in text(doc.find(".//h3"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_structure_can_be_walked_without_seeing(language):
    doc = page(entry("10-7-4", **FULL), entry("10-7-1"), entry("3-c-1"), language=language, example=True)
    levels = [int(heading.tag[1]) for heading in doc.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert all(table.find("caption") is not None for table in doc.iter("table"))
    assert all(cell.get("scope") for cell in doc.iter("th"))
    assert all(svg.find("title") is not None for svg in doc.xpath("//*[@role='img']"))
    assert [len(doc.xpath(f"//{landmark}")) for landmark in ("main", "body/header", "body/footer")] == [
        1,
        1,
        1,
    ]
    assert doc.get("lang") == language


def test_every_inner_address_exists_once():
    doc = page(entry("10-7-4", **FULL), entry("10-7-1"), entry("3-c-1"))
    ids = doc.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = {address[1:] for address in doc.xpath("//@href") if address.startswith("#")}
    assert inner <= set(ids)
    assert {name for names in doc.xpath("//@aria-labelledby") for name in names.split()} <= set(ids)


def test_the_page_needs_no_other_host_and_runs_no_script_of_its_own():
    raw = render(overview(entry(**FULL)), "en")
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', raw)
    assert all("//" not in address for address in addresses)
    assert not re.search(r"<style|\son\w+=|\sstyle=", raw)


def test_a_folder_of_pages_is_written_with_what_they_need(tmp_path):
    pages = write(overview(entry(**FULL)), tmp_path / "out")
    assert [path.name for path in pages] == ["index.html", "index.ru.html"]
    doc = html.document_fromstring(pages[0].read_text(encoding="utf-8"))
    assert {link.get("hreflang"): link.get("href") for link in doc.xpath("//link[@rel='alternate']")} == {
        "en": "index.html",
        "ru": "index.ru.html",
    }
    for address in doc.xpath("//link[@rel='stylesheet']/@href | //script/@src"):
        assert (tmp_path / "out" / address).is_file()
    tokens = (tmp_path / "out" / "static" / "tokens.css").read_text(encoding="utf-8")
    fonts = set(re.findall(r'url\("([^"]+)"\)', tokens))
    assert fonts and all((tmp_path / "out" / "static" / font).is_file() for font in fonts)
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "out" / "static" / "fonts" / "OFL.txt").read_text(
        encoding="utf-8"
    )


def _luminance(colour):
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_letters_stand_out_from_the_paper(scheme):
    css = (room.HERE / "static" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[scheme]))
    paper = _luminance(colours.pop("paper"))
    colours.pop("rule")
    for name, colour in colours.items():
        light, dark = sorted((paper, _luminance(colour)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name
