import gettext

from milepost.web.ui import languages

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def said(home, language, message):
    path = languages.compiled(home)[0] / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file).gettext(message)


def test_a_state_says_it_in_its_own_words(tmp_path):
    assert said(tmp_path, "ru", "Menu") == "Меню"
    own = tmp_path / "locale" / "ru" / "LC_MESSAGES" / "own.po"
    own.parent.mkdir(parents=True)
    own.write_text(HEAD + 'msgid "Menu"\nmsgstr "Разделы"\n', encoding="utf-8")
    assert said(tmp_path, "ru", "Menu") == "Разделы"
    assert said(tmp_path, "ru", "Cancel") == "Отмена"


def test_an_empty_translation_does_not_take_a_good_one_away(tmp_path):
    own = tmp_path / "locale" / "ru" / "LC_MESSAGES" / "own.po"
    own.parent.mkdir(parents=True)
    own.write_text(HEAD + 'msgid "Menu"\nmsgstr ""\n', encoding="utf-8")
    assert said(tmp_path, "ru", "Menu") == "Меню"


def test_a_folder_of_words_is_a_language_of_the_switch(tmp_path):
    own = tmp_path / "locale" / "ky" / "LC_MESSAGES" / "own.po"
    own.parent.mkdir(parents=True)
    own.write_text(HEAD + 'msgid "Menu"\nmsgstr "Меню"\n', encoding="utf-8")
    assert languages.offered(tmp_path) == [("en", "English"), ("ru", "Русский"), ("ky", "Кыргызча")]
