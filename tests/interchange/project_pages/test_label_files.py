"""Another language is a file: labels in Ukrainian, and in Portuguese, are read once there is one."""

import pytest

from milepost.errors import MilepostError
from milepost.interchange import project_pages

UKRAINIAN = """\
language: uk
labels:
  start: [Дата початку]
  end: [Дата завершення]
  budget: [Бюджет проєкту]
  member_states: [Країни, Країни-бенефіціари]
  narrative: [Опис]
furniture: [Головна]
ends: [Слідкуйте за нами]
"""
PAGE = """\
Головна
Озера Півночі

Дата початку: 2021
Дата завершення: 2023
Бюджет проєкту (USD): 5 000
Країни: Kenya, Uganda

Опис
Проєкт рахує озера.
Слідкуйте за нами
Вулиця 1
"""


@pytest.fixture
def labels(tmp_path):
    def use(text, name="uk.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        project_pages.use_labels([tmp_path / name])

    yield use
    project_pages.use_labels([])


def test_a_label_file_adds_a_language(labels):
    before = project_pages.read_text(PAGE, "page.txt")
    assert before.record.end is None
    labels(UKRAINIAN)
    page = project_pages.read_text(PAGE, "page.txt")
    record = page.record
    assert (record.title, record.start, record.end) == ("Озера Півночі", "2021", "2023")
    assert (record.budget, record.currency) == (5_000, "USD")
    assert record.member_states == ("Kenya", "Uganda")
    assert record.narrative == "Проєкт рахує озера."
    assert page.problems == ()


def test_labels_that_ship_stay_known_beside_it(labels):
    labels(UKRAINIAN)
    text = "Lakes\nStart Date: 2019\nДата завершення: 2021\nСтатус проекта: Завершён"
    record = project_pages.read_text(text, "page.txt").record
    assert (record.start, record.end, record.status) == ("2019", "2021", "Завершён")


def test_a_file_no_longer_used_is_no_longer_known(labels):
    labels(UKRAINIAN)
    project_pages.use_labels([])
    assert project_pages.read_text(PAGE, "page.txt").record.end is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("labels: [", "expected"),
        ("", "empty"),
        ("- a\n- b\n", "no labels"),
        ("language: uk\n", "no labels"),
        ("labels: {hill: [Height]}\n", "hill is no field"),
        ("labels: {start: Begin}\n", "start is no list"),
        ("labels: {start: [2019]}\n", "start is no list"),
        ("labels: {start: [A]}\nmenu: [B]\n", "menu is not known"),
        ("labels: {start: [A]}\nfurniture: 5\n", "furniture is no list"),
    ],
)
def test_a_bad_label_file_is_refused_and_changes_nothing(labels, text, word):
    labels(UKRAINIAN)
    with pytest.raises(MilepostError, match=word):
        labels(text, "bad.yaml")
    assert project_pages.read_text(PAGE, "page.txt").record.end == "2023"
