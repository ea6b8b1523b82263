from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from milepost.errors import MilepostError
from milepost.web.notices import actions, queries, tasks
from milepost.web.notices.models import Letters, Notice
from milepost.web.notices.words import KINDS


@pytest.fixture(autouse=True)
def mail(settings, tmp_path):
    """Letters are kept as files, as in an installation without a mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.SITE_URL = "https://figures.example"
    return tmp_path


def progress(*_):
    """Nobody looks."""


def letters(folder):
    """The letters sent so far, by recipient."""
    found = {}
    for path in sorted(Path(folder).iterdir(), key=lambda path: path.stat().st_mtime_ns):
        letter = message_from_bytes(path.read_bytes().split(b"\n---", 1)[0], policy=policy.default)
        found.setdefault(letter["To"], []).append(letter)
    return found


def day(after):
    return timezone.localdate() + timedelta(days=after)


def tell(user, address, kind="review", **more):
    actions.tell([user], kind=kind, address=address, **more)


def tomorrow():
    """Let a day pass: what was done today was done yesterday."""
    for one in Letters.objects.exclude(mailed_on=None):
        one.mailed_on = one.mailed_on and one.mailed_on - timedelta(days=1)
        one.save()


def test_a_letter_says_what_is_to_do_and_where(cast, mail):
    tell(cast.bob, cast.office.address, due=day(-1))
    tell(cast.bob, cast.ministry.address, "published")
    assert tasks.digest(progress) == {"letters": 1}
    (letter,) = letters(mail)["bob@example.org"]
    text = letter.get_content()
    assert letter.get_content_type() == "text/plain"
    assert str(make_header(decode_header(letter["Subject"]))) == "Milepost: 2 things wait for you"
    for words in (
        "Dear Bob,",
        "▲ Overdue. Figures wait for your review: Statistical Office of Sandoria",
        "https://figures.example/en/work/notices/",
        "https://figures.example/en/work/notices/letters/",
    ):
        assert words in text
    assert "\n\n\n" not in text


def test_a_letter_is_in_the_language_of_its_reader(cast, mail):
    cast.bob.language = "ru"
    cast.bob.save()
    tell(cast.bob, cast.office.address)
    tasks.digest(progress)
    (letter,) = letters(mail)["bob@example.org"]
    assert "Статистическая служба Сандории" in letter.get_content()
    assert "/ru/work/" in letter.get_content()
    assert "Figures" not in letter.get_content()


def test_there_is_one_letter_a_day_and_nothing_is_said_twice(cast, mail):
    tell(cast.bob, cast.office.address)
    assert tasks.digest(progress) == {"letters": 1}
    tell(cast.bob, cast.ministry.address)
    assert tasks.digest(progress) == {"letters": 0}
    tomorrow()
    assert tasks.digest(progress) == {"letters": 1}
    tomorrow()
    assert tasks.digest(progress) == {"letters": 0}
    first, second = letters(mail)["bob@example.org"]
    assert "Statistical Office" in first.get_content()
    assert "Statistical Office" not in second.get_content()
    assert "Ministry of Labour" in second.get_content()


def test_what_is_due_within_three_days_is_said_every_day(cast, mail):
    tell(cast.bob, cast.office.address, due=day(3))
    tell(cast.bob, cast.ministry.address, due=day(4))
    tasks.digest(progress)
    tomorrow()
    tasks.digest(progress)
    first, second = letters(mail)["bob@example.org"]
    assert "Ministry of Labour" in first.get_content()
    assert "Statistical Office" in second.get_content()
    assert "Ministry of Labour" not in second.get_content()


def test_a_reminder_brings_a_thing_into_the_next_letter(cast, mail):
    tell(cast.bob, cast.office.address, due=day(8))
    tasks.digest(progress)
    tomorrow()
    Notice.objects.update(due=day(7))
    assert tasks.remind(progress) == {"reminders": 1}
    assert tasks.digest(progress) == {"letters": 1}


def test_who_wants_a_letter_a_week_or_none_gets_that(cast, mail):
    actions.choose_letters(often="weekly", by=cast.bob)
    actions.choose_letters(often="never", by=cast.carol)
    sent = []
    for number in range(15):
        tell(cast.bob, f"{cast.office.address}@{number}")
        tell(cast.carol, f"{cast.office.address}@{number}")
        if tasks.digest(progress)["letters"]:
            sent.append(number)
        tomorrow()
    assert sent == [0, 7, 14]
    assert set(letters(mail)) == {"bob@example.org"}


def test_nobody_gets_an_empty_letter(cast, mail):
    tell(cast.bob, "moon:1")
    tell(cast.alice, cast.office.address)
    actions.done(cast.office.address, "review", cast.bob)
    cast.carol.is_active = True
    tell(cast.carol, cast.office.address)
    type(cast.carol).objects.filter(pk=cast.carol.pk).update(is_active=False)
    assert tasks.digest(progress) == {"letters": 0}
    assert letters(mail) == {}


def test_a_letter_never_says_what_its_reader_may_not_see(cast, mail):
    cast.norland.open_to_public = False
    cast.norland.save()
    tell(cast.alice, cast.norland.address)
    tell(cast.alice, cast.office.address)
    tasks.digest(progress)
    (letter,) = letters(mail)["alice@example.org"]
    assert "Norland" not in letter.get_content()


def test_a_letter_that_cannot_be_sent_is_said_and_sent_the_next_time(cast, mail, settings):
    tell(cast.bob, cast.office.address)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    with pytest.raises(MilepostError, match="1 letters could not be sent"):
        tasks.digest(progress)
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert tasks.digest(progress) == {"letters": 1}


def test_two_workers_write_one_letter(cast):
    today = timezone.localdate()
    assert actions.claim_letter(cast.bob, today)
    assert not actions.claim_letter(cast.bob, today)
    actions.give_back_letter(cast.bob)
    assert actions.claim_letter(cast.bob, today)


def test_links_in_letters_begin_with_the_public_address(cast, settings):
    settings.SITE_URL = "https://figures.example.org"
    tell(cast.bob, cast.office.address)
    body = tasks.letter(cast.bob, queries.for_letter(cast.bob, timezone.localdate())).body
    links = [line for line in body.split() if "://" in line]
    assert links
    assert all(link.startswith("https://figures.example.org/en/work/") for link in links)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_can_stand_in_a_letter(cast, language):
    for kind in KINDS:
        tell(cast.bob, cast.office.address, kind, due=day(2))
    with override(language):
        letter = tasks.letter(cast.bob, queries.for_letter(cast.bob, timezone.localdate()))
    assert letter.body.count("/work/notices/") == len(KINDS) + 1
    assert "{" not in letter.body
