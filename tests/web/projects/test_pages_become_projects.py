"""Project pages are handed in, and a person decides field by field what becomes of them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.web.files.models import StoredFile
from milepost.web.projects.models import Project, Source
from milepost.web.projects.queries import pages as queries
from milepost.web.traces.models import Edge
from tests.web.conftest import DESK, PHONE, accessible

LAKES = """Counting the Lakes of the North

  • Start Date
    2021
  • End Date
    2023
  • Project Status
    Completed
  • Project Type
    Labour Migration
  • Budget Amount (USD)
    150000.00
  • Projects ID
    LM.0999
  • Benefiting Member States
    Kenya Uganda

The lakes are counted, and those who move from one to the next.
"""
OTHER = LAKES.replace("150000.00", "160000.00")


def _hand_in(client, institution, *texts, name="page.txt"):
    uploads = [SimpleUploadedFile(name, text.encode()) for text in texts]
    return client.post(reverse("project-pages"), {"institution": institution.pk, "uploads": uploads})


def _decide(*files, project=None):
    asked = "&".join(f"file={file.pk}" for file in files)
    return f"{reverse('project-pages-decide')}?{asked}" + (f"&project={project.pk}" if project else "")


def _defaults(page, **more):
    """What a browser sends of a form that nobody touched."""
    form = page.context["form"]
    sent = {name: form[name].initial for name in form.fields}
    sent["language"] = "en"
    return {name: value for name, value in sent.items() if value is not None} | more


def _files():
    return list(StoredFile.objects.order_by("pk"))


@pytest.fixture
def lakes(client, cast, mary):
    """One page that Mary handed in."""
    client.force_login(mary)
    _hand_in(client, cast.ministry, LAKES)
    return StoredFile.objects.get()


def test_a_page_is_kept_as_it_came_and_becomes_nothing_by_itself(client, cast, mary):
    """The original with its owner; no project."""
    client.force_login(mary)
    answer = _hand_in(client, cast.ministry, LAKES)
    kept = StoredFile.objects.get()
    assert (kept.owner, kept.by, kept.size) == (cast.ministry.address, mary, len(LAKES.encode()))
    shown = client.get(answer.url).content.decode()
    assert "Counting the Lakes" in shown
    assert "150000.00" in shown
    assert not Project.objects.exists()


def test_the_narrative_is_read_before_anything_is_entered(client, cast, mary):
    """In its paragraphs and open to see; the site's menu is folded away; the button says what it does."""
    client.force_login(mary)
    paged = f"Get involved\n\n{LAKES}\nA second paragraph.\n"
    shown = client.get(_hand_in(client, cast.ministry, paged).url).content.decode()
    open_part = shown.split("<main", 1)[1].split("<details>")[0]
    assert "<p>The lakes are counted, and those who move from one to the next.</p>" in open_part
    assert "<p>A second paragraph.</p>" in open_part
    assert "Get involved" not in open_part
    assert "Enter it as a new project" in shown
    page = client.get(_decide(StoredFile.objects.get()))
    client.post(_decide(StoredFile.objects.get()), _defaults(page))
    assert "to the next.\n\nA second" in Project.objects.get().narrative["en"]


def test_a_page_becomes_a_project_with_the_words_it_rests_on(client, lakes):
    """Codes by vocabulary, words as printed, an edge; the status moves nothing."""
    page = client.get(_decide(lakes))
    assert "does not move the project" in page.content.decode()
    answer = client.post(_decide(lakes), _defaults(page))
    made = Project.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.type, made.start, made.end, made.budget) == ("LM", "2021", "2023", Decimal(150000))
    assert (made.project_code, made.currency, made.state) == ("LM.0999", "USD", "proposal")
    assert [one.area for one in made.beneficiaries.all()] == ["ke", "ug"]
    words = dict(Source.objects.values_list("field", "words"))
    assert (words["type"], words["areas"]) == ("Labour Migration", "Kenya, Uganda")
    assert Edge.objects.filter(source=made.address, relation="rests_on", target=lakes.address).exists()
    lakes.refresh_from_db()
    assert lakes.owner == made.address
    assert client.get(_decide(lakes)).status_code == 404  # it is taken


def test_what_the_register_says_stays_unless_a_person_chooses_otherwise(client, lakes, proposal):
    """By default only empty fields are filled; one radio button overwrites one field."""
    page = client.get(_decide(lakes, project=proposal))
    sent = _defaults(page)
    assert (sent["title"], sent["budget"], sent["project_code"]) == ("register", "register", str(lakes.pk))
    client.post(_decide(lakes, project=proposal), sent | {"budget": str(lakes.pk)})
    proposal.refresh_from_db()
    assert proposal.title["en"] == "Fair recruitment"
    assert (proposal.project_code, proposal.budget) == ("LM.0999", Decimal(150000))
    assert [one.area for one in proposal.beneficiaries.all()] == ["xs"]


def test_two_pages_of_one_project_that_differ_must_be_decided(client, cast, mary):
    """No budget is the default where two are printed; the one that is chosen names its page."""
    client.force_login(mary)
    _hand_in(client, cast.ministry, LAKES, OTHER)
    first, second = _files()
    pages = queries.read([first, second])
    assert pages[0].same == (second,)
    page = client.get(_decide(first, second))
    sent = _defaults(page)
    assert "budget" not in sent
    assert client.post(_decide(first, second), sent).status_code == 200
    assert not Project.objects.exists()
    client.post(_decide(first, second), sent | {"budget": str(second.pk)})
    assert Project.objects.get().budget == Decimal(160000)
    assert Source.objects.get(field="budget").file == second


def test_a_known_code_offers_the_project_that_has_it(client, lakes, mary, proposal):
    """A candidate by Projects ID."""
    assert queries.candidates(mary, queries.read([lakes])) == []
    Project.objects.filter(pk=proposal.pk).update(project_code="lm.0999")
    assert queries.candidates(mary, queries.read([lakes])) == [proposal]


def test_what_changed_meanwhile_is_not_overwritten(client, lakes, proposal):
    """The form is shown again, and the page is not taken."""
    page = client.get(_decide(lakes, project=proposal))
    Project.objects.filter(pk=proposal.pk).update(revision=proposal.revision + 1)
    answer = client.post(_decide(lakes, project=proposal), _defaults(page))
    assert "changed this meanwhile" in answer.content.decode()
    assert not Source.objects.exists()


@pytest.mark.parametrize("data", [b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04" + b"\0" * 60, b"\xff\x00\xfe" * 50])
def test_what_is_no_page_is_said_and_harms_nothing(client, cast, mary, data):
    """A PDF, an archive, bytes."""
    client.force_login(mary)
    upload = SimpleUploadedFile("../../page.txt", data)
    answer = client.post(reverse("project-pages"), {"institution": cast.ministry.pk, "uploads": [upload]})
    assert StoredFile.objects.get().name == "page.txt"
    shown = client.get(answer.url)
    assert shown.status_code == 200
    assert 'class="fault"' in shown.content.decode()


def test_script_on_a_page_stays_words(client, cast, mary):
    """Nothing of a page is markup here."""
    client.force_login(mary)
    answer = _hand_in(client, cast.ministry, LAKES.replace("Counting", "<script>alert(1)</script> Counting"))
    assert "<script>alert" not in client.get(answer.url).content.decode()


def test_only_who_may_enter_projects_hands_pages_in(client, cast, fred, zoe, lakes, proposal):
    """Others are sent away, and nobody decides on pages or projects of others."""
    client.logout()
    assert client.get(reverse("project-pages")).status_code == 302
    assert client.get(_decide(lakes)).status_code == 302
    client.force_login(cast.nobody)
    assert client.get(reverse("project-pages")).status_code == 403
    client.force_login(zoe)
    assert client.get(reverse("project-pages")).status_code == 200
    assert client.get(_decide(lakes)).status_code == 404
    assert _hand_in(client, cast.ministry, LAKES).status_code == 200  # not an institution of hers
    assert StoredFile.objects.count() == 1
    _hand_in(client, cast.abroad, LAKES)
    hers = StoredFile.objects.last()
    assert client.get(_decide(hers, project=proposal)).status_code == 404


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pages_are_read_in_the_browser(tab, page, cast, mary, proposal, language):
    """Pasted, looked at, decided, entered; accessible and without sideways scroll on a phone."""
    tab.sign_in(mary)
    page.goto(f"{tab.server.url}/{language}/projects/read/")
    page.locator("#id_text").fill(LAKES)
    for shape, name in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size(shape)
        assert not accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.locator("main form button[type=submit]").click()
    _look(page, language, "review")
    page.locator("main a[href*='read/decide']").first.click()
    _look(page, language, "decide")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/projects/*/")
    assert Project.objects.filter(project_code="LM.0999").exists()
    assert not tab.faults


def _look(page, language, name):
    for shape, width in ((DESK, "1440"), (PHONE, "390")):
        page.set_viewport_size(shape)
        assert not accessible(page), (name, language, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, language, width)
