"""A file of IATI is handed in, looked at beside the register, and taken in activity by activity."""

import os
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.web.accounts.models import Grant
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import register
from milepost.web.projects.models import Project, Source
from milepost.web.projects.queries import iati_import as queries
from tests.web.conftest import DESK, PHONE, accessible

ACTIVITY = """<iati-activity xml:lang="en" default-currency="USD">
<iati-identifier>{code}</iati-identifier>
<title><narrative>Counting the lakes</narrative></title>
<description><narrative>The lakes are counted.</narrative></description>
<activity-status code="4"/>
<activity-date type="1" iso-date="2025-02-01"/><activity-date type="3" iso-date="2025-12-31"/>
<recipient-country code="KE"/>
<budget><period-start iso-date="2025-02-01"/><period-end iso-date="2025-12-31"/>
<value value-date="2025-02-01">{budget}</value></budget>
<result type="1"><title><narrative>Lakes are known</narrative></title></result>
</iati-activity>"""


def xml(*codes, budget="150000.50"):
    inside = "".join(ACTIVITY.format(code=code, budget=budget) for code in codes)
    return f'<?xml version="1.0"?><iati-activities version="2.03">{inside}</iati-activities>'


def send(client, institution, text):
    upload = SimpleUploadedFile("activities.xml", text.encode())
    return client.post(reverse("iati-import"), {"institution": institution.pk, "upload": upload}, follow=True)


def decide(file, place=1):
    return f"{reverse('iati-import-decide')}?file={file.pk}&activity={place}"


def untouched(page, **more):
    """What a browser sends of a form that nobody touched."""
    form = page.context["form"]
    sent = {name: form[name].initial for name in form.fields}
    return {name: value for name, value in sent.items() if value is not None} | more


@pytest.fixture
def known(mary, proposal):
    """The proposal under an identifier that files name."""
    return register.save(by=mary, project=proposal, revision=proposal.revision, iati_identifier="XX-1")


def test_the_page_says_what_a_new_activity_adds_and_enters_nothing(client, cast, mary):
    client.force_login(mary)
    page = send(client, cast.ministry, xml("XX-9"))
    [row] = page.context["rows"]
    assert page.status_code == 200
    assert {one["outcome"] for one in row["changes"]} == {"adds"}
    assert [str(name) for name, _number in row["besides"]] == ["results"]
    assert not Project.objects.exists()


def test_a_new_activity_becomes_a_proposal_with_its_file_as_source(client, cast, mary):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-9"))
    file = StoredFile.objects.get()
    answer = client.post(decide(file), untouched(client.get(decide(file))))
    assert answer.status_code == 302
    made = Project.objects.get()
    assert (made.iati_identifier, made.state, made.public) == ("XX-9", "proposal", False)
    assert (made.start, made.end, made.budget, made.currency) == (
        "2025-02-01",
        "2025-12-31",
        Decimal("150000.50"),
        "USD",
    )
    assert made.title == {"en": "Counting the lakes"}
    assert [one.area for one in made.beneficiaries.all()] == ["ke"]
    said = {one.field: (one.words, one.by, one.file) for one in Source.objects.all()}
    assert said["iati_identifier"] == ("XX-9", mary, file)
    assert said["budget"][0] == "150000.50"


def test_what_is_known_stays_unless_a_person_overwrites_it(client, cast, mary, known):
    client.force_login(mary)
    page = send(client, cast.ministry, xml("XX-1"))
    [row] = page.context["rows"]
    outcomes = {str(one["field"]): one["outcome"] for one in row["changes"]}
    assert outcomes.pop("Benefiting states") == "adds"
    assert set(outcomes.values()) == {"overwrites"}
    title = row["changes"][[str(one["field"]) for one in row["changes"]].index("Title")]
    assert (title["before"], title["after"]) == ("en: Fair recruitment", "en: Counting the lakes")
    file = StoredFile.objects.latest("pk")
    form = client.get(decide(file))
    assert "Nothing is chosen" in client.post(decide(file), untouched(form)).content.decode()
    client.post(decide(file), untouched(form, budget=str(file.pk), areas=str(file.pk)))
    known.refresh_from_db()
    assert (known.budget, known.start) == (Decimal("150000.50"), "2025")
    assert known.title["en"] == "Fair recruitment"
    assert known.title["ru"] == "Справедливый найм"
    assert sorted(one.area for one in known.beneficiaries.all()) == ["ke", "xs"]


def test_a_file_that_was_taken_in_changes_nothing_the_second_time(client, cast, mary):
    client.force_login(mary)
    for _time in range(2):
        page = send(client, cast.ministry, xml("XX-9"))
        file = StoredFile.objects.latest("pk")
        if page.context["rows"][0]["changes"]:
            client.post(decide(file), untouched(client.get(decide(file))))
    assert page.context["rows"][0]["changes"] == []
    assert client.get(decide(file)).status_code == 404


def test_a_change_meanwhile_is_not_overwritten(client, cast, mary, known):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-1"))
    file = StoredFile.objects.latest("pk")
    sent = untouched(client.get(decide(file)), budget=str(file.pk))
    register.save(by=mary, project=known, revision=known.revision, budget=Decimal(7))
    page = client.post(decide(file), sent)
    assert page.status_code == 200
    assert Project.objects.get().budget == 7


def test_a_hidden_project_is_not_new_and_says_nothing_of_itself(client, cast, zoe, known):
    client.force_login(zoe)
    page = send(client, cast.abroad, xml("XX-1"))
    assert "not yours to change" in page.content.decode()
    assert "Fair recruitment" not in page.content.decode()
    assert client.get(decide(StoredFile.objects.latest("pk"))).status_code == 404
    assert Project.objects.count() == 1


def test_only_whoever_handed_the_file_in_and_keeps_projects_may_look_at_it(client, cast, mary, zoe):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-9"))
    file = StoredFile.objects.get()
    pages = [f"{reverse('iati-import-review')}?file={file.pk}", decide(file)]
    client.force_login(zoe)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    client.force_login(cast.nobody)
    assert [client.get(page).status_code for page in pages] == [403, 403]
    client.logout()
    assert [client.get(page).status_code for page in pages] == [302, 302]


@pytest.mark.parametrize("query", ["", "?file=x", "?file=1e3", "?file=99999999999", "?file=٣"])
def test_an_address_made_up_finds_nothing(client, mary, query):
    client.force_login(mary)
    assert client.get(reverse("iati-import-review") + query).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><iati-activities version="2.03">&b;</iati-activities>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><iati-activities>&b;</iati-activities>',
        "<iati-activities",
        "no xml",
        "<other/>",
    ],
)
def test_a_hostile_file_is_refused_with_its_reason(client, cast, mary, text):
    client.force_login(mary)
    page = send(client, cast.ministry, text)
    assert page.status_code == 200
    assert page.context["faults"]
    assert page.context["rows"] == []
    assert "root:" not in page.content.decode()


def test_an_activity_named_twice_or_not_at_all_is_refused(client, cast, mary):
    client.force_login(mary)
    page = send(client, cast.ministry, xml("XX-9", "XX-9", "", "X" * 121))
    assert [row["came"].refused for row in page.context["rows"]] == [
        "twice",
        "twice",
        "no-identifier",
        "long-identifier",
    ]


@pytest.mark.parametrize("budget", ["-5", "NaN", "Infinity", "1.234", "1e30"])
def test_an_amount_that_the_register_cannot_keep_is_never_taken(client, cast, mary, budget):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-9", budget=budget))
    file = StoredFile.objects.get()
    client.post(decide(file), untouched(client.get(decide(file))))
    assert Project.objects.get().budget is None


def test_markup_in_a_file_is_shown_as_words(client, cast, mary):
    client.force_login(mary)
    text = xml("XX-9").replace("Counting the lakes", "&lt;script&gt;alert(1)&lt;/script&gt;")
    assert "<script>alert" not in send(client, cast.ministry, text).content.decode()


def test_too_many_activities_are_refused(client, cast, mary):
    client.force_login(mary)
    page = send(client, cast.ministry, xml(*(f"XX-{number}" for number in range(queries.MOST + 1))))
    assert page.context["rows"] == []
    assert page.context["faults"]


def test_the_register_is_asked_the_same_for_one_activity_and_for_many(
    client, cast, mary, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-1"))
    send(client, cast.ministry, xml(*(f"XX-{number}" for number in range(50))))
    one, many = StoredFile.objects.order_by("pk")
    queries.read(mary, one)
    with django_assert_max_num_queries(20) as asked:
        queries.read(mary, one)
    with django_assert_num_queries(len(asked)):
        queries.read(mary, many)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_file_is_taken_in_in_the_browser(tab, page, mary, known, tmp_path, language):
    """Handed in, looked at, decided, entered; accessible and without sideways scroll on a phone."""
    path = tmp_path / "activities.xml"
    path.write_text(xml("XX-1", "XX-9", "XX-8", ""), encoding="utf-8")
    tab.sign_in(mary)
    page.goto(f"{tab.server.url}/{language}/projects/")
    page.locator("main a[href$='/projects/iati/']").click()
    _look(page, language)
    page.locator("#id_upload").set_input_files(path)
    page.locator("main form button[type=submit]").click()
    _look(page, language)
    page.locator("main a[href*='activity=2']").click()
    _look(page, language)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/projects/iati/review/*")
    assert Project.objects.filter(iati_identifier="XX-9", state="proposal").exists()
    assert not tab.faults


def _look(page, language):
    for shape in (DESK, PHONE):
        page.set_viewport_size(shape)
        assert not accessible(page), (page.url, language)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, language)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{language}-{page.url.split('/')[-2]}-{shape['width']}.png")


def test_who_no_longer_works_for_the_institution_takes_nothing_in(client, cast, zoe, mary):
    client.force_login(mary)
    send(client, cast.ministry, xml("XX-9"))
    file = StoredFile.objects.get()
    Grant.objects.filter(user=mary).delete()
    Grant.objects.create(user=mary, role="project-manager", scope=cast.abroad.address)
    assert client.get(decide(file)).status_code == 404
    assert client.post(decide(file), {"revision": "0"}).status_code == 404
    assert not Project.objects.exists()
