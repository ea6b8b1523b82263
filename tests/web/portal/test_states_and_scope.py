import zipfile
from io import BytesIO

import pytest

from milepost.recipes.publish_files import KINDS
from tests.web.portal.conftest import EMBARGOED, HIDDEN

PAGES = (
    "/en/xs/",
    "/en/xs/indicators/",
    "/en/xs/indicators/?by=domain",
    "/en/xs/indicators/?by=gcm",
    "/en/xs/indicators/10.7.1/",
    "/en/xs/indicators/10.7.1/?by=sex",
    "/en/xs/indicators/10.7.1/?by=age",
    "/en/xs/indicators/10.7.1/?version=1",
    "/en/xs/coverage/",
    "/en/xs/coverage/?by=age",
    "/en/xs/coverage/?by=total",
    "/en/xs/coverage/data/",
    "/en/xs/calendar/",
    "/en/xs/downloads/",
    *(f"/en/xs/indicators/10.7.1/data/{kind}/" for kind in KINDS),
)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def spread(content):
    """The content, and that of the files in it where it is an archive."""
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return b"\n".join(spread(archive.read(name)) for name in archive.namelist())


@pytest.mark.parametrize("reader", [None, "alice", "charlie"])
def test_nothing_under_embargo_leaks_on_any_page_or_in_any_file(published, client, reader):
    if reader:
        client.force_login(getattr(published.cast, reader))
    for address in (*PAGES, "/en/xs/downloads/csv/", "/en/xs/downloads/json/", "/en/xs/downloads/sdmx-ml/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = spread(body(answer)).decode()
        assert str(EMBARGOED) not in content, address
        assert HIDDEN not in content, address
        assert "internal-name-of-a-file" not in content, address
        assert "Y15T24" not in content and "15 to 24 years" not in content, address


def test_an_embargoed_figure_changes_neither_counts_nor_etags(published, client):
    addresses = [
        *PAGES[8:12],
        *(f"/en/xs/indicators/10.7.1/data/{kind}/" for kind in ("csv", "json", "xlsx")),
    ]
    before = [(body(answer), answer.get("ETag")) for answer in map(client.get, addresses)]
    total = published.cost.series.get(dimensions="")
    published.office.figures(total, "2026 -/Q, 2027 4.5", since=None)
    new = published.office.series(published.refugees, "SM_POP_REFG_OR", "PER_100000_POP", sex="F")
    published.office.figures(new, "2024 5", since=None)
    assert [(body(answer), answer.get("ETag")) for answer in map(client.get, addresses)] == before
    assert "by=sex" not in client.get("/en/xs/indicators/10.7.4/").content.decode()


def test_an_unlisted_indicator_is_not_there(published, client):
    assert client.get("/en/xs/indicators/10.3.1/").status_code == 404
    assert client.get("/en/xs/indicators/10.3.1/data/csv/").status_code == 404
    for address in (
        "/en/xs/",
        "/en/xs/indicators/",
        "/en/xs/coverage/",
        "/en/xs/coverage/data/",
        "/en/xs/calendar/",
    ):
        assert "10.3.1" not in body(client.get(address)).decode(), address
    assert "12.75" not in spread(body(client.get("/en/xs/downloads/csv/"))).decode()


def test_insiders_may_open_the_page_of_an_unlisted_indicator(published, client):
    client.force_login(published.cast.alice)
    assert client.get("/en/xs/indicators/10.3.1/").status_code == 200
    client.force_login(published.cast.charlie)
    assert client.get("/en/xs/indicators/10.3.1/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["", "indicators/", "indicators/10.7.1/", "indicators/10.7.1/data/csv/", "coverage/", "coverage/data/",
     "calendar/", "downloads/", "downloads/csv/"],
)  # fmt: skip
def test_a_country_that_is_not_open_is_there_for_its_own_people_only(published, client, address):
    assert client.get(f"/en/xn/{address}").status_code == 404
    client.force_login(published.cast.alice)
    assert client.get(f"/en/xn/{address}").status_code == 404
    client.force_login(published.cast.charlie)
    assert client.get(f"/en/xn/{address}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["zz/", "xs/indicators/9.9.9/", "xs/indicators/10.7.1/data/exe/", "xs/downloads/xlsx/",
     "xs/downloads/exe/", "xs/indicators/?by=nothing", "xs/coverage/?by=nothing", "xs/coverage/?goal=99",
     "xs/indicators/10.7.1/data/csv/?version=7", "xs/indicators/10.7.2/data/csv/"],
)  # fmt: skip
def test_what_is_not_there_is_a_plain_404(published, client, address):
    assert client.get(f"/en/{address}").status_code == 404


def test_the_portal_is_read_only(published, client):
    for address in ("/en/xs/", "/en/xs/indicators/10.7.1/", "/en/xs/coverage/", "/en/xs/downloads/csv/"):
        assert client.post(address).status_code == 405


def test_an_example_says_so_on_every_page_and_in_every_file(published, client):
    country = published.cast.sandoria
    country.example = True
    country.save()
    files = ("/en/xs/downloads/csv/", "/en/xs/downloads/json/")
    for address in (*PAGES, *files):
        content = spread(body(client.get(address))).decode()
        assert (
            "not an official site of any country" in content
            or "does not come from an official site" in content
        ), address
