"""What a site puts around a project: menus, cookies, links to share, footers. None of it is the project."""

import pytest

from milepost.interchange import project_pages

STORY = "It counts the lakes of the north, and those who move from one to the next."
FACTS = "Start Date\n2019\nEnd Date\n2020\nProject Status\nActive\n"
COOKIES = "We use cookies on this site.\nAccept\nNo, thanks\n"
MENU = "Skip to main content\nHome\nAbout us\nOur Work\nProjects\nContact\nFrançais\nSearch\n"
SHARE = "Share\nFacebook\nLinkedIn\nWhatsApp\nEmail\n"
FOOTER = "Related projects\nRoads of the South\nFollow us\n© A fund. All rights reserved.\n"


def read(text, file="page.txt"):
    return project_pages.read_text(text, file)


def test_menu_cookies_share_links_and_footer_are_neither_title_nor_narrative():
    page = read(f"{COOKIES}{MENU}Lakes of the North\n{SHARE}{FACTS}{STORY}\n{SHARE}{FOOTER}{COOKIES}")
    assert (page.record.title, page.record.narrative) == ("Lakes of the North", STORY)
    assert page.record.status == "Active"


def test_the_footer_ends_a_narrative_with_a_label_too():
    page = read(f"Lakes of the North\n{FACTS}Description\n{STORY}\nIt ends.\nRead more\n{FOOTER}")
    assert page.record.narrative == f"{STORY}\nIt ends."


def test_a_path_of_links_above_the_title_is_not_the_title():
    page = read(f"Home > Projects > Lakes of the North\nLakes of the North\n{FACTS}{STORY}")
    assert (page.record.title, page.record.narrative) == ("Lakes of the North", STORY)


def test_a_sentence_between_title_and_facts_belongs_to_the_narrative():
    page = read(f"Lakes of the North\n{STORY}\n{FACTS}It ends.")
    assert page.record.title == "Lakes of the North"
    assert page.record.narrative == f"{STORY}\nIt ends."


def test_a_page_that_is_no_project_says_so():
    text = "How Proposals Are Read\n\nProposals are sent to the fund, with a letter of the capital."
    page = read(text)
    assert [problem.code for problem in page.problems] == ["project-page-no-facts"]
    told = {name for name in page.record.__slots__ if getattr(page.record, name) is not None}
    assert told == {"title", "narrative"}


def html(body, title="A fund"):
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return project_pages.read_bytes(page.encode(), "page.html").record


TABLE = "<table><tr><th>Start Date</th><td>2019</td></tr><tr><th>Status</th><td>Active</td></tr></table>"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (f"<header><h1>A fund</h1></header><main><h1>Lakes</h1>{TABLE}</main>", "A fund"),
        (f"<article><header><h1>Lakes</h1></header>{TABLE}</article>", "A fund"),
        (f"<div><h1>IOM Development Fund</h1></div><h1>Lakes</h1>{TABLE}", "A fund"),
        (f"<h1><img alt='logo'></h1><p>Lakes</p>{TABLE}", "Lakes | A fund"),
        (f"<h1>\n<div>Lakes</div></h1>{TABLE}", "A fund"),
        (f"{TABLE}<h1>Lakes</h1>", "A fund"),
        (f"{TABLE}", "Lakes | A fund"),
        (f"<h2>Lakes</h2><p>Share</p>{TABLE}", "A fund"),
        (f"<form><h1>Lakes</h1>{TABLE}<select><option>Coverage: National</option></select></form>", "A fund"),
    ],
)
def test_the_title_of_a_web_page(body, title):
    record = html(f"{body}<p>{STORY}</p>", title)
    assert (record.title, record.start, record.status) == ("Lakes", "2019", "Active")
    assert (record.coverage, record.narrative) == (None, STORY)


def test_what_a_web_page_hides_is_not_read():
    hidden = "".join(
        f"<div {how}>Coverage: National</div>"
        for how in (
            "hidden",
            "style='display: none'",
            "aria-hidden='true'",
            "role='dialog'",
            "class='cookie'",
        )
    )
    record = html(f"<h1>Lakes</h1>{hidden}{TABLE}<p>{STORY}</p>{hidden}")
    assert (record.coverage, record.narrative) == (None, STORY)


def test_bold_words_of_the_narrative_are_no_labels():
    story = "<p>The <b>budget</b> is small. <b>Year</b> by <strong>year</strong> it <b>End</b>s.</p>"
    record = html(f"<h1>Lakes</h1>{TABLE}{story}<p>{STORY}</p>")
    assert record.narrative == f"The budget is small. Year by year it Ends.\n{STORY}"
