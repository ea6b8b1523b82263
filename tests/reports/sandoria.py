"""A project of the fictional country Sandoria, in the size of a real one."""
# ruff: noqa: E501 - a line is a row of made-up data

from datetime import date
from decimal import Decimal

from milepost.reports.project import (
    Achieved,
    Engagement,
    Line,
    Post,
    ProjectReport,
    Risk,
    Spending,
    Step,
)
from milepost.values import Text
from milepost.values.project import Marker, Party, Project, Share
from milepost.values.results import Baseline, Figure, Reference, Result, ResultIndicator

D = Decimal


def figure(value: int | str | None, **more) -> Figure:
    return Figure(None if value is None else D(value), **more)


def indicator(
    code: str, en: str, ru: str, *, year: int | None = 2023, base: Figure | None = None, **more
) -> ResultIndicator:
    known = Baseline(year, None, (base,)) if base else None
    return ResultIndicator(code, Text(en=en, ru=ru), baseline=known, **more)


RESULTS = (
    Result(
        "1",
        "objective",
        Text(
            en="Workers leave Sandoria informed, at fair cost and with skills that are recognised",
            ru="Работники выезжают из Сандории информированными, с приемлемыми расходами и признанными навыками",
        ),
        indicators=(
            indicator(
                "1.a",
                "Recruitment cost, months of earnings",
                "Расходы на трудоустройство, месячные заработки",
                base=figure("8.2"),
                direction="down",
            ),
        ),
        below=(
            Result(
                "1.1",
                "outcome",
                Text(
                    en="Prospective migrants decide on the basis of reliable information",
                    ru="Будущие мигранты принимают решения на основе достоверной информации",
                ),
                assumptions=Text(
                    en="Recruiters keep the licence rules of 2024.",
                    ru="Агентства соблюдают правила лицензирования 2024 года.",
                ),
                indicators=(
                    indicator(
                        "1.1.a",
                        "Share of departing workers who had pre-departure orientation",
                        "Доля выезжающих работников, прошедших предвыездную ориентацию",
                        base=figure("22.5", numerator=D(450), denominator=D(2000)),
                        measure="percentage",
                        unit="%",
                    ),
                ),
                below=(
                    Result(
                        "1.1.1",
                        "output",
                        Text(
                            en="Migrant resource centres are open in three provinces",
                            ru="В трёх провинциях открыты ресурсные центры для мигрантов",
                        ),
                        indicators=(
                            indicator(
                                "1.1.1.a",
                                "Persons advised",
                                "Число проконсультированных",
                                unit="persons",
                                base=figure(0),
                            ),
                            indicator(
                                "1.1.1.b",
                                "Centres with a written referral procedure",
                                "Центры с утверждённым порядком перенаправления",
                                base=figure(0),
                            ),
                            indicator(
                                "1.1.1.c",
                                "Satisfaction of clients, in words",
                                "Удовлетворённость посетителей, словами",
                                measure="qualitative",
                            ),
                        ),
                    ),
                    Result(
                        "1.1.2",
                        "output",
                        Text(
                            en="Recruitment agencies are trained in fair recruitment",
                            ru="Агентства по трудоустройству обучены справедливому найму",
                        ),
                        indicators=(
                            indicator("1.1.2.a", "Agencies trained", "Обученные агентства", base=figure(0)),
                            indicator(
                                "1.1.2.b",
                                "Complaints decided within 60 days",
                                "Жалобы, рассмотренные в течение 60 дней",
                                measure="percentage",
                                unit="%",
                                base=figure(None, status="O"),
                            ),
                        ),
                    ),
                ),
            ),
            Result(
                "1.2",
                "outcome",
                Text(
                    en="Skills of returning workers are recognised",
                    ru="Навыки вернувшихся работников признаются",
                ),
                indicators=(
                    indicator("1.2.a", "Certificates issued", "Выданные свидетельства", base=figure(120)),
                ),
                below=(
                    Result(
                        "1.2.1",
                        "output",
                        Text(
                            en="An assessment centre works in Port Merun",
                            ru="В Порт-Меруне работает центр оценки",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

WORDS = {
    "en": {
        "verdict": {
            "on": "on track",
            "below": "below target",
            "above": "above target",
            "kept": "kept",
            "none": "not computable",
        },
        "women": "Women",
        "men": "Men",
        "done": "done",
        "going": "under way",
        "late": "late",
        "not": "not started",
        "summary": "In its second year the project opened the third migrant resource centre and trained the licensed agencies.\n\nThe orientation became part of the exit procedure by order of the Ministry of Labour of Sandoria. Two matters are behind plan: the assessment centre, whose building permit was late, and the statistics of complaints, which the Ministry does not yet publish by duration.",
        "context": "Elections in March moved the adoption of the labour migration act to the autumn session. Demand for orientation grew with the new corridor to Veldmark.",
        "challenges": "- The permit for the assessment centre came four months late; equipment was bought meanwhile.\n- Agencies outside the capital could not send staff for three days; the training was split into modules.\n- Two counsellors left; their posts were filled in August.",
        "cross": "Women are 46 per cent of the persons advised. Counselling rooms are private, and a woman counsellor is on duty in every centre.",
        "lessons": "Orientation that is part of the exit procedure reaches four times as many workers as orientation by invitation.",
    },
    "ru": {
        "verdict": {
            "on": "по плану",
            "below": "ниже цели",
            "above": "выше цели",
            "kept": "сохраняется",
            "none": "не вычисляется",
        },
        "women": "Женщины",
        "men": "Мужчины",
        "done": "выполнено",
        "going": "выполняется",
        "late": "с опозданием",
        "not": "не начато",
        "summary": "На втором году проекта открыт третий ресурсный центр для мигрантов, а лицензированные агентства прошли обучение.\n\nПриказом Министерства труда Сандории ориентация включена в порядок выезда. По двум вопросам есть отставание: центр оценки навыков, разрешение на строительство которого выдано поздно, и статистика жалоб, которую Министерство пока не публикует по срокам рассмотрения.",
        "context": "Мартовские выборы перенесли принятие закона о трудовой миграции на осеннюю сессию. Спрос на ориентацию вырос с открытием нового направления — в Вельдмарк.",
        "challenges": "- Разрешение для центра оценки выдано с опозданием на четыре месяца; оборудование тем временем закуплено.\n- Агентства за пределами столицы не могли отпустить сотрудников на три дня; обучение разделено на модули.\n- Два консультанта уволились; вакансии закрыты в августе.",
        "cross": "Женщины составляют 46 процентов проконсультированных. Кабинеты изолированы, в каждом центре дежурит женщина-консультант.",
        "lessons": "Ориентация в составе порядка выезда охватывает вчетверо больше работников, чем ориентация по приглашению.",
    },
}


def content(language: str = "en", kind: str = "interim") -> ProjectReport:
    """The report of the project's second year, in English or Russian."""
    words = WORDS[language]
    en = language == "en"
    verdict = words["verdict"]
    women, men = (("sex", "F"),), (("sex", "M"),)
    project = Project(
        "MF.0412",
        Text(
            en="Fair recruitment and recognised skills in Sandoria",
            ru="Справедливый найм и признание навыков в Сандории",
        ),
        Text(
            en="Every year some 9,000 workers leave Sandoria, most of them through agencies and in debt. The project brings reliable information and orientation to the provinces, trains agencies and labour inspectors in fair recruitment, and has skills assessed that were learned at work abroad, so that returning workers find jobs of their level.",
            ru="Ежегодно из Сандории выезжает около 9 000 работников, в большинстве через агентства и в долг. Проект обеспечивает в провинциях достоверную информацию и ориентацию, обучает агентства и инспекторов труда справедливому найму и организует оценку навыков, полученных за рубежом, чтобы вернувшиеся находили работу своего уровня.",
        ),
        reporter=Party(Text(en="Office in Port Merun", ru="Представительство в Порт-Меруне")),
        parties=(
            Party(
                Text(en="Migration Fund of the Example States", ru="Миграционный фонд государств-примеров"),
                "1",
            ),
            Party(Text(en="Ministry of Labour of Sandoria", ru="Министерство труда Сандории"), "4"),
            Party(Text(en="Employers' Union of Sandoria", ru="Союз работодателей Сандории"), "4"),
        ),
        status="2",
        days=(
            ("planned_start", date(2024, 3, 1)),
            ("actual_start", date(2024, 4, 15)),
            ("planned_end", date(2026, 8, 31)),
        ),
        countries=(Share("XS", title=Text(en="Sandoria", ru="Сандория")),),
        tags=(
            Reference("SDG", "10.7.1"),
            Reference("SDG", "8.8.2"),
            Reference("GCM", "6"),
            Reference("GCM", "18"),
        ),
        markers=(Marker("2a", title=Text(en="Gender marker", ru="Гендерный маркер")),),
        results=RESULTS,
    )
    achieved = (
        Achieved(
            "1",
            "1.a",
            figure("8.2"),
            figure("6.5"),
            figure("6.1"),
            figure(5),
            D(124),
            True,
            verdict["above"],
            trace="observation:1",
        ),
        Achieved(
            "1.1",
            "1.1.a",
            figure("22.5"),
            figure(60, numerator=D(1500), denominator=D(2500)),
            figure("58.3", numerator=D(1458), denominator=D(2501)),
            figure(90),
            D("95.5"),
            False,
            verdict["on"],
            trace="observation:2",
        ),
        Achieved(
            "1.1",
            "1.1.a",
            None,
            None,
            figure("61.0"),
            breakdown=women,
            name=words["women"],
            trace="observation:3",
        ),
        Achieved(
            "1.1",
            "1.1.a",
            None,
            None,
            figure("56.0"),
            breakdown=men,
            name=words["men"],
            trace="observation:3",
        ),
        Achieved(
            "1.1.1",
            "1.1.1.a",
            figure(0),
            figure(4000),
            figure(4312),
            figure(9000),
            D(108),
            True,
            verdict["above"],
            trace="observation:4",
        ),
        Achieved(
            "1.1.1",
            "1.1.1.a",
            figure(0),
            None,
            figure(1984),
            breakdown=women,
            name=words["women"],
            trace="observation:4",
        ),
        Achieved(
            "1.1.1",
            "1.1.1.a",
            figure(0),
            None,
            figure(2328),
            breakdown=men,
            name=words["men"],
            trace="observation:4",
        ),
        Achieved(
            "1.1.1",
            "1.1.1.b",
            figure(0),
            figure(3),
            figure(3),
            figure(3),
            D(100),
            True,
            verdict["on"],
            trace="observation:5",
        ),
        Achieved(
            "1.1.1",
            "1.1.1.c",
            actual=Figure(status="M", text="good" if en else "хорошая"),
            trace="observation:5",
        ),
        Achieved(
            "1.1.2",
            "1.1.2.a",
            figure(0),
            figure(40),
            figure(31),
            figure(60),
            D("77.5"),
            False,
            verdict["below"],
            trace="observation:6",
        ),
        Achieved(
            "1.1.2",
            "1.1.2.b",
            figure(None, status="O"),
            figure(80),
            None,
            figure(90),
            verdict=verdict["none"],
        ),
        Achieved(
            "1.2",
            "1.2.a",
            figure(120),
            figure(300),
            figure(120),
            figure(500),
            D(0),
            False,
            verdict["below"],
            trace="observation:6",
        ),
    )
    steps = tuple(
        Step(
            code,
            en_title if en else ru_title,
            planned,
            actual,
            words[status],
            "ML" if code < "3" else "PM",
            milestone,
        )
        for code, en_title, ru_title, planned, actual, status, milestone in (
            (
                "1.1",
                "Open resource centres",
                "Открыть ресурсные центры",
                (date(2024, 4, 1), date(2025, 3, 31)),
                (date(2024, 5, 6), date(2025, 6, 20)),
                "done",
                False,
            ),
            (
                "1.2",
                "Write the referral procedure",
                "Разработать порядок перенаправления",
                (date(2024, 9, 1), date(2024, 12, 31)),
                (date(2024, 9, 16), date(2025, 1, 30)),
                "done",
                False,
            ),
            (
                "1.3",
                "Third centre opened",
                "Открыт третий центр",
                (date(2025, 3, 31), date(2025, 3, 31)),
                (date(2025, 6, 20), date(2025, 6, 20)),
                "done",
                True,
            ),
            (
                "2.1",
                "Train agencies and inspectors",
                "Обучить агентства и инспекторов",
                (date(2024, 10, 1), date(2025, 12, 31)),
                (date(2024, 11, 4), None),
                "going",
                False,
            ),
            (
                "2.2",
                "Publish statistics of complaints",
                "Опубликовать статистику жалоб",
                (date(2025, 1, 1), date(2025, 9, 30)),
                (None, None),
                "late",
                False,
            ),
            (
                "3.1",
                "Build the assessment centre in Port Merun",
                "Построить центр оценки навыков в Порт-Меруне",
                (date(2024, 8, 1), date(2025, 8, 31)),
                (date(2025, 1, 13), None),
                "late",
                False,
            ),
            (
                "3.2",
                "Assess skills",
                "Провести оценку навыков",
                (date(2025, 9, 1), date(2026, 7, 31)),
                (None, None),
                "not",
                False,
            ),
        )
    )
    lines = tuple(
        Line(
            en_name if en else ru_name,
            part,
            D(budget),
            None if spent is None else D(spent),
            None if percent is None else D(percent),
            note if en else ru_note,
            trace="transaction:1",
        )
        for en_name, ru_name, part, budget, spent, percent, note, ru_note in (
            (
                "Project manager and assistants",
                "Руководитель проекта и ассистенты",
                "staff",
                86000,
                "52410.55",
                "60.9",
                "",
                "",
            ),
            (
                "Office rent and supplies",
                "Аренда и содержание офиса",
                "office",
                24000,
                "16105",
                "67.1",
                "",
                "",
            ),
            (
                "Resource centres",
                "Ресурсные центры",
                "operational",
                98000,
                "94820.10",
                "96.8",
                "Third centre needed repairs.",
                "Третий центр потребовал ремонта.",
            ),
            ("Training of agencies", "Обучение агентств", "operational", 32000, "15400", "48.1", "", ""),
            (
                "Assessment centre",
                "Центр оценки навыков",
                "operational",
                50000,
                "8200",
                "16.4",
                "Permit late by four months.",
                "Разрешение выдано на четыре месяца позже.",
            ),
            (
                "Evaluation",
                "Оценка проекта",
                "operational",
                10000,
                None,
                None,
                "Due in 2027.",
                "Предстоит в 2027 году.",
            ),
        )
    )
    return ProjectReport(
        project=project,
        kind=kind,  # type: ignore[arg-type]
        start=date(2025, 1, 1),
        end=date(2025, 9, 30),
        language=language,
        day=date(2025, 10, 20),
        version="2",
        author="Office in Port Merun" if en else "Представительство в Порт-Меруне",
        banner="Example: Sandoria and all its figures are invented."
        if en
        else "Пример: Сандория и все её показатели вымышлены.",
        contact="migration@example.org",
        facts=(
            (("Project type", "National"), ("PRIMA ID", "0412"))
            if en
            else (("Тип проекта", "Национальный"), ("PRIMA ID", "0412"))
        ),
        narrative={
            "summary": words["summary"],
            "context": words["context"],
            "challenges": words["challenges"],
            "cross_cutting": words["cross"],
            "lessons": words["lessons"],
            "next_steps": None,
        },
        explained={"1.1.1": words["context"], "1.1.2": None},
        achieved=achieved,
        workplan=steps,
        people=(
            Post("Project manager" if en else "Руководитель проекта", D(29), D(18), "", "post:1"),
            Post(
                "Counsellors" if en else "Консультанты",
                D(90),
                D("62.5"),
                "Two posts were vacant for two months." if en else "Две должности были вакантны два месяца.",
                "post:1",
            ),
            Post("Trainer" if en else "Тренер", D(12), None),
        ),
        spending=Spending(
            "USD",
            date(2025, 9, 30),
            lines,
            Line("", "", D(300000), D("186935.65"), D("62.3"), trace="transaction:1"),
            D("61.1"),
        ),
        engagements=(
            Engagement(
                "Fair recruitment, module 2" if en else "Справедливый найм, модуль 2",
                "Training" if en else "Обучение",
                date(2025, 2, 11),
                "Port Merun" if en else "Порт-Мерун",
                14,
                17,
                0,
                "Knowledge rose by 2.1 of 10 points (1.4 to 2.8)."
                if en
                else "Знания выросли на 2,1 балла из 10 (от 1,4 до 2,8).",
                "engagement:1",
            ),
            Engagement(
                "Draft labour migration act" if en else "Проект закона о трудовой миграции",
                "Consultation" if en else "Консультация",
                date(2025, 5, 27),
                "Halva" if en else "Хальва",
                21,
                12,
                None,
                "The Ministry takes up two of four proposals."
                if en
                else "Министерство учтёт два из четырёх предложений.",
                "engagement:2",
            ),
        ),
        risks=(
            Risk(
                "The assessment centre is not ready before the project ends"
                if en
                else "Центр оценки не будет готов до конца проекта",
                "high" if en else "высокая",
                "high" if en else "высокое",
                "Rooms of the technical college are used from January; an extension by three months is asked for in time."
                if en
                else "С января используются помещения технического колледжа; своевременно запрашивается продление на три месяца.",
                "Project manager" if en else "Руководитель проекта",
            ),
            Risk(
                "Agencies leave the register" if en else "Агентства покидают реестр",
                "low" if en else "низкая",
                "medium" if en else "среднее",
                "Inspection twice a year." if en else "Проверка дважды в год.",
                "ML",
            ),
        ),
        sources=tuple(
            (en_words if en else ru_words, traces)
            for en_words, ru_words, traces in (
                (
                    "Project record MF.0412, version 7, approved on 3 March 2025.",
                    "Карточка проекта MF.0412, версия 7, утверждена 3 марта 2025 года.",
                    ("project:412",),
                ),
                (
                    "Survey of returning workers 2025, National Statistical Office, sheet Costs, row 14.",
                    "Обследование вернувшихся работников 2025 года, Национальный статистический комитет, лист «Расходы», строка 14.",
                    ("observation:1",),
                ),
                (
                    "Exit register of the Ministry of Labour, 1 July 2025; approved by the project manager.",
                    "Реестр выезда Министерства труда, 1 июля 2025 года; утверждено руководителем проекта.",
                    ("observation:2", "observation:3"),
                ),
                (
                    "Registers of the three resource centres, third quarter of 2025.",
                    "Журналы трёх ресурсных центров, третий квартал 2025 года.",
                    ("observation:4", "observation:5"),
                ),
                (
                    "Reports of trainers and the register of certificates.",
                    "Отчёты тренеров и реестр свидетельств.",
                    ("observation:6",),
                ),
                (
                    "Financial statement to 30 September 2025.",
                    "Финансовый отчёт на 30 сентября 2025 года.",
                    ("transaction:1",),
                ),
                ("Timesheets.", "Табели учёта рабочего времени.", ("post:1",)),
                (
                    "Attendance lists and tests before and after.",
                    "Списки участников и тесты до и после.",
                    ("engagement:1", "engagement:2"),
                ),
            )
        ),
        trace="project:412",
    )
