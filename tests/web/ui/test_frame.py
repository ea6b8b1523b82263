import re

import pytest
from django.template import engines
from django.test import RequestFactory

from milepost.web.stakeholders.models import Country
from milepost.web.ui.memory import cache

pytestmark = pytest.mark.django_db


def html(client, path="/en/components/"):
    return client.get(path).content.decode()


def about(country):
    """A page about a country, for somebody who is not signed in."""
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/en/")
    request.user = AnonymousUser()
    page = engines["django"].from_string('{% extends "ui/base.html" %}')
    return page.render({"country": country}, request)


def test_the_language_switch_keeps_page_and_query(client):
    page = html(client, "/en/components/?page=3&year=2025")
    assert 'href="/ru/components/?page=3&amp;year=2025" hreflang="ru"' in page
    assert '<link rel="alternate" hreflang="ru" href="http://testserver/ru/components/">' in page
    assert '<html lang="ru" dir="ltr">' in html(client, "/ru/components/")


def test_where_an_example_is_served_every_page_says_so(client):
    assert "not an official site" not in html(client)
    Country.objects.create(code="xs", name={"en": "Sandoria"}, example=True)
    cache.clear()
    assert "not an official site" in html(client)
    assert "not an official site" in html(client, "/en/nowhere/")


def test_a_page_about_a_country_says_so_of_that_country_only(cast):
    Country.objects.filter(code="xs").update(example=True)
    cast.sandoria.refresh_from_db()
    assert "not an official site" in about(cast.sandoria)
    assert "not an official site" not in about(cast.norland)


def test_the_navigation_holds_what_a_reader_has_a_use_for(client, cast):
    assert ">My work<" not in html(client)
    client.force_login(cast.alice)
    page = html(client, "/en/work/")
    assert '<a href="/en/work/" aria-current="page">My work</a>' in page
    assert "Alice" in page and "Sign out" in page


def test_a_public_page_sets_no_cookie_so_that_it_can_be_kept(client):
    answer = client.get("/en/saved/")
    assert not answer.cookies


def test_nothing_inline_stands_in_the_way_of_a_strict_policy(client, cast):
    client.force_login(cast.alice)
    page = html(client)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", page)
    policy = client.get("/en/components/")["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
