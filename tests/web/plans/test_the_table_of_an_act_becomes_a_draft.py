import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.interchange import plan_table
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import reading as actions
from milepost.web.plans.actions import versions
from milepost.web.plans.models import PlanVersion
from milepost.web.plans.queries import reading as queries
from milepost.web.plans.queries import versions as texts
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.revisions import Stale
from tests.web.plans.tables import HEADINGS, ROWS, word, workbook


@pytest.fixture
def stored(paula, plan, police, tmp_path):
    path = word(tmp_path / "act.docx")
    return actions.hand_in(by=paula, plan=plan, upload=path, name="План.docx")


def taken(paula, plan, stored, decisions=None, new=()):
    judged = queries.judge(plan, stored)
    decided = {"НПО": "none"} if decisions is None else decisions
    return actions.take_in(
        by=paula, plan=plan, stored=stored, digest=judged.digest, decisions=decided, new=new
    )


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_names_are_found_in_the_register_or_left_to_a_person(plan, stored):
    names = {
        one.printed: (one.institution.code if one.institution else "", one.why)
        for one in queries.judge(plan, stored).names
    }
    assert names == {
        "Министерство труда Сандории": ("labour", "register"),
        "МИД": ("police", "register"),
        "НПО": ("", ""),
        "Статистическая служба Сандории": ("statistics", "register"),
    }  # fmt: skip


def test_nothing_is_kept_before_it_is_confirmed(plan, stored):
    queries.judge(plan, stored)
    assert not PlanVersion.objects.exists()
    assert not Institution.objects.filter(name__ru="НПО").exists()


def test_an_undecided_name_is_refused(paula, plan, stored):
    with pytest.raises(MilepostError) as refused:
        taken(paula, plan, stored, {})
    assert codes(refused) == ["plan-name-undecided"]
    assert not PlanVersion.objects.exists()


@pytest.mark.parametrize("make", [word, workbook])
def test_it_becomes_a_draft_word_for_word(cast, paula, plan, police, tmp_path, make):
    path = make(tmp_path / ("act.docx" if make is word else "act.xlsx"))
    stored = actions.hand_in(by=paula, plan=plan, upload=path, name=path.name)
    version = taken(paula, plan, stored)
    assert [(one.level, one.code, one.parent_id is not None) for one in version.sections.all()] == [
        ("priority", "", False),
        ("objective", "1", True),
        ("objective", "2", True),
    ]
    law, training, register = version.entries.all()
    assert law.institutions == "Министерство труда Сандории (отв.), МИД"
    assert law.last_day == date(2026, 6, 30)
    assert {role.institution.code: role.kind for role in law.roles.all()} == {
        "labour": "coordinator",
        "police": "executor",
    }
    assert {role.institution.code: role.kind for role in training.roles.all()} == {"labour": "executor"}
    assert (register.repeated, register.last_day) == ("continuous", None)
    assert [str(one) for one in training.indicators.all()] == ["Число обученных лиц"]
    assert version.names == {
        "Министерство труда Сандории": cast.ministry.pk,
        "МИД": police.pk,
        "НПО": None,
        "Статистическая служба Сандории": cast.office.pk,
    }
    stored.refresh_from_db()
    assert version.file == stored
    assert stored.owner == version.address


def test_what_goes_out_says_the_same_when_it_comes_back(paula, plan, stored, tmp_path):
    version = taken(paula, plan, stored)
    sections = texts.as_value(version, "ru").sections
    for name in ("again.docx", "again.xlsx"):
        plan_table.write("План", sections, tmp_path / name, "ru")
        again = plan_table.read(tmp_path / name)
        first = [one for section in sections for one in section.all_measures]
        second = [one for section in again.sections for one in section.all_measures]
        assert [(one.code, one.title, one.institutions, one.deadline, one.expected) for one in second] == [
            (one.code, one.title, one.institutions, one.deadline, one.expected) for one in first
        ]


@pytest.fixture
def held(paula, plan, stored):
    version = taken(paula, plan, stored)
    return versions.put_in_force(
        by=paula,
        version=version,
        revision=version.revision,
        act={"ru": "Постановление"},
        act_number="1",
        adopted=None,
        since=date(2026, 1, 1),
    )


AMENDED = (
    ROWS[0],
    ROWS[1],
    ("1.1", "Обучить инспекторов", "2026-2027 гг.", "МИД (отв.)", "100 обучены", "Число обученных лиц"),
    ("1.2", "Открыть приёмную", "2027 г.", "Министерство труда Сандории (отв.)", "", ""),
    ROWS[4],
    ROWS[5],
)


def amended(paula, plan, tmp_path):
    path = word(tmp_path / "amended.docx", AMENDED)
    return actions.hand_in(by=paula, plan=plan, upload=path, name="amended.docx")


def test_an_amendment_goes_on_with_the_same_measures_by_words_then_by_number(paula, plan, held, tmp_path):
    judged = queries.judge(plan, amended(paula, plan, tmp_path))
    said = [
        (one.kind, (one.measure or one.before).code, one.before and one.before.code, one.doubtful)
        for one in judged.lines
    ]
    assert said == [
        ("change", "1.1", "1.2", False),  # the same words under another number
        ("add", "1.2", None, False),
        ("same", "2.1", "2.1", False),
        ("removed", "1.1", "1.1", False),
    ]
    assert {one.printed: one.why for one in judged.names}["НПО"] == ""  # it was none before: asked again


def test_a_number_with_other_words_is_a_doubt_that_a_person_settles(paula, plan, held, tmp_path):
    rows = (*ROWS[:2], ("1.1", "Разработать стратегию", *ROWS[2][2:]), *ROWS[3:])
    path = word(tmp_path / "other.docx", rows)
    stored = actions.hand_in(by=paula, plan=plan, upload=path, name="other.docx")
    first = queries.judge(plan, stored).lines[0]
    assert (first.kind, first.doubtful, first.before.code) == ("change", True, "1.1")
    version = taken(paula, plan, stored, new=["1.1"])
    new = version.entries.get(code="1.1")
    assert new.measure.key == "1.1-2"
    assert new.measure not in [one.measure for one in held.entries.all()]


def test_translations_stay_with_words_that_stay(paula, plan, held, tmp_path):
    training = held.entries.get(code="1.2")
    type(training).objects.filter(pk=training.pk).update(
        title={**training.title, "en": "Train inspectors"},
        expected={**training.expected, "en": "100 trained"},
    )
    version = taken(paula, plan, amended(paula, plan, tmp_path))
    again = version.entries.get(measure=training.measure)
    assert again.title == {"en": "Train inspectors", "ru": "Обучить инспекторов"}
    assert again.indicators.get().key == training.indicators.get().key


def test_a_preview_that_is_out_of_date_takes_nothing_in(cast, paula, plan, stored):
    judged = queries.judge(plan, stored)
    Institution.objects.create(
        country=cast.sandoria, code="ngo", kind="civil_society", name={"ru": "НПО"}
    )  # now the register knows it
    with pytest.raises(Stale):
        actions.take_in(by=paula, plan=plan, stored=stored, digest=judged.digest, decisions={"НПО": "none"})
    assert not PlanVersion.objects.exists()


def test_the_same_file_is_not_taken_twice(paula, plan, stored):
    version = taken(paula, plan, stored)
    with pytest.raises(MilepostError) as refused:
        taken(paula, plan, stored)
    assert codes(refused) == ["plan-has-a-draft"]
    versions.discard(by=paula, version=version, revision=version.revision, reason="x")
    with pytest.raises(Stale):
        taken(paula, plan, stored)


def test_another_person_cannot_take_or_see_the_file(cast, paula, plan, stored):
    with pytest.raises(PermissionDenied):
        taken(cast.frank, plan, stored)
    assert not queries.waiting(cast.frank, plan).exists()


def test_a_file_that_nobody_confirms_goes_after_a_day(paula, plan, stored):
    assert actions.drop_left() == 0
    StoredFile.objects.filter(pk=stored.pk).update(at=timezone.now() - timedelta(days=2))
    assert actions.drop_left() == 1


def hand_in(paula, plan, path, content):
    path.write_bytes(content)
    return actions.hand_in(by=paula, plan=plan, upload=path, name=path.name)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.docx", b"", "empty-file"),
        ("plan.docx", b"%PDF-1.7 no plan at all", "not-what-it-says"),
        ("plan.xlsx", b"PK\x03\x04 broken", "cannot-read"),
    ],
)
def test_a_file_that_is_none_is_refused_and_not_kept(paula, plan, tmp_path, name, content, code):
    with pytest.raises(MilepostError):
        hand_in(paula, plan, tmp_path / name, content)
    assert not StoredFile.objects.filter(name=name).exists()


def test_an_archive_that_unfolds_without_end_is_refused(paula, plan, tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 400_000_000)
    with pytest.raises(MilepostError):
        actions.hand_in(by=paula, plan=plan, upload=path, name="bomb.docx")
    assert not StoredFile.objects.exists()


def test_a_table_of_something_else_is_refused(paula, plan, tmp_path):
    path = word(
        tmp_path / "visas.docx", [("2024", "12", "", "", "", "")], ("Year", "Visas", "a", "b", "c", "d")
    )
    with pytest.raises(MilepostError) as refused:
        actions.hand_in(by=paula, plan=plan, upload=path, name="visas.docx")
    assert codes(refused) == ["plan-no-table"]
    assert refused.value.problems[0].origin.file == "visas.docx"


def test_bad_cells_are_told_and_the_worst_stop_it(paula, plan, police, tmp_path):
    rows = (
        ("1. Найм",),
        ("1.1", "Начать", "IV квартал 2027 - I квартал 2026", "МИД (отв.)", "", ""),
        ("1.1", "Повторить", "2031 г.", "МИД (отв.), МИД", "", ""),
        ("9" * 60, "Слишком длинный номер", "постоянно", "МИД (отв.)", "", ""),
    )
    stored = actions.hand_in(
        by=paula, plan=plan, upload=word(tmp_path / "bad.docx", rows), name="../<b>bad</b>.docx"
    )
    judged = queries.judge(plan, stored)
    found = {problem.code for problem in judged.problems}
    assert {
        "plan-deadline-backwards",
        "plan-code-twice",
        "plan-deadline-outside",
        "plan-text-too-long",
    } <= found
    assert judged.blocked
    with pytest.raises(MilepostError) as refused:
        taken(paula, plan, stored, {})
    assert codes(refused) == ["plan-text-too-long"]


def test_a_measure_is_named_twice_by_one_institution_and_has_it_once(paula, plan, police, tmp_path):
    rows = (("1.1", "Начать", "2026 г.", "МИД (отв.), Border Police of Sandoria", "", ""),)
    stored = actions.hand_in(by=paula, plan=plan, upload=word(tmp_path / "two.docx", rows), name="two.docx")
    version = taken(paula, plan, stored, {})
    assert [(one.institution, one.kind) for one in version.entries.get().roles.all()] == [
        (police, "coordinator")
    ]


def test_hostile_words_stay_words(client, paula, plan, police, tmp_path):
    rows = (("=1+1", "<script>alert(1)</script>", "2026 г.", "МИД (отв.), <img src=x>", "=cmd()", ""),)
    path = workbook(tmp_path / "hostile.xlsx", rows, HEADINGS)
    stored = actions.hand_in(by=paula, plan=plan, upload=path, name=path.name)
    client.force_login(paula)
    page = client.get(f"/en/policies/plans/{plan.pk}/read/{stored.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img src=x>" not in page


def test_money_by_source_and_the_gap_are_taken_and_shown_before(client, paula, plan, police, tmp_path):
    headings = (*HEADINGS, "Источники финансирования", "Стоимость, тыс. сомов")
    money = ("Бюджет\nМОМ (не обеспечено)", "1 200\n300"), ("Бюджет; МОМ", "500"), ("Бюджет", "по факту")
    lines = iter(money)
    rows = [row if len(row) == 1 else (*row, *next(lines)) for row in ROWS]
    path = workbook(tmp_path / "act.xlsx", rows, headings)
    stored = actions.hand_in(by=paula, plan=plan, upload=path, name=path.name)
    judged = queries.judge(plan, stored)
    doubts = [(one.code, one.origin.column) for one in judged.problems if one.code.startswith("plan-cost")]
    assert doubts == [("plan-cost-no-source", headings[-1]), ("plan-cost-unread", headings[-1])]
    client.force_login(paula)
    page = client.get(f"/en/policies/plans/{plan.pk}/read/{stored.pk}/").content.decode()
    assert "1,200,000 KGS" in page
    version = taken(paula, plan, stored)
    law, training, register = version.entries.all()
    assert [(one.source, one.amount, one.currency, one.committed) for one in law.costs.all()] == [
        ("Бюджет", 1_200_000, "KGS", True),
        ("МОМ", 300_000, "KGS", False),
    ]
    assert not training.costs.exists()
    assert register.funding == "Бюджет\nпо факту"
