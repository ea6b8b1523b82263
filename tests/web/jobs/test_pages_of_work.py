import pytest
from django.urls import reverse

from milepost.web.jobs import actions, work
from milepost.web.jobs.models import Job, Worker
from milepost.web.jobs.queries import now
from tests.web.conftest import PHONE, accessible


@pytest.fixture
def job(cast):
    return actions.start("refuse", by=cast.alice, address=cast.office.address)


def page(client, user, name="job", *arguments):
    client.force_login(user)
    return client.get(reverse(name, args=arguments))


def test_who_started_it_sees_how_far_it_is_and_what_it_is_for(client, cast, job):
    Job.objects.update(status="running", step="Walking", done=1500, total=20000, started_at=now())
    text = page(client, cast.alice, "job", job.pk).content.decode()
    assert "Read what cannot be read" in text
    assert "1,500 of 20,000" in text
    assert '<progress id="progress" max="20000" value="1500"' in text
    assert "Statistical Office of Sandoria" in text
    assert 'hx-trigger="every 2s"' in text


def test_strangers_do_not_learn_that_it_is_there(client, cast, job):
    for stranger in (cast.bob, cast.charlie, cast.nobody):
        assert page(client, stranger, "job", job.pk).status_code == 404
        for deed in ("job-cancel", "job-retry"):
            assert client.post(reverse(deed, args=[job.pk])).status_code == 404
    assert page(client, cast.adam, "job", job.pk).status_code == 200


def test_readers_without_account_are_asked_to_sign_in(client, cast, job):
    for name, arguments in (("jobs", []), ("job", [job.pk])):
        answer = client.get(reverse(name, args=arguments))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert client.post(reverse("job-cancel", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.status == "queued"


def test_the_part_that_changes_is_sent_alone_when_asked_for(client, cast, job):
    client.force_login(cast.alice)
    part = client.get(reverse("job", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="state"')
    assert "<html" not in part


def test_faults_are_told_in_the_language_of_the_reader(client, cast, job):
    work.run_all()
    client.force_login(cast.alice)
    english = client.get(f"/en/work/jobs/{job.pk}/").content.decode()
    russian = client.get(f"/ru/work/jobs/{job.pk}/").content.decode()
    assert "is not a number." in english
    assert "visas.csv, row 4, column Value" in english
    assert "не число" in russian.lower() or "не является числом" in russian.lower()
    assert "hx-trigger" not in english  # nothing more will change
    assert "Try again" in english


def test_it_is_cancelled_and_done_again_without_script(client, cast, job):
    client.force_login(cast.alice)
    answer = client.post(reverse("job-cancel", args=[job.pk]), follow=True)
    assert "Cancelled" in answer.content.decode()
    answer = client.post(reverse("job-retry", args=[job.pk]), follow=True)
    assert "Waiting" in answer.content.decode()
    assert client.get(reverse("job-cancel", args=[job.pk])).status_code == 405


def test_what_came_of_it_is_led_to(client, cast, job):
    Job.objects.update(status="done", result={"address": cast.ministry.address})
    text = page(client, cast.alice, "job", job.pk).content.decode()
    assert f'<a class="button" href="{cast.ministry.get_absolute_url()}">' in text
    Job.objects.update(result={"address": "dataset:999"})
    assert "dataset:999" not in page(client, cast.alice, "job", job.pk).content.decode()


def test_the_list_has_ones_own_work_and_all_of_it_for_who_operates(client, cast, job):
    Worker.objects.create(name="machine:1", pid=1, heartbeat_at=now())
    own = page(client, cast.alice, "jobs").content.decode()
    assert "Read what cannot be read" in own
    assert "machine:1" not in own
    assert "There is no long work" in page(client, cast.bob, "jobs").content.decode()
    everything = page(client, cast.adam, "jobs").content.decode()
    assert "machine:1" in everything
    assert "Alice" in everything


@pytest.mark.browser
def test_the_page_follows_the_work_by_itself_and_everybody_can_use_it(tab, transactional_db, cast, job):
    tab.sign_in(cast.alice)
    tab.open(reverse("job", args=[job.pk]))
    assert accessible(tab.page) == []
    Job.objects.update(status="running", step="Walking", done=1, total=3, started_at=now())
    tab.page.wait_for_selector("progress")
    tab.page.set_viewport_size(PHONE)
    assert accessible(tab.page) == []
    tab.open(reverse("jobs"))
    assert accessible(tab.page) == []
    assert tab.faults == []
