"""A discussion in a frame: how the first reason of each side begins, within the weight of a frame."""

import re

from poll_app.services.polls import NewPoll
from tests.web.acts import element, words
from tests.web.discussion.talkers import discussed, reader_of, said

LABELS = tuple(f"{n}. An answer of the length that many have" for n in range(1, 10))


def test_a_frame_shows_how_the_first_reason_of_each_side_begins(app, client):
    (poll,) = discussed(app, NewPoll("Is it so?", options=("Yes", "No"), slug="so"))
    said(app, poll, "Yes", "The first of all reasons. " + "It goes on and on. " * 20)
    said(app, poll, "Yes", "The second reason of this side.")
    said(app, poll, "No", "Another view of it.")

    page = client.get("/embed/polls/so/results")

    assert "Yes “The first of all reasons. It goes on" in words(page)
    assert "…”" in words(page)
    assert "No “Another view of it.”" in words(page)
    assert "The second reason" not in words(page)
    link = element(page, href="/polls/so/reasons")
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")


def test_a_frame_with_nine_reasons_has_less_than_20_kb(app, client):
    (nine,) = discussed(app, NewPoll("Which?", options=LABELS, slug="nine"))
    for n in range(12):
        reader_of(app, nine, LABELS[n % 9])
    for n, label in enumerate(LABELS):
        said(app, nine, label, f"{n}: a text as long as it may be. " * 60)

    page = client.get("/embed/polls/nine/results")
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]+)"', page.text)
    sizes = [len(client.get(name).data) for name in loaded]

    assert words(page).count("…”") == 5
    assert len(page.data) + sum(sizes) < 20_000, (len(page.data), sum(sizes))


def test_the_tag_of_a_frame_changes_with_the_discussion(app, client):
    (poll,) = discussed(app, NewPoll("Is it so?", options=("Yes", "No"), slug="so"))
    reader_of(app, poll, "Yes")
    before = client.get("/embed/polls/so/results")
    assert client.get("/embed/polls/so/results", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304  # fmt: skip

    said(app, poll, "Yes")

    assert client.get("/embed/polls/so/results").headers["ETag"] != before.headers["ETag"]
