"""The documents on a project: what its fact sheet and its reports are written from, and their files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from milepost import catalogue, values
from milepost.progress import results as progress
from milepost.progress import workplan as reckoning
from milepost.reports import project as written
from milepost.reports import sentences
from milepost.reports import specimen as shown
from milepost.reports.document import Block, Document, Heading
from milepost.reports.writers import docx, html, pdf
from milepost.reports.writers import reference as office
from milepost.values import Figure, Party, Text
from milepost.values.figures import Amount
from milepost.values.observation import Breakdown
from milepost.values.project import Project as ProjectValue
from milepost.values.project import Share
from milepost.values.results import Reference
from milepost.web.projects.cells import plain as exact
from milepost.web.projects.models import (
    BudgetLine,
    Engagement,
    PostMonth,
    Project,
    ProjectReport,
    ReportVersion,
    ResultIndicator,
    Task,
)
from milepost.web.projects.queries import (
    breakdowns,
    engagements,
    reference,
    reports,
    spending,
    table,
    workplan,
)
from milepost.web.projects.queries.lifecycle import STATES
from milepost.web.projects.queries.matrix import Matrix, matrix
from milepost.web.ui import addresses
from milepost.web.ui.templatetags.ui import figure, plain

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
"""{ending: what the file is}."""
DAY = timedelta(days=1)
MOST_REFERENCE = office.MOST_BYTES + 1
"""So many bytes of a reference document are read, to see whether it is too large."""


# The two documents ------------------------------------------------------------------------------------------


def fact_sheet(project: Project) -> Document:
    """The fact sheet in the reader's language: what everybody may know, with approved figures only."""
    language, today = get_language() or "en", timezone.localdate()
    found = matrix(project)
    content = written.ProjectReport(
        project=_record(project, found, language),
        kind="interim",
        start=project.first_day or today,
        end=today,
        language=language,
        day=today,
        author=plain(project.institution.name),
        facts=(*_key_facts(project), *_money_in_words(project)),
        achieved=tuple(_achieved(found, today)),
        origin=_origin_of_sheet(project),
        trace=project.address,
    )
    return pdf.fitted(written.fact_sheet(content), most=1)[0]


def report(one: ProjectReport) -> Document:
    """A report in its own language with the figures as they are now, up to its last day."""
    with override(one.language):
        return _only(one, written.report(_content(one)))


def _content(one: ProjectReport) -> written.ProjectReport:
    project, found = one.project, _until(matrix(one.project), one.end)
    number = one.versions.count() + 1
    said = {part: reports.words(one, part) for part in reports.parts(one)}
    explained = {
        row.code: said[f"result:{row.pk}"] for row in found.rows.values() if f"result:{row.pk}" in said
    }
    with_money = one.part != ProjectReport.Part.NARRATIVE
    return written.ProjectReport(
        project=_record(project, found, one.language),
        kind=one.kind,  # type: ignore[arg-type]
        start=one.start,
        end=one.end,
        language=one.language,
        day=timezone.localdate(),
        version=str(number) if number > 1 else "",
        author=plain(project.institution.name),
        banner="" if one.state in reports.KEPT else _("Draft: it is not approved yet."),
        facts=(*_facts(project, known=False), *(() if with_money else _money_in_words(project))),
        narrative={part: words for part, words in said.items() if not part.startswith("result:")},
        explained=explained,
        achieved=tuple(_achieved(found, one.end + DAY, in_full=True)),
        workplan=tuple(_steps(project, one.end)),
        people=tuple(_posts(project, one.end)),
        spending=_spending(project, one.end) if with_money else None,
        engagements=tuple(_engagements(one)),
        risks=tuple(_risks(project)),
        sources=tuple(_sources(found)),
        trace=project.address,
    )


_NOT_FINANCIAL = ("Workplan and people", "Trainings, workshops and consultations", "Risks", "Narrative")
_NOT_NARRATIVE = ("Budget and expenditure",)


def _only(one: ProjectReport, document: Document) -> Document:
    """The document with the chapters that belong to the part of the report."""
    if one.part == ProjectReport.Part.ALL:
        return document
    say = sentences.translator(one.language)
    out = _NOT_FINANCIAL if one.part == ProjectReport.Part.FINANCIAL else _NOT_NARRATIVE
    without = {say(title) for title in out}
    kind = f"{document.kind}: {one.get_part_display()}"
    return replace(document, kind=kind, blocks=tuple(_kept(document.blocks, without)))


def _kept(blocks: Iterable[Block], without: set[str]) -> Iterator[Block]:
    keeping = True
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            keeping = block.words not in without
        if keeping:
            yield block


# The record -------------------------------------------------------------------------------------------------


def _record(project: Project, found: Matrix, language: str) -> ProjectValue:
    return ProjectValue(
        identifier=_code(project),
        title=project.text,
        description=Text(project.narrative),
        parties=tuple(Party(one.text, one.role) for one in project.parties.select_related("institution")),
        countries=tuple(Share(one.area, title=name) for name, one in table.endorsements(project)),
        tags=tuple(
            Reference("", tag.code, tag.name)
            if tag.framework == "domains"
            else Reference(tag.framework.upper(), tag.code)
            for tag in table.tags(project)
        ),
        currency=project.currency,
        language=language,
        results=found.tree,
    )


def _code(project: Project) -> str:
    return project.project_code or project.prima_code or project.iati_identifier or str(project.pk)


def _facts(project: Project, *, known: bool) -> Iterator[tuple[str, str]]:
    """The facts of the project's page: with `known` only those that are known and public, else those of the
    reports to a donor, with "" for what is not known.
    """
    yield _("State"), str(STATES[project.state])
    for label, words in table.facts(project, inside=not known):
        said = plain(words) if isinstance(words, Text) else str(words or "")
        if said != _code(project) and (said or not known):
            yield str(label), said


def _origin_of_sheet(project: Project) -> str:
    said = _("Source: register of projects, kept by {institution}. Figures are from approved reports only.")
    return said.format(institution=plain(project.institution.name))


def _key_facts(project: Project) -> Iterator[tuple[str, str]]:
    """What the public asks of a project first: without the codes by which offices find the record."""
    known = dict(_facts(project, known=True))
    return ((label, known[label]) for label in map(str, table.key_facts()) if label in known)


def _money_in_words(project: Project) -> Iterator[tuple[str, str]]:
    """The budget and its purposes, with the numbers of the project's page."""
    if project.budget is not None:
        yield _("Budget"), f"{figure(project.budget)} {project.currency}".strip()
    for purpose, amount, share in table.money(project):
        part = "" if share is None else f" ({sentences.percent(figure(share, 1), get_language() or 'en')})"
        yield _("Budget: {purpose}").format(purpose=purpose), f"{figure(amount)} {project.currency}{part}"


# Results ----------------------------------------------------------------------------------------------------


def _until(found: Matrix, end: date) -> Matrix:
    """The matrix with the periods that were over on a day: what is reported later stays out."""

    def cut(result: values.Result) -> values.Result:
        indicators = tuple(
            replace(one, periods=tuple(period for period in one.periods if period.end <= end))
            for one in result.indicators
        )
        return replace(result, indicators=indicators, below=tuple(map(cut, result.below)))

    return found._replace(tree=tuple(map(cut, found.tree)))


def _rows(
    found: Matrix, tree: Iterable[values.Result] | None = None
) -> Iterator[tuple[values.ResultIndicator, ResultIndicator]]:
    by_code = {(one.result.code, one.code): one for one in found.indicators.values()}
    for result in found.tree if tree is None else tree:
        for value in result.indicators:
            yield value, by_code[result.code, value.code]
        yield from _rows(found, result.below)


def _achieved(found: Matrix, today: date, *, in_full: bool = False) -> Iterator[written.Achieved]:
    """How each indicator stands on a day, as its page says it; with its cells where `in_full`."""
    for value, one in _rows(found):
        cells = breakdowns.cells(one) if in_full else [()]
        for cell in cells:
            answer = progress.assess(
                value, today=today, end=found.project.last_day, breakdown=cell, categories=one.categories
            )
            yield _one(one, cell, answer, _comparable(answer, today))


def _one(
    one: ResultIndicator, cell: Breakdown, answer: progress.Answer, period: progress.PeriodAnswer | None
) -> written.Achieved:
    """One row, with the target of a period where what is shown can be compared with it."""
    judged = period.progress if period else answer.progress
    return written.Achieved(
        one.result.code,
        one.code,
        baseline=_figure(answer.baseline.amount),
        target=_figure(period.target.amount) if period else None,
        actual=_figure(answer.actual.amount),
        end_target=_figure(answer.end_target.amount),
        reached=period.progress.reached if period else None,
        verdict=_verdict(judged, whole=period is None),
        breakdown=cell,
        name=breakdowns.name(cell) if cell else "",
        trace=one.address,
    )


def _comparable(answer: progress.Answer, today: date) -> progress.PeriodAnswer | None:
    """The last period that is over and has a target, if what was reached by then is the figure shown."""
    for period in reversed(answer.periods):
        if period.period.end < today and period.target.amount.value is not None:
            return period if period.to_date.amount == answer.actual.amount else None
    return None


def _verdict(found: progress.Progress, *, whole: bool) -> str:
    """Progress in words with its percentage; against the end target it says so. "" where none is judged."""
    language = get_language() or "en"
    if found.verdict == "not_computable":
        return ""
    word = sentences.result_verdict(found, language)
    if found.percent is None:
        return word
    share = sentences.percent(figure(found.percent.quantize(Decimal("0.1")), 1), language)
    return _("{share} of the way to the end target").format(share=share) if whole else f"{share}\n{word}"


_STATUSES: Mapping[str, Any] = {"missing": "O", "not_applicable": "M"}
"""Why there is no value -> the status that says it in a document."""


def _figure(amount: Amount) -> Figure | None:
    """An amount as the document prints it; None where nothing was reported."""
    if amount.value is None:
        status = _STATUSES.get(amount.reason or "", "A")
        return Figure(status=status, text=amount.text) if status != "A" or amount.text else None
    divided = amount.numerator is not None and amount.denominator is not None
    value = amount.value.quantize(Decimal("0.1")) if divided else amount.value
    return Figure(exact(value), exact(amount.numerator), exact(amount.denominator))


def _sources(found: Matrix) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where each figure comes from, without names of people."""
    project = found.project
    yield (
        _("Register of projects, record {code}, kept by {institution}.").format(
            code=_code(project), institution=plain(project.institution.name)
        ),
        (project.address,),
    )
    for value, one in _rows(found):
        days = [
            f"{_day(period.start)} – {_day(period.end)}"
            for period in found.periods
            if (one.pk, period.pk) in found.actuals
            and any(each.start == period.start for each in value.periods)
        ]
        how = plain(one.means_of_verification)
        said = (
            _("{name}: approved reports on {periods}.").format(name=_name(one), periods="; ".join(days))
            if days
            else _("{name}: no report is approved yet.").format(name=_name(one))
        )
        if how:
            said += " " + _("Means of verification: {how}").format(how=how)
        yield said, (one.address,)


def _name(one: ResultIndicator) -> str:
    return f"{one.code} {plain(one.title)}"


def _day(day: date) -> str:
    return workplan.said(day)


# Work, people, money, engagements, risks --------------------------------------------------------------------


def _steps(project: Project, end: date) -> Iterator[written.Step]:
    """The tasks as they stood on a day: what began or ended later had not."""
    for group in workplan.plan(project, today=end).groups:
        for row in group.rows:
            task = row.task
            began, ended = (_by(day, end) for day in (task.actual_start, task.actual_end))
            yield written.Step(
                group.activity.code if group.activity else "",
                plain(task.title),
                (task.start, task.end),
                (began, ended),
                str(workplan.STATES[_stood(task, began, ended, end)][1]),
                task.role,
                task.milestone,
            )


def _by(day: date | None, end: date) -> date | None:
    return day if day is not None and day <= end else None


def _stood(task: Task, began: date | None, ended: date | None, end: date) -> str:
    if ended is not None:
        return "done"
    if reckoning.late(reckoning.Task(task.pk, task.start, task.end, began), end):
        return "late"
    return "begun" if began is not None else "ahead"


def _posts(project: Project, end: date) -> Iterator[written.Post]:
    """Months by role: all that are planned, and those spent by the end of the report."""
    months = PostMonth.objects.filter(post__project=project).order_by("post__role").values("post__role")
    spent = Sum("spent", filter=Q(month__lte=end))
    for row in months.annotate(all=Sum("planned"), used=spent):
        yield written.Post(row["post__role"], exact(row["all"]), exact(row["used"]))


def _spending(project: Project, end: date) -> written.Spending:
    """Budget lines and what was spent of them up to a day."""
    spent = Sum("expenditures__amount", filter=Q(expenditures__day__lte=end))
    found = list(project.budget_lines.annotate(used=spent))
    known = [one.used for one in found if one.used is not None]
    budget = sum((one.amount for one in found), Decimal(0)) if found else project.budget
    total = _burn(project, budget, sum(known, Decimal(0)) if known else None, end)
    lines = tuple(
        _line(
            plain(one.title),
            one.kind if one.kind in written.LINES else str(one.get_kind_display()),
            _burn(project, one.amount, one.used, end),
        )
        for one in found
    )
    elapsed = total.elapsed_share
    return written.Spending(
        project.currency,
        end,
        lines,
        _line("", "", total),
        None if elapsed is None else elapsed * 100,
        total.points,
        _shared(project, found),
    )


def _shared(project: Project, lines: list[Any]) -> written.Shared | None:
    """What staff and office cost of the budget and of all that was spent, beside the rule of the fund."""
    ours = [one for one in lines if one.kind in (BudgetLine.Kind.STAFF, BudgetLine.Kind.OFFICE)]
    if not ours:
        return None
    planned = sum((one.amount for one in ours), Decimal(0))
    budget = project.budget or sum((one.amount for one in lines), Decimal(0))
    spent = [one.used for one in ours if one.used is not None]
    used = sum(spent, Decimal(0)) if spent else None
    all_used = sum((one.used for one in lines if one.used is not None), Decimal(0))
    rule = _rule(project, "staff-and-office-share")
    return written.Shared(
        planned,
        planned / budget * 100 if budget else None,
        used,
        used / all_used * 100 if used is not None and all_used else None,
        Decimal(str(rule.limit)) if rule else None,
        rule.source if rule else "",
        rule.url if rule else "",
    )


def _rule(project: Project, code: str) -> catalogue.FundRule | None:
    """The rule of the project's fund that holds for its year of approval; None where none is verified."""
    year = project.year or (project.first_day.year if project.first_day else None)
    fund = next((one for one in catalogue.funds() if one.code == project.fund), None)
    rules = fund.rules if fund else ()
    return next((one for one in rules if one.code == code and one.holds_in(year)), None)


def _burn(project: Project, budget: Decimal | None, spent: Decimal | None, end: date) -> reckoning.Burn:
    return reckoning.burn(budget, spent, project.first_day, project.last_day, today=end)


def _line(name: str, part: str, found: reckoning.Burn) -> written.Line:
    share = found.spent_share
    left = None if found.spent is None else found.left
    percent = None if share is None else share * 100
    return written.Line(name, part, found.budget, found.spent, percent, left=left)


def _engagements(one: ProjectReport) -> Iterator[written.Engagement]:
    """What was held from the first to the last day of the report, with who came and what was agreed."""
    held = Engagement.objects.filter(
        about=one.project.address,
        accepted_at__isnull=False,
        last_day__gte=one.start,
        last_day__lte=one.end,
    ).order_by("last_day", "pk")
    for each in held.prefetch_related("attendance", "agreements"):
        came = engagements.people(each.attendance.all())
        agreed = "; ".join(plain(point.what) for point in each.agreements.all())
        yield written.Engagement(
            plain(each.topic),
            str(each.get_kind_display()),
            each.last_day,
            each.place,
            came.women,
            came.men,
            came.unknown,
            agreed,
        )


def _risks(project: Project) -> Iterator[written.Risk]:
    for _number, risk, likelihood, impact in spending.risks_of(project).rows:
        if risk.state == "open":
            yield written.Risk(
                plain(risk.statement), str(likelihood), str(impact), plain(risk.response), risk.owner
            )


# Files and pages --------------------------------------------------------------------------------------------


def resolver(user: Any, root: str = "") -> html.Resolver:
    """From an address to its page, for what the reader may see; `root` goes before it in a file."""
    known: dict[str, str | None] = {}

    def page(address: str) -> str | None:
        if address not in known:
            found = addresses.find(user, address)
            known[address] = None if found is None else f"{root}{found.get_absolute_url()}"
        return known[address]

    return page


def look(project: Project, ending: str = "docx") -> bytes | None:
    """The Word file whose look the documents on a project have today; None for the house's, and elsewhere.

    MilepostError where the store has lost the file.
    """
    return reference.content(reference.of(project.institution)) if ending == "docx" else None


def as_file(
    document: Document, ending: str, *, user: Any = None, root: str = "", reference: bytes | None = None
) -> bytes:
    """The document as PDF, Word file or web page; with `user` the figures of the page lead to their pages.

    `reference` is the Word file whose look the Word file gets.
    """
    if ending == "pdf":
        return pdf.render(document)
    if ending == "docx":
        return docx.render(document, reference=reference)
    return html.render(document, resolver=resolver(user, root) if user is not None else None)


def specimen(institution: Any, language: str, day: date, held: bytes | None) -> bytes:
    """A Word file that shows every style in the look of a reference document; None: in the house's."""
    missing = docx.missing_styles(held) if held is not None else []
    made = shown.document(language, day, author=plain(institution.name), missing=missing)
    return docx.render(made, reference=held)


def article(document: Document, user: Any = None, *, level: int = 1) -> SafeString:
    """The document as a part of a page, its title a heading of `level`; with `user` figures lead to pages."""
    found = resolver(user) if user is not None else None
    return mark_safe(html.fragment(document, resolver=found, level=level))  # noqa: S308 - our writer escapes all words


def kept_article(version: ReportVersion) -> SafeString:
    """The page of a version as it was approved."""
    return mark_safe(version.article)  # noqa: S308 - written by `article` when it was approved


class Frozen(NamedTuple):
    """Everything of a report that is kept when it is approved."""

    as_of: datetime
    files: dict[str, tuple[str, bytes]]
    article: str


def frozen(one: ProjectReport) -> Frozen:
    """The report as it is now: its files with their names, and its page.

    The Word file has the look of the institution's reference document of this moment, and keeps it.
    """
    now, document = timezone.now(), report(one)
    files = {
        ending: (file_name(one, ending), as_file(document, ending, reference=look(one.project, ending)))
        for ending in KINDS
    }
    return Frozen(now, files, article(document, level=2))


def file_name(one: ProjectReport, ending: str) -> str:
    """What a file of a report is called."""
    return f"{_file_stem(one.project)}-{one.kind}-{one.end:%Y-%m-%d}-{one.language}.{ending}"


def sheet_name(project: Project, ending: str) -> str:
    """What a file of the fact sheet is called."""
    return f"{_file_stem(project)}-fact-sheet-{get_language() or 'en'}.{ending}"


def _file_stem(project: Project) -> str:
    letters = "".join(one if one.isascii() and one.isalnum() else "-" for one in _code(project))
    return letters.strip("-") or f"project-{project.pk}"
