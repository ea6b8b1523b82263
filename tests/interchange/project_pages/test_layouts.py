"""Pages as sites print them, each with its own trap; projects and fund are made up."""

from decimal import Decimal

from milepost.catalogue import code_list
from milepost.interchange import project_pages
from tests.interchange.project_pages import pages

STORY = "The story of the hills begins with a road, and it does not end with one."


def read(text, file="page.txt"):
    return project_pages.read_text(text, file)


def codes(page):
    return [problem.code for problem in page.problems]


def test_a_french_page_keeps_its_words_and_an_extra_label_goes_to_raw():
    text = """\
-
Qui sommes nous
Qui sommes nousUne phrase sur qui nous sommes, qui ne dit rien du projet, et qui finit ici.
Structure
Structure
- Structure organisationnelle
-
Agir
Agir
Engagez-vous
Engagez-vous
- 2030 AGENDA
Développement communautaire
-
Date de fin
2024
-
Statut du projet
Achevé
-
Type de projet
Migration de main-d'œuvre
-
Budget Amount (USD)
100000.00
-
IDF Region
Amérique latine et Caraïbes
-
Other Countries Benefiting at Time of Allocation
ChiliUruguay
-
Projet ID
LM.0999
-
Etat(s) membre(s) beneficiaires remplissant les conditions requises
Bolivie (État plurinational de) République démocratique du Congo Venezuela (République bolivarienne du))
"Alors que les mesures se multiplient, le projet :
- compte les routes ;
- compte les lacs.
"""
    page = read(text)
    record = page.record
    assert record.title == "Développement communautaire"
    assert (record.start, record.end, record.status) == (None, "2024", "Achevé")
    assert (record.type, record.currency) == ("Migration de main-d'œuvre", "USD")
    assert record.member_states == (
        "Bolivie (État plurinational de)", "République démocratique du Congo",
        "Venezuela (République bolivarienne du)",
    )  # fmt: skip
    assert record.narrative == (
        '"Alors que les mesures se multiplient, le projet :\n- compte les routes ;\n- compte les lacs.'
    )
    assert page.raw["Other Countries Benefiting at Time of Allocation"] == "ChiliUruguay"
    assert codes(page) == []


def test_labels_without_values_are_missing_and_the_narrative_below_is_no_state():
    text = """\
Hills and Their Movers in Kenya

  • Start Date
  • End Date
  • Project Type
    Environment and Climate Change
  • Budget Amount (USD)
  • IDF Region
    Africa
  • Prima ID
  • Benefiting Member States
Kenya is among the countries with the most hills. The project counts them.
"""
    page = read(text)
    assert (page.record.type, page.record.region) == ("Environment and Climate Change", "Africa")
    assert page.record.member_states is None
    assert (
        page.record.narrative == "Kenya is among the countries with the most hills. The project counts them."
    )
    assert page.raw["Prima ID"] == ""
    assert codes(page) == ["project-label-alone"] * 5


def test_a_type_that_no_vocabulary_holds_is_what_is_left_between_values_without_labels():
    page = read(
        f"Hills and Lakes\nHills and Lakes\nAfrica\nLM.0999\n1,000\nKenya\nHill Keeping\nNational\n{STORY}"
    )
    assert page.record.type == "Hill Keeping"
    assert codes(page) == ["project-type-guessed"]


def test_a_state_of_an_unknown_name_stays_among_the_states():
    text = f"Hills\nHills\nIB.0999\nCook Islands\nAtlantis\nSamoa\nImmigration and Borders\nRegional\n{STORY}"
    page = read(text)
    assert page.record.member_states == ("Cook Islands", "Atlantis", "Samoa")
    assert codes(page) == ["project-state-unknown"]


def test_global_is_the_coverage_unless_another_line_is():
    alone = read(f"Hills of the East\nHills of the East\nCH10P0999\nGlobal\n{STORY}")
    beside = read(f"Hills of the East\nHills of the East\nGlobal\nCH10P0999\nRegional\n{STORY}")
    twice = read(f"Hills of the East\nHills of the East\nGlobal\nCH10P0999\nGlobal\nActive\n{STORY}")
    assert (alone.record.coverage, alone.record.region) == ("Global", None)
    assert (beside.record.coverage, beside.record.region) == ("Regional", "Global")
    assert (twice.record.coverage, twice.record.region) == ("Global", "Global")
    assert "project-value-ambiguous" in codes(alone)


def test_a_title_that_is_a_word_of_a_vocabulary_is_still_the_title():
    page = read("- About\n- Donate Now\nLabour Migration\nLabour Migration\nAfrica\nCH10P0999\nNational\n")
    assert (page.record.title, page.record.type) == ("Labour Migration", None)


def test_label_and_value_on_one_line_with_nothing_but_a_blank():
    text = f"""\
Lakes of the North

Start Date 2024
End Date December 2025
Project Status Active
Budget Amount (USD) 150,000
Benefiting Member States Côte d'Ivoire Lao PDR Viet Nam Türkiye Cabo Verde Tanzania

Year after year the lakes are counted.
Budget
{STORY}
"""
    record = read(text).record
    assert (record.start, record.end, record.budget) == ("2024", "December 2025", Decimal(150_000))
    assert record.member_states == (
        "Côte d'Ivoire", "Lao PDR", "Viet Nam", "Türkiye", "Cabo Verde", "Tanzania",
    )  # fmt: skip
    assert record.narrative == f"Year after year the lakes are counted.\nBudget\n{STORY}"


def test_signs_that_nobody_sees_change_nothing():
    text = (
        "\ufeffLakes of the South\r\n\r\nStart\u00a0Date:\u00a02024\r\nPrima\u200b ID:\tKE10P0999\u200e\r\n"
    )
    text += "Budget\u00a0Amount (USD): 1\u202f500\u00a0000,50\r\n\r\n\r\nThe\u00a0story.\r\n"
    record = read(text).record
    assert (record.title, record.start, record.prima_id) == ("Lakes of the South", "2024", "KE10P0999")
    assert (record.budget, record.narrative) == (Decimal("1500000.50"), "The story.")


def test_bold_labels_and_a_heading_of_markdown():
    text = f"## Lakes of the West\n\n**Start Date:** 2019\n**Benefiting Member States:** Guinea\n\n{STORY}"
    record = read(text).record
    assert (record.title, record.start, record.member_states) == ("Lakes of the West", "2019", ("Guinea",))


def test_notes_above_a_saved_page_are_no_title():
    page = read(
        f"# url: https://fund.example/lakes\n# by hand\n\nLakes\n\nYear: 2019\nStatus: Active\n\n{STORY}"
    )
    assert page.record.title == "Lakes"
    assert page.unlabelled[:1] == ("# url: https://fund.example/lakes",)


def test_the_title_may_have_a_label():
    record = read(
        "Project title: Lakes and Roads\nStart Date: 2019\nStatus: Active\n\nIt counts lakes."
    ).record
    assert (record.title, record.narrative) == ("Lakes and Roads", "It counts lakes.")


def test_words_of_the_site_between_title_and_facts_are_no_title():
    record = read(
        "Lakes and Roads\nShare\n12 March 2021\n-\nStart Date\n2019\n-\nEnd Date\n2020\nIt counts."
    ).record
    assert record.title == "Lakes and Roads"


def test_a_menu_is_no_title():
    page = read(f"{pages.MENU}-\nStart Date\n2019\n-\nEnd Date\n2020\n{STORY}")
    assert page.record.title is None
    assert codes(page) == ["project-title-missing"]


def test_the_footer_of_the_site_is_no_narrative():
    page = read(f"Lakes\n-\nStart Date\n2019\n-\nEnd Date\n2020\n{STORY}\nContact us\nStreet 17\n© A fund")
    assert page.record.narrative == STORY
    assert page.unlabelled[-3:] == ("Contact us", "Street 17", "© A fund")


def test_states_may_stand_one_a_line_below_their_label_with_bullets():
    text = f"Lakes\n\nCountries:\n  • Kenya\n  • Uganda\nCoverage: Regional\nStatus: Active\n\n{STORY}"
    record = read(text).record
    assert record.member_states == ("Kenya", "Uganda")
    assert record.coverage == "Regional"


def test_headings_within_the_narrative_are_no_labels():
    narrative = f"{STORY}\nObjective: more lakes.\nYear\nSummary\n{STORY}"
    text = f"Lakes\n-\nStart Date\n2019\n-\nEnd Date\n2020\n{narrative}"
    assert read(text).record.narrative == narrative


def test_the_facts_of_an_evaluation_brief():
    text = f"""\
EVALUATION BRIEF

EX-POST EVALUATION OF THE PROJECT “LAKES AND ROADS OF FIJI”

Evaluation type:\tInternal
Evaluator:\tA person

PROJECT SUMMARY

The project “Lakes and Roads of Fiji” aimed to count the lakes.

Project information:

Geographical coverage:\tFiji (national)
Project type:\tLabour Migration
Project code:\tLM.0999 / FJ10P0999
Gender marker:\t2a
Project period:\tOctober 21, 2019 - January 21, 2020
Donor:\tA fund
Budget:\tUSD 37,887

KEY FINDINGS

{STORY}
"""
    page = read(text)
    record = page.record
    assert record.title == "Lakes and Roads of Fiji"
    assert (record.start, record.end) == ("October 21, 2019", "January 21, 2020")
    assert (record.budget, record.currency) == (Decimal(37_887), "USD")
    assert (record.project_id, record.prima_id) == ("LM.0999", "FJ10P0999")
    assert record.member_states == ("Fiji",)
    assert record.narrative == "The project “Lakes and Roads of Fiji” aimed to count the lakes."
    assert (page.raw["Gender marker"], page.raw["Donor"]) == ("2a", "A fund")
    assert codes(page) == []


def test_a_page_in_russian():
    text = f"""\
Дороги и озёра Севера

Дата начала: 1 марта 2023
Дата окончания: 2024
Статус проекта: Завершён
Бюджет: 37 887 долл. США
Государства-члены: Кыргызстан, Республика Молдова
Код проекта: LM.0999

{STORY}
"""
    record = read(text).record
    assert (record.start, record.status) == ("1 марта 2023", "Завершён")
    assert (record.budget, record.currency) == (Decimal(37_887), "USD")
    assert record.member_states == ("Кыргызстан", "Республика Молдова")


def test_a_page_in_spanish_without_marks():
    text = """\
Caminos y lagos
Fecha de inicio
2020
Estado del proyecto
Cobertura
Nacional
Países beneficiarios
México, Perú y Bolivia
El proyecto cuenta los lagos.
"""
    page = read(text)
    assert (page.record.start, page.record.status, page.record.coverage) == ("2020", None, "Nacional")
    assert page.record.member_states == ("México", "Perú", "Bolivia")
    assert page.record.narrative == "El proyecto cuenta los lagos."


def test_a_page_without_any_facts_has_a_title_and_a_narrative():
    record = read(f"Lakes of the North\n\n{STORY}").record
    assert (record.title, record.narrative) == ("Lakes of the North", STORY)


def test_a_hundred_member_states_are_a_value_and_no_paragraph():
    names = [text["en"] for code, text in code_list("areas").codes.items()][20:150]
    text = f"Lakes\n-\nMember States\n{' '.join(names)}\n-\nYear\n2019\n-\nPrima ID\nCH10P0999\n{STORY}"
    record = read(text).record
    assert record.member_states == tuple(names)
    assert (record.year, record.prima_id, record.narrative) == ("2019", "CH10P0999", STORY)


def test_a_dash_before_the_value_makes_it_no_label():
    page = read(
        f"Lakes\n-\nStart Date\n-\n2019\n-\nEnd Date\n-\nCoverage\n-\nNational\n-\nYear\n-\n2018\n{STORY}"
    )
    assert (page.record.start, page.record.end, page.record.coverage) == ("2019", None, "National")
    assert page.record.year == "2018"
    assert page.record.narrative == STORY


def test_values_without_labels_may_have_bullets():
    record = read(f"Lakes of Kenya\n• Africa\n• LM.0999\n• 1,000\n• Kenya\n• Active\n{STORY}").record
    assert (record.title, record.project_id, record.status) == ("Lakes of Kenya", "LM.0999", "Active")


def test_words_of_the_narrative_that_look_like_labels_stay_in_it():
    told = [
        "The project counts the lakes of the north and trains officers.", "Beneficiaries: 40 officers.",
        "Location: Nairobi and its hills", "Sector: roads", "Status: it is good.",
    ]  # fmt: skip
    text = "\n".join(["Lakes", "Start Date: 2021", "Status: Active", "Country: Kenya", *told])
    page = read(text)
    assert page.record.narrative == "\n".join(told)
    assert (page.record.status, page.record.type, page.record.member_states) == ("Active", None, ("Kenya",))
    assert codes(page) == []


def test_a_fact_below_the_narrative_is_still_a_fact():
    text = f"Lakes\nStart Date: 2021\nStatus: Active\nCountry: Kenya\n{STORY}\nCoverage: National\n"
    assert read(text).record.coverage == "National"


def test_a_title_that_was_broken_into_lines_is_one():
    text = "About\nCounting the Lakes and the Hills of the North for the\nGood of Those Who Move\n"
    page = read(f"{text}Start Date: 2021\nStatus: Active\n{STORY}")
    assert page.record.title == "Counting the Lakes and the Hills of the North for the Good of Those Who Move"


def test_a_state_whose_name_was_broken_into_lines_is_one():
    states = "Angola Democratic Republic of the\nCongo Eswatini"
    page = read(f"Lakes\nStart Date: 2021\nStatus: Active\nMember States: {states}\n\n{STORY}")
    assert page.record.member_states == ("Angola", "Democratic Republic of the Congo", "Eswatini")
    assert page.raw["Member States"] == states


def test_links_of_markdown_are_their_words():
    text = f"# [Lakes](https://fund.example)\n\nStart Date: 2021\nCountry: [Kenya](/kenya)\n\n{STORY}"
    record = read(text).record
    assert (record.title, record.member_states) == ("Lakes", ("Kenya",))
