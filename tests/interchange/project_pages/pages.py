"""A tiny writer of project pages: the same facts in every layout that is known."""

from collections.abc import Mapping

LABELS = {
    "en": {
        "start": "Start Date", "end": "End Date", "status": "Project Status", "type": "Project Type",
        "budget": "Budget Amount (USD)", "coverage": "Coverage", "year": "Year", "region": "IDF Region",
        "prima_id": "Prima ID", "project_id": "Projects ID", "member_states": "Benefiting Member States",
    },
    "fr": {
        "start": "Date de début", "end": "Date de fin", "status": "Statut du projet",
        "type": "Type de projet",
        "budget": "Budget Amount (USD)", "coverage": "Couverture", "year": "Année", "region": "IDF Region",
        "prima_id": "Prima ID", "project_id": "Projet ID",
        "member_states": "Etat(s) membre(s) beneficiaires remplissant les conditions requises",
    },
    "ru": {
        "start": "Дата начала", "end": "Дата окончания", "status": "Статус проекта", "type": "Тип проекта",
        "budget": "Бюджет (USD)", "coverage": "Охват", "year": "Год", "region": "Регион",
        "prima_id": "Prima ID",
        "project_id": "Код проекта", "member_states": "Государства-члены",
    },
    "es": {
        "start": "Fecha de inicio", "end": "Fecha de finalización", "status": "Estado del proyecto",
        "type": "Tipo de proyecto", "budget": "Presupuesto (USD)", "coverage": "Cobertura", "year": "Año",
        "region": "Región", "prima_id": "Prima ID", "project_id": "Código del proyecto",
        "member_states": "Estados Miembros beneficiarios",
    },
}  # fmt: skip
MENU = """-
Who we are
WHO WE ARE A sentence about who we are.
- Where we work
Get involved
Get involved
- 2030 Agenda
"""
OLD_MENU = "- About\n- Support\n- Contact Us\n- Donate Now\n"
UNLABELLED = ("region", "project_id", "prima_id", "budget", "member_states", "type", "coverage", "status")


def dashes(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A dash, the label, the value: each on a line of its own, below the menu of the site."""
    lines = [f"-\n{LABELS[language][field]}\n{text}\n" if text else f"-\n{LABELS[language][field]}\n"
             for field, text in facts.items()]  # fmt: skip
    return f"{MENU}{title}\n{''.join(lines)}{narrative}\n"


def bullets(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Bulleted labels with indented values."""
    lines = [
        f"  • {LABELS[language][field]}\n" + (f"    {text}\n" if text else "")
        for field, text in facts.items()
    ]
    return f"{title}\n\n{''.join(lines)}\n{narrative}\n"


def plain(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Labels and values on lines of their own, with nothing to mark them."""
    lines = [f"{LABELS[language][field]}\n" + (f"{text}\n" if text else "") for field, text in facts.items()]
    return f"{title}\n\n{''.join(lines)}\n{narrative}\n"


def colons(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Label and value on one line."""
    lines = [f"{LABELS[language][field]}: {text}\n" for field, text in facts.items()]
    return f"{title}\n\n{''.join(lines)}\n{narrative}\n"


def tabs(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A table copied from elsewhere, cells parted by tabs."""
    lines = [f"{LABELS[language][field]}\t{text}\r\n" for field, text in facts.items()]
    return f"\ufeff{title}\r\n\r\n{''.join(lines)}\r\n{narrative}\r\n"


def bars(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A table as Markdown writes it."""
    lines = [f"| {LABELS[language][field]} | {text} |\n" for field, text in facts.items()]
    return f"# {title}\n\n| | |\n|---|---|\n{''.join(lines)}\n{narrative}\n"


def web(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A web page with a menu and a footer."""
    fields = [
        f'<div class="field"><div class="label">{LABELS[language][field]}</div>'
        + (f'<div class="items"><div>{text}</div></div></div>' if text else "</div>")
        for field, text in facts.items()
    ]
    return (
        "<!DOCTYPE html><html><head><title>Site</title><script>let a = 'Start Date'</script></head><body>"
        f"<nav><ul><li>Who we are</li></ul></nav><main><h1><span>{title}</span></h1>{''.join(fields)}"
        f"<div><p>{narrative}</p></div></main><footer><p>Contact us</p></footer></body></html>"
    )


def old_site(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """The title twice, then values without labels; states one a line; no dates."""
    lines = [facts[field].replace(", ", "\n") + "\n" for field in UNLABELLED if facts.get(field)]
    return f"{OLD_MENU}{title}\n{title}\n{''.join(lines)}{narrative}\n"


def french_colons(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Label and value on one line, with blanks around the colon as French sets them."""
    lines = [f"{LABELS[language][field]}\u00a0:\u202f{text}\n" for field, text in facts.items()]
    return f"{title}\n\n{''.join(lines)}\n{narrative}\n"


def bold(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Bold labels, as Markdown writes them."""
    lines = [f"- **{LABELS[language][field]}**: {text}\n" for field, text in facts.items()]
    return f"{title}\n=====\n\n{''.join(lines)}\n---\n\n{narrative}\n"


def headings(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Each label a heading of Markdown."""
    lines = [f"### {LABELS[language][field]}\n\n{text}\n\n" for field, text in facts.items()]
    return f"# {title}\n\n{''.join(lines)}\n---\n\n{narrative}\n"


def quoted(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Rows of a spreadsheet saved as CSV."""
    lines = [f'"{LABELS[language][field]}","{text}"\n' for field, text in facts.items()]
    return f"{title}\n\n{''.join(lines)}\n{narrative}\n"


def one_line(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """All facts on one line."""
    parts = [f"{LABELS[language][field]}: {text}" for field, text in facts.items()]
    return f"{title}\n\n{' | '.join(parts)}\n\n{narrative}\n"


def two_columns(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A table of label, value, label, value."""
    cells = [f"{LABELS[language][field]}\t{text}" for field, text in facts.items()]
    rows = ["\t".join(cells[at : at + 2]) + "\n" for at in range(0, len(cells), 2)]
    return f"{title}\n\n{''.join(rows)}\n{narrative}\n"


def wide(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A table of one project: a row of labels, a row of values."""
    labels = " | ".join(LABELS[language][field] for field in facts)
    rule = "|".join("---" for _ in facts)
    return f"# {title}\n\n| {labels} |\n|{rule}|\n| {' | '.join(facts.values())} |\n\n{narrative}\n"


def web_table(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """A table of a web page below what the site says of itself."""
    rows = [
        f"<tr><th>{LABELS[language][field]}&nbsp;:</th><td><p>{text}</p></td></tr>"
        for field, text in facts.items()
    ]
    return (
        f"<!DOCTYPE html><html><head><title>{title} | A fund</title></head><body>"
        "<div class='cookie-banner'><p>We bake cookies.</p></div><div role='banner'><h1>A fund</h1></div>"
        "<ul class='share'><li>Facebook</li><li>LinkedIn</li></ul>"
        f"<article><header><h1>{title}</h1></header><table>{''.join(rows)}</table><p>{narrative}</p></article>"
        "<div aria-hidden='true'>icons</div><div role='contentinfo'>A street</div></body></html>"
    )


def glued(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """Label and value side by side with no blank between: the page's style sheet sets them apart."""
    items = [f"<li><b>{LABELS[language][field]}</b><i>{text}</i></li>" for field, text in facts.items()]
    body = f"<h1>{title}</h1><ul>{''.join(items)}</ul><p>{narrative}</p>"
    return f"<!DOCTYPE html><html><body>{body}</body></html>"


def labels_first(title: str, facts: Mapping[str, str], narrative: str, language: str = "en") -> str:
    """All labels, then all values: what is copied of two columns side by side."""
    labels = [f"{LABELS[language][field]}\n" for field in facts]
    texts = [f"{text}\n" for text in facts.values() if text]
    return f"{title}\n\n{''.join(labels)}\n{''.join(texts)}\n{narrative}\n"


LABELLED = (
    dashes, bullets, plain, colons, tabs, bars, web, french_colons, bold, headings, quoted, one_line,
    two_columns, wide, web_table, glued,
)  # fmt: skip
