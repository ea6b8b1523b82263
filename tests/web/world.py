"""One of everything in Sandoria, for tests that walk through all addresses."""

import datetime
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopFutureHandlers
from django.db import transaction
from django.utils import timezone

from milepost import catalogue
from milepost.values import Figure
from milepost.web.accounts import invitations
from milepost.web.accounts.models import Grant
from milepost.web.accounts.queries import forget_grants
from milepost.web.audit.models import Event
from milepost.web.discussions import actions as discussions
from milepost.web.frameworks import actions as frameworks
from milepost.web.indicators.actions import calendar, datasets, entry, lists, requests, targets
from milepost.web.indicators.models import Dataset, Observation
from milepost.web.intake.models import Mapping
from milepost.web.jobs import work
from milepost.web.jobs.models import Job
from milepost.web.microdata import actions as microdata
from milepost.web.microdata import records
from milepost.web.microdata.models import Measurement
from milepost.web.notices import actions as notices
from milepost.web.notices.models import Notice
from milepost.web.plans.actions import (
    comment_tables,
    consultations,
    laws,
    links,
    measures,
    reading,
    rounds,
    versions,
)
from milepost.web.plans.actions import register as policies
from milepost.web.plans.actions import reports as plan_reports
from milepost.web.plans.queries import report_content
from milepost.web.projects.actions import (
    contributions,
    engagements,
    lifecycle,
    matrix,
    register,
    reporting,
    reports,
    shapes,
    workplan,
)
from tests.cast import person
from tests.web.plans.tables import word

FIGURES = b"""\
Year,Series,Units,SEX,Value
2023,SL_EMP_RCOST,MONTHS_EARNINGS,,8.2
2024,SL_EMP_RCOST,MONTHS_EARNINGS,F,7.4
"""
CELL = {
    "indicator": "10.7.1",
    "series": "SL_EMP_RCOST",
    "unit_measure": "MONTHS_EARNINGS",
    "time_period": "2025",
}


def built(cast):
    """{name: thing}: a published dataset, a draft, and whatever hangs on them."""
    indicator = lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1", custodian=cast.office)
    published = sent(cast, "figures.csv", FIGURES)
    publish(published, by=cast.alice, reviewer=cast.bob)
    theirs = sent(cast, "theirs.csv", FIGURES.replace(b"8.2", b"9"), by=cast.frank, institution=cast.ministry)
    publish(theirs, by=cast.frank, reviewer=person("mina", ("reviewer", cast.ministry.address)))
    draft = sent(cast, "more.csv", FIGURES.replace(b"8.2", b"8.1"))
    indicator.refresh_from_db()
    target = targets.set_target(
        by=cast.carol, indicator=indicator, value=3, year=2030, source={"en": "Decree 12"}
    )
    request = requests.send(
        by=cast.carol,
        asking=cast.office,
        asked=cast.ministry,
        indicator=indicator,
        cells=[CELL],
        due=timezone.localdate() + datetime.timedelta(days=7),
    )
    release = calendar.plan(
        by=cast.bob,
        country=cast.sandoria,
        title={"en": "Recruitment cost"},
        planned_at=timezone.now() + datetime.timedelta(days=9),
        institution=cast.office,
        indicators=[indicator],
    )
    comment = discussions.comment(by=cast.alice, address=draft.address, text="Is 2023 final?")
    with transaction.atomic():
        notices.tell([cast.alice], kind="returned", address=draft.address)
    invited = person("ingrid", works_for=cast.office)
    return {
        "indicator": indicator,
        "published": published,
        "draft": draft,
        "form": entry.start_from_cells(
            by=cast.alice, institution=cast.office, indicator=indicator, cells=[CELL]
        ),
        "delivery": draft.delivery,
        "file": draft.delivery.file,
        "mapping": Mapping.objects.order_by("pk").first(),
        "target": target,
        "request": request,
        "release": release,
        "comment": comment,
        "notice": Notice.objects.get(user=cast.alice, kind="returned", address=draft.address),
        "observation": Observation.objects.first(),
        "job": Job.objects.filter(kind="dataset.preview").latest("pk"),
        "event": Event.objects.filter(address=published.address).first(),
        "tag": frameworks.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Pilot"}),
        "code": frameworks.add_code(
            by=cast.carol, country=cast.sandoria, list="destination", code="N", name={"en": "North"}
        ),
        "definition": frameworks.save_definition(
            by=cast.carol,
            country=cast.sandoria,
            text=catalogue.definition_file("10.7.4"),
            reason="",
            revision=0,
        ),
        "measurement": measured(cast),
        "invited": invited,
        "token": invitations.token(invited),
        **of_projects(cast, target),
        **of_plans(cast),
        "grant": cast.alice.grants.get(),
        "membership": cast.alice.memberships.get(),
    }


def of_projects(cast, target) -> dict:
    """A public project that runs, with a report that waits, and everything around it."""
    project = register.enter(
        by=cast.mary,
        institution=cast.ministry,
        title={"en": "Fair recruitment"},
        narrative={"en": "Workers pay too much."},
        type="LM",
        coverage="national",
        start="2025",
        end="2026",
        budget=Decimal(1000),
        currency="USD",
        gender_marker="1",
        manager=cast.mary,
        areas=["kg", "xs"],
        tags={"iom": ["3c4b", "3c5c"]},
        programme=register.save_programme(
            by=cast.mary, institution=cast.ministry, title={"en": "Recruitment"}, description={}
        ),
    )
    register.endorse_for(
        by=cast.mary, project=project, area="xs", day=datetime.date(2024, 9, 1), authority="Ministry"
    )
    rows = [None]
    for level, code in (("objective", "O"), ("outcome", "1"), ("output", "1.1")):
        made = matrix.add_result(
            by=cast.mary, project=project, level=level, code=code, title={"en": level}, parent=rows[-1]
        )
        rows.append(made)
    indicator = matrix.add_indicator(
        by=cast.mary, result=rows[-1], code="1.1.a", title={"en": "Persons trained"}
    )
    period = matrix.add_period(
        by=cast.mary, project=project, start=datetime.date(2025, 1, 1), end=datetime.date(2025, 6, 30)
    )
    for by, deed in ((cast.mary, "endorse"), (cast.fred, "approve"), (cast.mary, "start")):
        lifecycle.step(by=by, project=project, deed=deed, revision=project.revision)
    lifecycle.publish(by=cast.fred, project=project, revision=project.revision)
    actual = reporting.report(by=cast.mary, indicator=indicator, period=period, figures=[Figure(Decimal(12))])
    register.attach(
        by=cast.mary,
        project=project,
        upload=SimpleUploadedFile("agreement.pdf", b"%PDF-1.4"),
        name="agreement.pdf",
        kind="agreement",
        title={},
        public=False,
    )
    line = register.set_budget_line(
        by=cast.mary, project=project, kind="operational", title={"en": "Trainings"}, amount=Decimal(1000)
    )
    training = engagements.record(
        by=cast.mary,
        about=project,
        kind="training",
        first_day=datetime.date(2025, 2, 3),
        topic={"en": "Fair recruitment"},
        public=True,
    )
    return {
        "project_document": project.documents.get(),
        "task": workplan.add_task(
            by=cast.mary,
            project=project,
            title={"en": "Write the training"},
            start=datetime.date(2025, 1, 6),
            end=datetime.date(2025, 1, 31),
        ),
        "post": workplan.set_post(by=cast.mary, project=project, role="Project officer"),
        "expenditure": workplan.spend(
            by=cast.mary, line=line, day=datetime.date(2025, 2, 4), amount=Decimal(400)
        ),
        "risk": workplan.set_risk(
            by=cast.mary, project=project, statement={"en": "Staff leave"}, likelihood=2, impact=4
        ),
        "engagement": training,
        "agreement": engagements.agree(by=cast.mary, engagement=training, what={"en": "A guide"}),
        "link": engagements.count_for(
            by=cast.mary, engagement=training, indicator=indicator, what="participants"
        ),
        "report": reports.begin(
            by=cast.mary,
            project=project,
            kind="interim",
            part="both",
            start=datetime.date(2025, 1, 1),
            end=datetime.date(2025, 6, 30),
            language="en",
        ),
        "project": project,
        "programme": project.programme,
        "result": rows[-1],
        "result_indicator": indicator,
        "contribution": contributions.contribute(by=cast.mary, indicator=indicator, goal=target),
        "period": period,
        "actual": reporting.submit(by=cast.mary, actual=actual, revision=actual.revision),
        "view": register.keep_view(by=cast.mary, name="Labour", query="type=LM"),
        "shapes": shapes.load(
            by=cast.adam,
            upload=SimpleUploadedFile(
                "lake.geojson",
                b'{"type": "Polygon", "coordinates": [[[76, 42], [78, 42], [77, 43], [76, 42]]]}',
            ),
            source="Survey office, 2025",
            disclaimer={"en": "No opinion on any border.", "ru": "Не выражает мнения о границах."},
        ),
    }


def of_plans(cast) -> dict:
    """A public policy with a plan in force, an amendment of it, and a table that waits to be confirmed.

    Mary keeps the plans of the ministry, too.
    """
    Grant.objects.create(user=cast.mary, role="plan-coordinator", scope=cast.ministry.address)
    forget_grants(cast.mary)
    year = {"start": datetime.date(2026, 1, 1), "end": datetime.date(2030, 12, 31)}
    policy = policies.enter_policy(
        by=cast.mary, institution=cast.ministry, title={"en": "Migration policy"}, **year
    )
    plan = policies.enter_plan(by=cast.mary, policy=policy, title={"en": "Plan of action"}, **year)
    first = versions.begin(by=cast.mary, plan=plan)
    section = measures.add_section(
        by=cast.mary, version=first, level="objective", code="1", title={"en": "Fair recruitment"}
    )
    entry_ = measures.add(
        by=cast.mary,
        version=first,
        section=section,
        code="1.1",
        title={"en": "Adopt a law"},
        deadline="2027",
        institutions="Ministry of Labour",
    )
    measures.choose_coordinator(by=cast.mary, entry=entry_, institution=cast.ministry, revision=1)
    measures.add_indicator(by=cast.mary, entry=entry_, title={"en": "Laws"}, kind="output")
    first.refresh_from_db()
    versions.put_in_force(
        by=cast.mary,
        version=first,
        revision=first.revision,
        act={"en": "Resolution"},
        act_number="1",
        adopted=None,
        since=datetime.date(2026, 1, 1),
    )
    policies.show_policy(by=cast.mary, policy=policy, revision=policy.revision, public=True)
    with tempfile.TemporaryDirectory() as folder:
        path = word(Path(folder) / "act.docx")
        waiting = reading.hand_in(by=cast.mary, plan=plan, upload=path, name="act.docx")
    reported = of_plan_reports(cast, plan)
    asked = rounds.open_round(
        by=cast.mary,
        plan=plan,
        start=datetime.date(2026, 1, 1),
        end=datetime.date(2026, 3, 31),
        due=datetime.date(2026, 4, 15),
    )
    draft = versions.begin(by=cast.mary, plan=plan)
    amended = draft.entries.get()
    return {
        "round": asked,
        "answer": asked.answers.get(),
        "policy": policy,
        "plan": plan,
        "measure": amended.measure,
        "section": draft.sections.get(),
        "part": amended.indicators.get(),
        "plan_file": waiting,
        **reported,
        **of_consultations(cast, policy, amended.measure),
    }


def of_consultations(cast, policy, measure) -> dict:
    """A public consultation that is open, with a comment, a table that waits, a law and an origin."""
    asked = consultations.enter(
        by=cast.mary,
        policy=policy,
        plan=measure.plan,
        title={"en": "Draft of the plan"},
        start=datetime.date(2026, 3, 1),
        end=datetime.date(2026, 3, 31),
    )
    upload = SimpleUploadedFile("draft.pdf", b"%PDF-1.7 a draft")
    consultations.add_draft(by=cast.mary, consultation=asked, uploads=[(upload, "draft.pdf")])
    party = consultations.add_party(
        by=cast.mary, consultation=asked, kind="ministry", institution=cast.ministry, how=["written"]
    )
    consultations.step(by=cast.mary, consultation=asked, deed="open", revision=asked.revision)
    consultations.show(by=cast.mary, consultation=asked, revision=asked.revision, public=True)
    said = consultations.comment(
        by=cast.mary, consultation=asked, party=party, text="Add shelters", measure=measure
    )
    consultations.answer(
        by=cast.mary, comment=said, revision=said.revision, disposition="noted", reason="Later"
    )
    table = SimpleUploadedFile("comments.csv", b"From whom,Comment\nUnion,Add wages\n")
    law = laws.enter(
        by=cast.mary, policy=policy, title={"en": "Law"}, what={"en": "A licence"}, measure=measure
    )
    return {
        "consultation": asked,
        "party": party,
        "draft_comment": said,
        "comments_file": comment_tables.hand_in(
            by=cast.mary, consultation=asked, upload=table, name="comments.csv"
        ),
        "law": law,
        "origin": links.add_origin(
            by=cast.mary, measure=measure, kind="gap", document="Review", words={"en": "No register"}
        ),
    }


def of_plan_reports(cast, plan) -> dict:
    """A report on the second quarter: published, and open again for a further version."""
    approver = person("approver", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)
    days = {"start": datetime.date(2026, 4, 1), "end": datetime.date(2026, 6, 30)}
    over = rounds.open_round(by=cast.mary, plan=plan, due=datetime.date(2026, 7, 15), **days)
    answer = over.answers.get()
    rounds.save(
        by=cast.frank, answer=answer, revision=answer.revision, done="under_way", text="A draft is there."
    )
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=cast.mary, answer=answer, revision=answer.revision)
    rounds.close(by=cast.mary, one=over, revision=over.revision)
    report = plan_reports.begin(by=cast.mary, plan=plan, **days)
    plan_reports.edit_text(by=cast.mary, report=report, answer=answer, part="text", words="Drafted.")
    plan_reports.submit(by=cast.mary, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    plan_reports.approve(by=approver, report=report, revision=report.revision, digest=digest)
    version = plan_reports.publish(by=approver, report=report, revision=report.revision)
    plan_reports.reopen(by=approver, report=report, revision=report.revision, reason="A figure was late")
    return {"plan_report": report, "plan_published": version, "accepted_answer": answer}


def measured(cast) -> Measurement:
    """A measurement whose columns are still to be explained; its records are gone already."""
    receiver = records.Receiver(None, "file")
    with suppress(StopFutureHandlers):
        receiver.new_file("file", "workers.csv", "text/csv", None)
    receiver.receive_data_chunk(b"cost,earnings\n" + b"400,200\n" * 40, 0)
    one = microdata.start(
        by=cast.alice,
        country=cast.sandoria,
        institution=cast.office,
        indicator="10.7.1",
        year=2025,
        received=receiver.file_complete(0),
    )
    receiver.close()
    return one


def sent(cast, name: str, content: bytes, by=None, institution=None) -> Dataset:
    """A draft of a file that Alice uploaded, unless told otherwise, read; its mapping is remembered."""
    dataset = datasets.start(
        by=by or cast.alice,
        upload=SimpleUploadedFile(name, content),
        name=name,
        country=cast.sandoria,
        institution=institution or cast.office,
    )
    work.run_all()
    dataset.refresh_from_db()
    return dataset


def publish(dataset: Dataset, *, by, reviewer) -> None:
    """Have a draft reviewed by another person, and published."""
    submitted = datasets.submit(by=by, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=reviewer, dataset=submitted, revision=submitted.revision)
