"""The words that tables use: for totals, for units, for "no value", for the sexes, for targets."""

import re
from functools import lru_cache


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", "|").split("|"))


# English, Russian, French, Spanish, German, and the languages of Eastern Europe and Central Asia.
_TOTALS = _phrases("""total|totals|grand total|overall|all|both|both sexes|both genders|bothsex
    total or no breakdown|no breakdown|всего|итого|все|все население|всё население|оба пола|общий итог
    всего по республике|итого по стране|ensemble|total général|tous|toutes|les deux sexes|deux sexes
    ambos sexos|todos|todas|total general|insgesamt|gesamt|alle|beide geschlechter|zusammen|ogółem|razem
    celkem|totale|totaal|бардыгы|баары|жалпы|жалпысы|барлығы|барлық|жиыны|jami|hammasi|ҳамагӣ|ҳама
    ընդամենը|усяго|разом|усього""")
_ALL_OF = re.compile(
    r"(all|both) (sexes|genders|ages|age groups|areas?|regions?|groups|categories|types|levels|countries"
    r"|sectors|locations|occupations|industries|persons|households|quintiles|grades)"
)
_TOTAL_AND_OF_WHAT = re.compile(r"(total|insgesamt|всего|итого|ensemble)\s*[,:–—-]\s*\S.*")

_PER = re.compile(
    r"\bper\b|per_|/|\bна (1|10|100|душу|одно)|\bpro\b|\bje\b|\bpar\b|\bpour\b|\bpor\b|rate\b|"
    r"коэффициент|ratio|index|индекс|score|average|mean|средн|median|years of|probab"
)
_SHARE = re.compile(
    r"%|\bper ?cent|^pt\b|^pct|^share|^proportion|процент|\bдоля|удельный|prozent|anteil|pour ?cent"
)
_NUMBER = re.compile(r"(number|numbers|num|anzahl|nombre|número|liczba|число|количество|саны)")
_COUNT = re.compile(
    r"^(in )?(tho?usands?|millions?|billions?|тыс\S*|млн\.?|миллион\S*|tausend|mio\.?|milliers|1,?000)?\s*"
    r"(of )?(number|numbers|num|counts?|persons?|people|cases|victims|deaths|workers|households|children|"
    r"units?|items|countries|students|refugees|migrants|anzahl|personen|nombre|personnes|número|personas|"
    r"liczba|человек|чел\b|единиц\S*|ед\b|случа\S*|количество|число|численность|лиц|адам|киши|саны|"
    r"штук|шт\b)"
)
_AMOUNT = re.compile(
    r"\busd?\b|us\$|\$|dollars?|\beuros?\b|\beur\b|\bdrams?\b|\bamd\b|\bsoms?\b|\bkgs\b|\bсом|тенге|руб|"
    r"\bcon_usd\b|tonn?e?s?\b|\btons?\b|тонн|^t$|\bha\b|hectares?|гектар|\bkm2?\b|км2?|kilowatt|квт|"
    r"\bkg\b|litres|cubic|куб"
)

_FEMALE = _phrases("""f|female|females|woman|women|girls|girl|ж|жен|женщины|женский|женщина|девочки|девушки
    femme|femmes|féminin|filles|mujer|mujeres|frauen|weiblich|frau|аялдар|аял|әйелдер|ayollar|занон|կին
    կանայք|իգական|kobiety|жінки|жанчыны""")
_MALE = _phrases("""m|male|males|man|men|boys|boy|м|муж|мужчины|мужской|мужчина|мальчики|юноши
    homme|hommes|masculin|garçons|hombre|hombres|männer|männlich|mann|эркектер|эркек|ерлер|erkaklar|мардон
    տղամարդ|տղամարդիկ|արական|mężczyźni|чоловіки|мужчыны""")

_NO_VALUE = _phrases("""..|...|…|.|-|–|—|x|х|n/a|na|n.a.|n.d.|nd|nan|null|none|nil|:|*|**|c|?
    #n/a|#div/0!|#value!|#ref!|нет данных|н/д|н.д.|нд|нет|k.a.|k. a.|missing|not available|no data
    unknown|suppressed|confidential""")

UNIT_HEADERS = frozenset(
    {"unit", "unit of measure", "единица измерения", "единицы измерения", "өлчөө бирдиги"}
)
"""Headers of a column of units, besides the concept's own."""

_TARGET = re.compile(
    r"target|goal|forecast|project(ion|ed)|planned|scenario|прогноз|целев|цель|план|максат|нысана|ziel|"
    r"prognose|objectif|cible|prévision|\bmeta\b|previsión"
)


@lru_cache(maxsize=8192)
def spells_total(cell: str) -> bool:
    """Whether a category cell spells the word for "no breakdown" in one of many languages.

    >>> [spells_total(word) for word in ("Insgesamt", "Both sexes", "Total - Gender", "total (15-49)")]
    [True, True, True, False]
    """
    text = " ".join(cell.split()).casefold()
    return text in _TOTALS or bool(_ALL_OF.fullmatch(text) or _TOTAL_AND_OF_WHAT.fullmatch(text))


@lru_cache(maxsize=4096)
def kind_of_unit(unit: str) -> str:
    """What kind of thing a unit measures.

    "count" (people, cases), "number" (of anything, even an average), "amount" (money, mass), "share"
    (percent), "rate", "other", or "unknown" where there is no unit.

    >>> [kind_of_unit(unit) for unit in ("тыс. человек", "NUMBER", "USD", "PT", "PER_1000_POP", "IX", "")]
    ['count', 'number', 'amount', 'share', 'rate', 'other', 'unknown']
    """
    text = " ".join(unit.split()).casefold()
    if not text:
        return "unknown"
    if _SHARE.search(text):
        return "share"
    if _PER.search(text):
        return "rate"
    if _NUMBER.fullmatch(text):
        return "number"
    if _COUNT.match(text):
        return "count"
    return "amount" if _AMOUNT.search(text) else "other"


def is_female(cell: str) -> bool:
    """Whether a cell says female."""
    return cell.strip().casefold() in _FEMALE


def is_male(cell: str) -> bool:
    """Whether a cell says male."""
    return cell.strip().casefold() in _MALE


def says_no_value(cell: str) -> bool:
    """Whether a value cell holds a mark for "no value" instead of being blank."""
    return cell.strip().casefold() in _NO_VALUE


def says_target(cell: str) -> bool:
    """Whether a cell says that the row is a target or a forecast, which may lie in the future."""
    return bool(_TARGET.search(cell.casefold()))
