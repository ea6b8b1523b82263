import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "how, said", [(400, "understood"), (403, "You may not"), (429, "Too many"), (500, "broke")]
)
def test_what_went_wrong_is_said_calmly_with_a_way_on(how, said):
    answer = Client(raise_request_exception=False).get(f"/en/fails/{how}/")
    assert answer.status_code == how
    html = answer.content.decode()
    assert said in html and 'href="/en/"' in html
    assert "as the test asks" not in html
    assert 'data-page="failed"' in html


def test_a_page_that_is_not_there_is_said_in_the_readers_language(client):
    answer = client.get("/ru/nowhere/?a=1")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "Такой страницы нет" in html
    assert 'href="/en/nowhere/?a=1"' in html


def test_who_is_not_signed_in_is_offered_to_sign_in_where_something_is_forbidden(client, cast):
    assert "/account/login/?next=/en/fails/403/" in client.get("/en/fails/403/").content.decode()
    client.force_login(cast.alice)
    assert "?next=" not in client.get("/en/fails/403/").content.decode()


def test_a_page_that_was_open_too_long_shows_what_was_typed_but_no_secret():
    client = Client(enforce_csrf_checks=True)
    typed = {
        "finding": "Costs <fell>",
        "reason": "Two\nlines",
        "secret": "hidden-thing",
        "password1": "hidden-thing",
        "csrfmiddlewaretoken": "hidden-thing",
        "empty": "",
    }
    answer = client.post("/en/report/", typed)
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "The page was open too long" in html
    assert 'value="Costs &lt;fell&gt;" readonly' in html and "Two\nlines</textarea>" in html
    assert "hidden-thing" not in html
    assert 'href="/en/report/"' in html
    assert 'data-page="failed"' in html
    assert '<form class="stacked"' not in html  # nothing that a foreign site could make one send on
    assert "no-store" in answer["Cache-Control"]
