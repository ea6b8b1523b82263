"""A newcomer builds the demonstration, looks at it, downloads, mends a fault, and builds again."""

import csv
import json
import shutil
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe

from milepost import demonstration

pytestmark = pytest.mark.browser


def milepost(*arguments):
    command = [sys.executable, "-m", "milepost", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The demonstration, built from a copy that may be changed."""
    root = tmp_path_factory.mktemp("desk")
    shutil.copytree(demonstration.folder(), root / "kyrgyzstan")
    result = milepost("build", root / "kyrgyzstan", root / "out", "--layout", "open-sdg")
    assert result.returncode == 0, result.stderr
    return root


@pytest.mark.parametrize("name", ["index.html", "index.ru.html"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_fit(desk, browser, name, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((desk / "out" / name).as_uri())
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not [url for url in requests if not url.startswith(("file:", "data:"))]
    page.close()


def test_every_download_that_the_page_offers_is_there(desk, browser):
    page = browser.new_page()
    for name in ("index.html", "index.ru.html"):
        page.goto((desk / "out" / name).as_uri())
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        files = {link for link in links if not link.startswith("#")}
        assert len([link for link in files if link.endswith(".csv")]) == 13
        assert not [link for link in files if not (desk / "out" / link).exists()]
    page.close()


def test_page_csv_json_and_the_open_sdg_files_agree(desk, browser):
    out = desk / "out"
    found = json.loads((out / "en/10-7-4.json").read_text(encoding="utf-8"))
    observations = {o["period"]: o["value"] for o in found["series"][0]["observations"]}
    with (out / "en/10-7-4.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Year"]: float(row["Value"]) for row in csv.DictReader(file)} == observations
    with (out / "open-sdg/en/headline/10-7-4.csv").open(encoding="utf-8", newline="") as file:
        assert {row["Year"]: float(row["Value"]) for row in csv.DictReader(file)} == observations
    page = browser.new_page()
    page.goto((out / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    rows = page.locator("#i-10-7-4 table.values tbody tr")
    shown = {
        rows.nth(n).locator("th").inner_text(): rows.nth(n).locator("td").first.inner_text()
        for n in range(rows.count())
    }
    assert shown.keys() == observations.keys()
    assert all(abs(float(shown[year]) - value) <= 0.05 for year, value in observations.items())
    page.close()


def test_no_observation_is_lost_on_the_way(desk):
    with_data = [json.loads(path.read_text(encoding="utf-8")) for path in (desk / "out/en").glob("*.json")]
    assert sum(len(one["data"]["Value"]) for one in with_data) == 1693


def test_a_mended_fault_disappears_and_only_that_indicator_is_built_again(desk, browser):
    source = desk / "kyrgyzstan/data/indicator_10-7-2.csv"
    before = source.read_text(encoding="utf-8")
    first, rest = before.split("\n", 1)
    source.write_text(f"{first}\n{rest.split(chr(10), 1)[0].rsplit(',', 1)[0]},152\n{rest}", encoding="utf-8")
    result = milepost("build", desk / "kyrgyzstan", desk / "out", "--layout", "open-sdg")
    assert "1 rebuilt, 12 unchanged" in result.stderr
    page = browser.new_page()
    page.goto((desk / "out/index.html").as_uri())
    page.locator("#i-10-7-2 details.faults summary").click()
    assert "152" in page.locator("#i-10-7-2 details.faults").inner_text()
    source.write_text(before, encoding="utf-8")
    milepost("build", desk / "kyrgyzstan", desk / "out", "--layout", "open-sdg")
    page.reload()
    assert page.locator("#i-10-7-2 details.faults").count() == 0
    page.close()


def test_the_whole_page_can_be_walked_with_the_keyboard(desk, browser):
    page = browser.new_page()
    page.goto((desk / "out/index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(40):
        page.keyboard.press("Tab")
        box = page.evaluate(
            "(({ width, height }) => [width, height])(document.activeElement.getBoundingClientRect())"
        )
        assert min(box) > 0
    page.close()
