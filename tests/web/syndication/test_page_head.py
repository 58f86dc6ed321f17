"""What pages tell other sites in their head, and that it says no more than the page."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest

from poll_app.services.polls import NewPoll
from tests.web.acts import change, fill, new_article, vote

_H = "{http://www.w3.org/1999/xhtml}"
BASE = "http://127.0.0.1:8000"
IMAGE = re.compile(rf"{BASE}/polls/one/results\.png\?v=[0-9a-f]{{12}}")
NOTE = (
    "Reader vote. 20 readers chose to answer. It shows what they think, not what the public thinks."
)


def head(client, path):
    """The properties of the page, the oEmbed links, the data."""
    page = html5lib.parse(client.get(path).get_data(as_text=True))
    metas = {m.get("property") or m.get("name"): m.get("content") for m in page.iter(f"{_H}meta")}
    links = {
        link.get("type"): link.get("href")
        for link in page.iter(f"{_H}link")
        if link.get("rel") == "alternate"
    }
    data = [
        json.loads(s.text) for s in page.iter(f"{_H}script") if s.get("type", "").endswith("json")
    ]
    return metas, links, data


def test_the_card_of_a_result_has_sentence_note_and_picture(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=17, No=3)
    told, _, _ = head(client, "/polls/one/results")

    assert told["og:title"] == "Is this a question?"
    assert told["og:description"] == f"Most of the 20 readers who voted said Yes (85%). {NOTE}"
    assert told["description"] == told["og:description"]
    assert told["og:url"] == f"{BASE}/polls/one/results"
    assert IMAGE.fullmatch(told["og:image"])
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert "Yes: 85%, 17 votes." in told["og:image:alt"]
    assert NOTE in told["og:image:alt"]
    assert told["twitter:card"] == "summary_large_image"
    picture = client.get(told["og:image"].removeprefix(BASE))
    assert picture.mimetype == told["og:image:type"]
    assert picture.data == client.get("/polls/one/results.png").data


def test_other_figures_have_a_picture_of_another_address(app, client, new_poll):
    poll = new_poll(slug="one")
    fill(app, poll, Yes=17)
    first, same = (head(client, "/polls/one/results")[0]["og:image"] for _ in range(2))
    fill(app, poll, No=1)
    other = head(client, "/polls/one/results")[0]["og:image"]

    assert first == same != other


def test_the_card_of_an_open_question_asks_and_holds_no_figures(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=12, No=8)
    told, _, [data] = head(client, "/polls/one")

    assert told["og:image"] == f"{BASE}/polls/one/question.png"
    assert told["og:image:alt"] == "A question to all readers: Yes; No; Not sure."
    assert not any("60%" in text or "12 votes" in text for text in told.values() if text)
    assert "answerCount" not in data["mainEntity"]


def test_the_card_of_a_closed_question_has_its_result(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=12, No=8)
    change(app, "UPDATE polls SET closes_at = '2026-01-02 00:00:00', revision = revision + 1")
    told, _, _ = head(client, "/polls/one")

    assert IMAGE.fullmatch(told["og:image"])
    assert NOTE in told["og:description"]


def test_the_card_of_an_article_has_the_picture_of_its_first_question(app, client):
    new_article(app, NewPoll("One?", options=("Yes", "No"), slug="one"), standfirst="A standfirst.")
    told, _, data = head(client, "/articles/an-article")

    assert (told["og:type"], told["og:title"]) == ("article", "An article")
    assert told["og:description"] == "A standfirst."
    assert told["og:image"] == f"{BASE}/polls/one/question.png"
    assert data == []


def test_an_article_without_questions_has_no_picture_and_no_frame(app, client):
    new_article(app)
    told, links, _ = head(client, "/articles/an-article")

    assert "og:image" not in told
    assert told["twitter:card"] == "summary"
    assert set(links) == {"application/atom+xml"}


def test_the_data_hold_the_answers_and_how_often_each_was_chosen(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=12, No=8)
    _, _, [page] = head(client, "/polls/one/results")
    question = page["mainEntity"]

    assert (page["@context"], page["@type"]) == ("https://schema.org", "WebPage")
    assert (question["@type"], question["name"]) == ("Question", "Is this a question?")
    assert question["answerCount"] == 20
    assert [(a["text"], a["upvoteCount"]) for a in question["suggestedAnswer"]] == [
        ("Yes", 12), ("No", 8), ("Not sure", 0),
    ]  # fmt: skip
    assert "acceptedAnswer" not in question
    assert page["description"].endswith(NOTE)


@pytest.mark.parametrize("policy", ["after_vote", "after_close"])
def test_hidden_figures_are_in_no_head(app, client, new_poll, policy):
    fill(app, new_poll(slug="one", results_policy=policy), Yes=12, No=8)

    for path in ("/polls/one", "/polls/one/results"):
        told, _, [data] = head(client, path)
        text = json.dumps([told, data])
        assert "60" not in text.replace("630", "")
        assert "upvoteCount" not in text
        assert "12 votes" not in text
    assert "Results are shown" in told["og:description"]
    assert data["mainEntity"]["answerCount"] == 20


def test_who_has_voted_sees_them_in_the_own_head(app, client, new_poll):
    poll = new_poll(slug="one", results_policy="after_vote")
    vote(client, poll, "Yes")
    _, _, [data] = head(client, "/polls/one/results")

    assert data["mainEntity"]["suggestedAnswer"][0]["upvoteCount"] == 1


def test_no_question_can_end_the_data(client, new_poll):
    question = '</script><script>alert("1")</script><!--'
    new_poll(question, slug="one", options=("</SCRIPT >", "&lt;/script&gt;"))
    new_poll("A harmless one?", slug="two")
    harmless = client.get("/polls/two/results").get_data(as_text=True)
    text = client.get("/polls/one/results").get_data(as_text=True)
    _, _, [data] = head(client, "/polls/one/results")

    assert data["mainEntity"]["name"] == question
    assert [a["text"] for a in data["mainEntity"]["suggestedAnswer"]][:2] == [
        "</SCRIPT >",
        "&lt;/script&gt;",
    ]
    assert text.lower().count("</script") == harmless.lower().count("</script")


def test_oembed_answers_stand_where_the_page_says(client, new_poll):
    new_poll(slug="one")
    for path in ("/polls/one", "/polls/one/results"):
        _, links, _ = head(client, path)
        for kind, form in (("application/json+oembed", "json"), ("text/xml+oembed", "xml")):
            address = urlsplit(links[kind])
            assert parse_qs(address.query) == {"url": [BASE + path], "format": [form]}
            assert client.get(f"{address.path}?{address.query}").status_code == 200


def test_a_result_as_of_an_hour_has_its_own_picture_and_no_frame(client, new_poll):
    new_poll(slug="one")
    told, links, _ = head(client, "/polls/one/results?as_of=2026-02-01T12:30:00Z")

    assert told["og:url"] == f"{BASE}/polls/one/results?as_of=2026-02-01T12:00:00Z"
    assert told["og:image"] == f"{BASE}/polls/one/results.png?as_of=2026-02-01T12:00:00Z"
    assert set(links) == {"application/atom+xml"}


def test_a_refused_form_has_no_card(client, new_poll):
    poll = new_poll(slug="one")
    answer = vote(client, poll)

    assert answer.status_code == 422
    assert "og:title" not in answer.get_data(as_text=True)
