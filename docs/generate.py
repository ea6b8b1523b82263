"""Write docs/reference from the code, so that the reference cannot disagree with it."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils import translation

from milepost import catalogue, errors, interchange
from milepost.__main__ import COMMANDS
from milepost.cli import parser_of, sentence
from milepost.web.accounts.roles import DEEDS, ROLES

if not settings.configured:  # words of roles are translatable, which asks the settings; no database is needed
    settings.configure(USE_I18N=False)

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`. Change the code, not this page. -->"
SECTIONS = {
    "Files": errors.FILES,
    "Tables of series": errors.SERIES,
    "CSV and workbooks": errors.TABULAR,
    "SDMX": errors.SDMX,
    "IATI": errors.IATI,
    "Open SDG folders": errors.OPEN_SDG,
    "Checks of figures": errors.CHECKS,
    "Catalogue": errors.CATALOGUE,
    "Tally": errors.TALLY,
    "Rows of a delivery": errors.INCOMING,
    "Estimation": errors.MEASURE,
    "Microdata": errors.MICRODATA,
    "Measurements in the application": errors.MEASUREMENTS,
    "Disclosure control": errors.DISCLOSURE,
    "Application": errors.WEB,
    "Figures on their way to the public": errors.DATASETS,
    "Projects": errors.PROJECTS,
    "Project pages": errors.PROJECT_PAGES,
    "Results matrices": errors.RESULTS,
    "Tracking tables": errors.TRACKING,
    "Documents": errors.DOCUMENTS,
    "Plans of action": errors.PLANS,
    "Operation": errors.OPERATION,
}


def pages() -> dict[str, str]:
    """Every page of the reference: {file name: text}."""
    return {
        "commands.md": _commands(),
        "faults.md": _faults(),
        "formats.md": _formats(),
        "indicators.md": _indicators(),
        "frameworks.md": _frameworks(),
        "permissions.md": _permissions(),
    }


def _commands() -> str:
    parts = [NOTE, "# Commands", ""]
    subparsers = next(a for a in parser_of(COMMANDS)._actions if a.dest == "command")
    for name, command in COMMANDS.items():
        parts += [f"## milepost {name}", "", sentence(command.help), "", "```console"]
        parts += [f"$ {command.example}", "```", ""]
        for deed, parser in _deeds(subparsers.choices[name]).items():
            rows = [action for action in parser._actions if action.dest != "help"]
            if deed:
                parts += [f"### milepost {name} {deed}", ""]
            if rows:
                parts += ["| argument | meaning |", "|---|---|"]
                parts += [f"| `{_spelled(action)}` | {action.help} |" for action in rows]
                parts.append("")
    parts += ["Exit codes: 0 done, 1 faults or refused input, 2 a wrong call, 130 cancelled.", ""]
    return "\n".join(parts)


def _deeds(parser) -> dict:
    """The parsers of a command by deed; by "" where it has none of its own."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {"": parser}


def _spelled(action) -> str:
    name = action.option_strings[0] if action.option_strings else (action.metavar or action.dest)
    if not action.option_strings or action.nargs == 0:
        return name
    if action.metavar:
        return f"{name} {action.metavar}"
    return f"{name} {'/'.join(action.choices)}" if action.choices else f"{name} {action.dest.upper()}"


def _faults() -> str:
    parts = [NOTE, "# Faults", ""]
    parts += [
        "An *error* cannot be published so; a *warning* is for a person to decide;",
        "a *note* is worth knowing and no fault.",
        "",
    ]
    for title, kinds in SECTIONS.items():
        if kinds:
            parts += [f"## {title}", "", "| code | gravity | what | how to mend it |", "|---|---|---|---|"]
            parts += [
                f"| `{code}` | {k.gravity} | {_cell(k.what)} | {_cell(k.remedy)} |"
                for code, k in kinds.items()
            ]
            parts.append("")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _formats() -> str:
    parts = [NOTE, "# Formats", "", "| name | what | endings |", "|---|---|---|"]
    for name, form in interchange.FORMATS.items():
        endings = " ".join(f"`{e}`" for e in form.endings) or "a folder"
        parts.append(f"| `{name}` | {form.name} | {endings} |")
    return "\n".join([*parts, ""])


def _indicators() -> str:
    parts = [
        NOTE,
        "# Indicators",
        "",
        "| code | title | unit | method | better | source |",
        "|---|---|---|---|---|---|",
    ]
    for indicator in catalogue.indicators():
        parts.append(
            f"| {indicator.code} | {_cell(indicator.title['en'])} | {_cell(indicator.unit.name['en'])} "
            f"| {indicator.method or 'recorded, not computed'} | {indicator.direction} "
            f"| [{_cell(indicator.source.title)}]({indicator.source.url}) |"
        )
    return "\n".join([*parts, ""])


def _frameworks() -> str:
    parts = [NOTE, "# Frameworks", "", "| code | name | entries |", "|---|---|---|"]
    for framework in catalogue.frameworks():
        parts.append(f"| {framework.code} | {_cell(framework.name['en'])} | {len(framework.items)} |")
    return "\n".join([*parts, ""])


def _permissions() -> str:
    """Who may do what, in words."""
    with translation.override("en"):
        parts = [
            NOTE,
            "# Roles and permissions",
            "",
            "A role is given to a person for a place: an institution, a country, or the whole installation.",
            "A role for a country holds in its institutions too.",
            "Nobody approves what they submitted themselves, whatever roles they have.",
            "",
        ]
        for role in ROLES.values():
            parts += [f"## {role.title}", "", f"`{role.code}` {role.purpose}", ""]
            parts.append(f"Given for: {', '.join(map(str, role.places))}.")
            if role.second_factor:
                parts.append("A second factor is recommended.")
            parts += ["May:", "", *(f"- {deed}" for deed in role.deeds), ""]
        parts += ["## Permissions", "", "| permission | who has it may | roles |", "|---|---|---|"]
        for permission, deed in DEEDS.items():
            having = ", ".join(str(role.title) for role in ROLES.values() if permission in role.permissions)
            parts.append(f"| `{permission.name}` | {_cell(str(deed))} | {having} |")
    return "\n".join([*parts, ""])


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
