"""One poll, every surface: each says the same to the vote, and none tells what is hidden.

A surface is a function from a site and a slug to what it says (`Said`); a new one needs its line in
SURFACES and nothing else.
"""

import csv
import io
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import html5lib
import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.services.desk.wording import reword
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll
from poll_app.web.results import result_of
from poll_app.web.syndication.drawing import draw_result
from tests.conftest import settings_for
from tests.inspecting_client import InspectingClient, text_of
from tests.web.acts import OPENED, change, fill, new_article, vote, words

_H = "{http://www.w3.org/1999/xhtml}"
_A = "{http://www.w3.org/2005/Atom}"
VOTES = {
    "single": {"Yes": 26, "No": 11, "Not sure": 3},
    "several": {"Alpha": 9, "Beta": 7, "Gamma": 2},
    "few": {"Yes": 3, "No": 1, "Not sure": 0},
    "none": {"Yes": 0, "No": 0, "Not sure": 0},
    "hidden": {"Yes": 5, "No": 2, "Not sure": 0},
    "closed-only": {"Yes": 12, "No": 2, "Not sure": 0},
    "reworded": {"Yes": 12, "No": 2, "Not sure": 0},  # each wording of it
}
HIDDEN = {"hidden", "closed-only", "reworded"}
REWORDED = OPENED + timedelta(days=1)
BALLOTS = {slug: sum(votes.values()) for slug, votes in VOTES.items()} | {"several": 12}


@dataclass(frozen=True)
class Said:
    """What a surface says of a poll; None where it has no place for it. `votes` and `percents` by
    the label of an option, without those it does not tell."""

    votes: dict | None = None
    percents: dict | None = None
    ballots: int | None = None
    text: str = ""


@pytest.fixture(scope="module")
def site(migrated_sqlite, tmp_path_factory):
    """All polls under one article, with these votes."""
    folder = tmp_path_factory.mktemp("surfaces")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    kinds = {
        "several": {"options": tuple(VOTES["several"]), "method": "multiple", "max_choices": 3},
        "hidden": {"results_policy": "after_vote"},
        "closed-only": {"results_policy": "after_close"},
        "reworded": {"results_policy": "after_close"},
    }
    new = [
        NewPoll(
            f"Is it {slug}?", slug=slug,
            **{"options": ("Yes", "No"), "not_sure": None if slug == "several" else "Not sure"} | kinds.get(slug, {}),
        )
        for slug in VOTES
    ]  # fmt: skip
    for poll in new_article(app, *new):
        if poll.slug != "several":
            _fill(app, poll)
            continue
        for labels, readers in (
            (("Alpha", "Beta"), 4),
            (("Alpha",), 3),
            (("Beta",), 3),
            (("Alpha", "Gamma"), 2),
        ):
            for _ in range(readers):
                assert vote(app.test_client(), poll, *labels).status_code == 303
    _fill(app, _reworded(app, new[-1]))
    yield app
    with app.app_context():
        db.engine.dispose()


def _fill(app, poll):
    fill(app, poll, **{label.replace(" ", "_"): n for label, n in VOTES[poll.slug].items()})


def _reworded(app, new):
    """The question in other words."""
    with app.app_context():
        revision = get_poll(new.slug, now=datetime.now(UTC)).revision[1]
        how = {"reason": "Clearer.", "revision": revision, "by": COMMAND_LINE, "now": REWORDED}
        reword(new.slug, replace(new, question="Is it said so?"), **how)
        return get_poll(new.slug, now=datetime.now(UTC))


@pytest.fixture(scope="module")
def closed_site(site, tmp_path_factory):
    """The same after voting has closed everywhere."""
    folder = tmp_path_factory.mktemp("closed")
    with site.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.copy(site.extensions["settings"].data_dir / "poll_app.sqlite", folder)
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    change(app, "UPDATE polls SET closes_at = '2026-02-01 00:00:00', revision = revision + 1")
    yield app
    with app.app_context():
        db.engine.dispose()


def _in_json(result):
    told = [option for option in result["options"] if "votes" in option]
    return Said(
        votes={option["label"]: option["votes"] for option in told},
        percents={o["label"]: o["percent_label"] for o in told if o["percent_label"]},
        ballots=result["ballots"],
        text=str(result),
    )


def json_of_poll(site, slug):
    return _in_json(site.test_client().get(f"/api/v1/polls/{slug}/results").json)


def json_of_article(site, slug):
    told = site.test_client().get("/api/v1/articles/an-article/results").json["results"]
    return next(_in_json(one) for one in told if one["poll"]["slug"] == slug)


def spreadsheet(site, slug):
    text = site.test_client().get(f"/polls/{slug}/results.csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    told = [row for row in rows if row["votes"]]
    return Said(
        votes={row["option"]: int(row["votes"]) for row in told},
        percents={row["option"]: f"{row['percent']}%" for row in told if row["percent"]},
        ballots=int(rows[0]["ballots"]),
        text=text,
    )


def _in_tables(section):
    """What the tables of bars say; the words of the rows are label, votes, share."""
    votes, percents = {}, {}
    for table in section.iter(f"{_H}table"):
        if "result_table" not in (table.get("class") or ""):
            continue
        for row in table.find(f"{_H}tbody"):
            head, *cells = [text_of(cell) for cell in row]
            votes[head] = int(
                re.sub(r"\D", "", next(c for c in cells if re.fullmatch(r"[\d,]+", c)))
            )
            percents.update((head, cell) for cell in cells if cell.endswith("%"))
    return Said(votes=votes, percents=percents, text=text_of(section))


def _page(site, path):
    return html5lib.parse(site.test_client().get(path).text)


def page(site, slug):
    return _in_tables(_page(site, f"/polls/{slug}/results").find(f".//{_H}main"))


def frame(site, slug):
    return _in_tables(_page(site, f"/embed/polls/{slug}/results").find(f".//{_H}body"))


def page_of_article(site, slug):
    sections = [s for s in _page(site, "/articles/an-article/results").iter(f"{_H}section")
                if any(a.get("href", "").startswith(f"/polls/{slug}") for a in s.iter(f"{_H}a"))]  # fmt: skip
    return _in_tables(sections[0])


def drawing(site, slug):
    return _in_picture(site.test_client().get(f"/polls/{slug}/results.svg").text)


def card(site, slug):
    """What the PNG is made of: nobody reads figures back from pixels."""
    now = datetime.now(UTC)
    with site.test_request_context():
        poll = get_poll(slug, now=now)
        return _in_picture(draw_result(poll, result_of(poll, now), is_card=True))


def _in_picture(drawn):
    """What stands in one line of the picture belongs together."""
    lines, votes, percents = {}, {}, {}
    svg = ET.fromstring(drawn)
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(text.get("y"), []).append("".join(text.itertext()))
    for label, *figures in lines.values():
        for figure in figures:
            if count := re.fullmatch(r"([\d,]+) votes?", figure):
                votes[label] = int(count[1].replace(",", ""))
            elif figure.endswith("%"):
                percents[label] = figure
    return Said(votes=votes, percents=percents, text=" ".join(svg.itertext()))


def feed(site, slug):
    """The entry of the closing; only there the feed has figures."""
    said = ET.fromstring(site.test_client().get("/feed.atom").text)
    [entry] = [
        e
        for e in said.iter(f"{_A}entry")
        if re.search(f"/{slug}/[12]/closed$", e.findtext(f"{_A}id"))
    ]
    votes, percents = {}, {}
    for line in entry.iter(f"{_H}li"):
        label, _, figures = "".join(line.itertext()).partition(": ")
        votes[label] = int(re.search(r"(\d+) votes?$", figures)[1])
        percents.update((label, part) for part in figures.split(", ") if part.endswith("%"))
    return Said(votes=votes, percents=percents, text="".join(entry.itertext()))


# Whatever else tells figures: a function, and its name here.
SURFACES = [json_of_poll, json_of_article, spreadsheet, page, frame, page_of_article, drawing, card]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
@pytest.mark.parametrize("slug", [slug for slug in VOTES if slug not in HIDDEN])
def test_every_surface_says_the_same_to_the_vote(site, surface, slug):
    _agrees(surface(site, slug), json_of_poll(site, slug), slug)


@pytest.mark.parametrize("surface", [*SURFACES, feed], ids=lambda surface: surface.__name__)
@pytest.mark.parametrize("slug", VOTES)
def test_they_do_so_when_voting_is_over_and_nothing_is_hidden_any_more(closed_site, surface, slug):
    _agrees(surface(closed_site, slug), json_of_poll(closed_site, slug), slug)


def _agrees(said, data, slug):
    nothing_yet = {} if BALLOTS[slug] == 0 else None  # then pages have no table
    assert said.votes in (None, VOTES[slug], nothing_yet)
    assert said.ballots in (None, BALLOTS[slug])
    assert said.percents in (None, data.percents)
    assert bool(data.percents) == (BALLOTS[slug] >= 10)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
@pytest.mark.parametrize("slug", sorted(HIDDEN))
def test_no_surface_tells_what_is_hidden(site, surface, slug):
    said = surface(site, slug)

    assert not said.votes
    assert not said.percents
    assert said.ballots in (None, BALLOTS[slug])
    assert "%" not in said.text.replace("%3A", "")


@pytest.mark.parametrize(
    "path",
    [
        "/polls/{}/results",
        "/polls/{}/results.csv",
        "/polls/{}/results.svg",
        "/polls/{}/results.png",
        "/polls/{}/results?as_of=2026-01-01T12:00:00Z",
        "/embed/polls/{}/results",
        "/api/v1/polls/{}/results",
        "/api/v1/polls/{}/results?as_of=2026-01-01T12:00:00Z",
        "/api/v1/polls/{}/details",
    ],
)
def test_the_old_address_of_what_was_reworded_only_leads_to_the_present_one(site, path):
    answer = site.test_client().get(path.format("reworded-wording-1"))

    assert (answer.status_code, answer.location) == (308, path.format("reworded"))


@pytest.mark.parametrize("slug", VOTES)
def test_the_note_of_who_answered_stands_on_every_surface_with_figures(site, slug):
    data = site.test_client().get(f"/api/v1/polls/{slug}/results").json

    for path in (f"/polls/{slug}/results", f"/embed/polls/{slug}/results"):
        assert data["note"] in words(site.test_client().get(path))
    assert data["note"] in site.test_client().get(f"/polls/{slug}/results.csv").text
