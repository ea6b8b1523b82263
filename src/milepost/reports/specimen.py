"""A document that shows every style in use, for a look before an office's reference document is used."""

from collections.abc import Sequence
from datetime import date

from milepost.reports import bars, sentences
from milepost.reports.document import (
    Cell,
    Chart,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    List,
    Note,
    Paragraph,
    Row,
    Run,
    Source,
    Sources,
    Table,
)


def document(language: str, day: date, *, author: str, missing: Sequence[str] = ()) -> Document:
    """The specimen in a language; `missing` are the styles that the reference document lacks."""
    say = sentences.translator(language)
    words = say("These words are an example. No figure in this document is a real one.")
    figure = (Run(sentences.number(1234.5, language), trace="example"),)
    drawn = bars.used([bars.Bar(say("Example"), 60.0, sentences.percent("60", language))])
    table = Table(
        (Column(say("Column of words")), Column(say("Column of figures"), "right")),
        (
            Row((Cell(say("Group"), 2),), "group"),
            Row((say("Row"), figure)),
            Row((say("Part of the row above"), sentences.number(617.25, language)), "detail"),
            Row((say("Total"), sentences.number(1234.5, language)), "total"),
        ),
        caption=say("A table"),
        notes=(say("A note at the foot of a table."),),
    )
    return Document(
        title=say("Specimen of a document"),
        language=language,
        day=day,
        kind=say("Specimen"),
        subtitle=say("Every style in use"),
        author=author,
        banner=words,
        facts=(Fact(say("Styles that the file lacks"), "; ".join(missing) or "–"),),
        contents=True,
        blocks=(
            Heading(say("Heading {level}", level=1)),
            Paragraph(words, "lead"),
            Paragraph(words),
            Paragraph(words, "quiet"),
            Heading(say("Heading {level}", level=2), 2),
            List((words, words)),
            List((words, words), ordered=True),
            Heading(say("Heading {level}", level=3), 3),
            Facts((Fact(say("Label"), words),)),
            Heading(say("Heading {level}", level=4), 4),
            table,
            *((Chart(drawn, words, say("A figure")),) if drawn else ()),
            Note(words),
            Note(words, "warning"),
            Note(words, "missing"),
            Heading(say("Where each figure comes from")),
            Sources((Source(words, ("example",)),)),
        ),
    )
