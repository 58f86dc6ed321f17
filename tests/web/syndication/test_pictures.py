"""Results as pictures: what they say, that they stay, that nobody waits for them."""

import io
import threading
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.database import db
from poll_app.domain.refusals import Busy
from poll_app.services.poll_views import get_poll
from poll_app.web.front import Front
from poll_app.web.results import result_of
from poll_app.web.syndication import raster
from poll_app.web.syndication.drawing import draw_result
from poll_app.web.syndication.lettering import shortened, width_of, wrapped
from tests.web.acts import change, fill, vote

Image = pytest.importorskip("PIL.Image", reason="no Pillow to look at pictures with")

_SVG = "{http://www.w3.org/2000/svg}"
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
NOTE = "It shows what they think, not what the public thinks."
KINDS = ["results.svg", "results.png"]


def drawn(answer):
    """The parsed picture; a strict parser reads it."""
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    return ET.fromstring(answer.get_data(as_text=True))


def lines(picture):
    """Every line that is drawn."""
    return [element.text.translate(_ISOLATES) for element in picture.iter(f"{_SVG}text")]


def chart(client, slug, query=""):
    return drawn(client.get(f"/polls/{slug}/results.svg{query}"))


def card(client, slug, name="results.png", query=""):
    answer = client.get(f"/polls/{slug}/{name}{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    return Image.open(io.BytesIO(answer.data)).convert("RGB")


def bars(picture):
    """How wide the bars are, in percent of their scale; the three of the emblem left out."""
    return widths(picture, "#0b566b")[3:]


def widths(picture, fill):
    """How wide the boxes of this colour are, in percent of a bar's scale."""
    found = [element for element in picture.iter(f"{_SVG}rect") if element.get("fill") == fill]
    return [round(float(box.get("width")) / 10.72, 1) for box in found]


def is_drawn_on(picture):
    return len(picture.getcolors(maxcolors=100_000)) > 10


# What they say


def test_the_chart_holds_question_sentence_figures_and_note(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=17, No=2, Not_sure=1)

    picture = chart(client, "one")
    text = " ".join(lines(picture))

    assert "Is this a question?" in text
    assert "Most of the 20 readers who voted said Yes (85%)." in text
    assert all(part in text for part in ("85%", "17 votes", "10%", "2 votes", "5%", "1 vote"))
    assert f"Reader vote. 20 readers chose to answer. {NOTE}" in text
    assert bars(picture) == [85, 10]
    assert round(widths(picture, "#85898c")[0]) == 5


def test_who_does_not_see_the_chart_is_told_all_of_it(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=17, No=3)
    picture = chart(client, "one")
    named = {e.get("id"): e.text for e in picture.iter() if e.get("id")}

    assert picture.get("role") == "img"
    assert [named[name] for name in picture.get("aria-labelledby").split()] == [
        "Is this a question?",
        (
            "Most of the 20 readers who voted said Yes (85%). Yes: 85%, 17 votes. No: 15%, 3 votes. "
            f"Not sure: 0%, 0 votes. Reader vote. 20 readers chose to answer. {NOTE}"
        ),
    ]


def test_the_chart_brings_nothing_that_runs_or_is_fetched(app, client, new_poll):
    new_poll('<script>alert(1)</script>" onload="x', slug="one", options=("<b>Yes</b>", "No & no"))
    answer = client.get("/polls/one/results.svg")
    picture = drawn(answer)

    assert {e.tag.removeprefix(_SVG) for e in picture.iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "text",
    }
    assert not {
        a
        for e in picture.iter()
        for a in e.attrib
        if a.startswith("on") or "href" in a or a == "style"
    }
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<b>Yes</b>" in lines(picture)


def test_few_ballots_are_told_as_counts_without_bars(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=4, No=3)
    picture = chart(client, "one")
    text = " ".join(lines(picture))

    assert "7 readers have voted: Yes 4, No 3." in text
    assert "%" not in text
    assert bars(picture) == []


def test_nobody_has_voted(client, new_poll):
    new_poll(slug="one")

    assert {"Nobody has voted yet.", "Yes", "No", "Not sure"} <= set(lines(chart(client, "one")))


def test_what_has_to_stand_beside_the_figures_stands_in_the_picture(app, client, new_poll):
    poll = new_poll(slug="one", method="multiple", max_choices=2, not_sure=None)
    for _ in range(10):
        vote(app.test_client(), poll, "Yes", "No")
    change(app, "UPDATE polls SET simulated = :yes, revision = revision + 1", yes=True)

    text = " ".join(lines(chart(client, "one")))
    assert "figures add up to more than 100" in text
    assert "Simulated. 10 ballots" in text


@pytest.mark.parametrize("name", [*KINDS, "question.png"])
def test_a_picture_has_its_size_and_something_on_it(app, client, new_poll, name):
    fill(app, new_poll(slug="one"), Yes=12, No=6)
    answer = client.get(f"/polls/one/{name}")

    if name.endswith("png"):
        assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
        assert is_drawn_on(card(client, "one", name))
        assert len(answer.data) < 300_000
    else:
        assert drawn(answer).get("viewBox").startswith("0 0 1200 ")


def test_the_card_has_bars_as_long_as_the_shares(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=15, No=5)
    picture = card(client, "one")
    accent = (11, 86, 107)
    widths = {
        sum(picture.getpixel((x, y)) == accent for x in range(64, 1136)) for y in range(200, 560)
    }

    assert any(abs(width - 804) <= 2 for width in widths)  # 75 % of 1072
    assert any(abs(width - 268) <= 2 for width in widths)


def test_twenty_long_answers_are_on_the_chart_and_counted_on_the_card(app, client, new_poll):
    labels = tuple(
        f"{n}. {'An answer of many words that goes on and on ' * 5}"[:200] for n in range(19)
    )
    poll = new_poll("W" * 300, options=labels, slug="one")
    for label in labels[5:7]:
        for _ in range(6):
            vote(app.test_client(), poll, label.strip())

    assert int(chart(client, "one").get("height")) > 2_000
    assert card(client, "one").size == (1200, 630)


def test_nine_short_answers_and_not_sure_have_room_on_the_card(app, new_poll):
    labels = ("Roads", "Rail", "Schools", "Clinics", "Parks", "Homes", "Police", "Museums", "Sport")
    poll = new_poll(slug="one", options=labels)
    for label in [labels[n] for n in (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 5)]:
        vote(app.test_client(), poll, label)

    with app.test_request_context():
        found = get_poll("one", now=datetime.now(UTC))
        result = result_of(found, datetime.now(UTC))
        said = lines(ET.fromstring(draw_result(found, result, is_card=True)))

    assert {*labels, "Not sure"} <= set(said)
    assert not any("more answer" in line for line in said)


def test_the_question_card_shows_no_figures(app, client, new_poll):
    poll = new_poll(slug="one")
    before = client.get("/polls/one/question.png").data
    fill(app, poll, Yes=12)

    assert client.get("/polls/one/question.png").data == before


# Scripts and lines


def test_arabic_is_joined_and_runs_from_right_to_left(client, new_poll):
    # Joined letters are narrower than the same ones apart, which a space without width keeps apart.
    word = "تؤيد"
    assert width_of(word) < width_of("\u200c".join(word)) * 0.95

    new_poll("هل تؤيد ذلك؟", slug="one", options=("نعم", "لا"))
    picture = chart(client, "one")
    asked = next(e for e in picture.iter(f"{_SVG}text") if "هل" in e.text)
    assert asked.text == "\u2067هل تؤيد ذلك؟\u2069"
    assert (asked.get("text-anchor"), asked.get("x")) == ("end", "1136")
    assert asked.get("font-family").startswith("'Noto Naskh Arabic'")


def test_arabic_on_the_card_is_what_the_same_letters_joined_by_hand_are():
    def black(text):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><rect width="200" height="80" fill="#fff"/>'
            f'<text x="10" y="50" font-size="40" font-family="\'Noto Naskh Arabic\'">{text}</text></svg>'
        )
        return Image.open(io.BytesIO(raster.to_png(svg))).convert("L").tobytes()

    # نعم in its presentation forms (first, middle, last), in the order in which it is read.
    assert black("نعم") == black("\ufee7\ufecc\ufee2")
    assert black("نعم") != black("\ufee5\ufec9\ufee1")


def test_a_german_compound_is_broken_only_where_no_line_can_hold_it():
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"

    assert wrapped(f"Das {word} gilt", width_of(word) + 1) == ["Das", word, "gilt"]
    assert "".join(line.rstrip("-") for line in wrapped(word, 10)) == word
    assert all(width_of(line) <= 10 for line in wrapped(word, 10))


def test_chinese_is_broken_between_characters_but_not_before_a_full_stop():
    assert wrapped("你是否支持。你是否支持", 5) == ["你是否支", "持。你是否", "支持"]


def test_a_line_that_is_too_long_ends_in_an_ellipsis():
    assert shortened("short", 100) == "short"
    assert shortened("a long line of words", 5).endswith("…")
    assert width_of(shortened("a long line of words", 5)) <= 5


def test_scripts_that_our_fonts_lack_are_still_drawn(client, new_poll):
    new_poll("你是否支持？ हिन्दी 😀", slug="one", options=("支持", "不支持"))

    assert is_drawn_on(card(client, "one"))


# When figures are hidden


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("after_vote", "Results are shown after you have voted."),
        ("after_close", "Results are shown when the poll has closed."),
    ],
)
def test_hidden_figures_are_in_no_picture_for_nobody(app, client, new_poll, policy, reason):
    poll = new_poll(slug="one", results_policy=policy)
    fill(app, poll, Yes=12, No=1)
    vote(client, poll, "Yes")  # who has voted gets the picture that everybody gets

    text = " ".join(lines(chart(client, "one")))
    assert reason in text
    assert "14 readers chose to answer" in text
    assert "%" not in text
    assert bars(chart(client, "one")) == []
    known = client.get("/polls/one/results.png").data

    change(app, "UPDATE tallies SET votes = 13 - votes WHERE votes IN (13, 0)")
    raster._kept.clear()
    assert client.get("/polls/one/results.png").data == known


# As of, caches, limits


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_as_of_an_hour_stays_byte_for_byte(make_app, new_poll, name):
    hour = datetime(2026, 11, 22, 13, tzinfo=UTC)
    first = make_app()
    with time_machine.travel(hour - timedelta(minutes=50), tick=False):
        poll = new_poll(slug="one")
        fill(first, poll, Yes=9, No=3)
    address = f"/polls/one/{name}?as_of=2026-11-22T13:00:00Z"
    with time_machine.travel(hour + timedelta(minutes=5), tick=False):
        before = first.test_client().get(address)
        fill(first, poll, No=20)
    raster._kept_earlier.clear()
    with time_machine.travel(hour + timedelta(days=300), tick=False):
        after = make_app().test_client().get(address)

    assert before.data == after.data
    assert after.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    if name.endswith("svg"):
        assert "Reader vote. 12 readers chose to answer." in " ".join(lines(drawn(after)))
        assert "As of 22 November 2026, 13:00 UTC." in lines(drawn(after))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("query", "status"),
    [("as_of=yesterday", 400), ("as_of=2099-01-01T00:00:00Z", 422), ("as_of=%00", 400),
     ("as_of=2026-11-22T13:00:00Z&as_of=2026-11-22T14:00:00Z", 400)],
)  # fmt: skip
def test_a_moment_that_cannot_be_told_is_refused(client, new_poll, name, query, status):
    new_poll(slug="one")

    assert client.get(f"/polls/one/{name}?{query}").status_code == status


@pytest.mark.parametrize("name", [*KINDS, "question.png"])
def test_pictures_are_shared_shown_elsewhere_and_not_sent_twice(client, new_poll, name):
    new_poll(slug="one")
    first = client.get(f"/polls/one/{name}")
    again = client.get(f"/polls/one/{name}", headers={"If-None-Match": first.headers["ETag"]})

    assert "s-maxage=10" in first.headers["Cache-Control"]
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert again.status_code == 304


def test_the_front_keeps_pictures(app, new_poll):
    new_poll(slug="one")
    app.wsgi_app = Front(app.wsgi_app)
    client = app.test_client(use_cookies=False)
    before = client.get("/polls/one/results.png").data
    with app.app_context():
        db.engine.dispose()
    change(app, "UPDATE polls SET question = 'Another?'")

    assert client.get("/polls/one/results.png").data == before


def test_one_picture_is_drawn_at_a_time_and_a_crowd_is_told_to_come_back():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><!-- {} --></svg>'
    done = threading.Event()

    def wait_for_it():
        raster.to_png(svg.format("first"))
        done.set()

    with raster._drawing:
        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
        while raster._inside._value > 1:
            pass
        with raster._inside, pytest.raises(Busy):
            raster.to_png(svg.format("second"))
        assert not done.is_set()
    waiting.join()
    assert raster.to_png(svg.format("second")).startswith(b"\x89PNG")


def test_who_asks_for_every_earlier_picture_keeps_nobody_from_a_current_one():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="11"><!-- {} --></svg>'

    with raster._inside_earlier:
        with pytest.raises(Busy):
            raster.to_png(svg.format("2019"), earlier=True)
        assert raster.to_png(svg.format("now")).startswith(b"\x89PNG")
    kept = list(raster._kept)
    assert raster.to_png(svg.format("2019"), earlier=True).startswith(b"\x89PNG")
    assert list(raster._kept) == kept


def test_few_pictures_are_kept():
    for number in range(raster.MOST_KEPT + 5):
        raster._keep(raster._kept, number, b"")

    assert len(raster._kept) == raster.MOST_KEPT
    raster._kept.clear()
