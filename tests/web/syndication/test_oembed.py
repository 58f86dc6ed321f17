"""oEmbed: as its consumers ask, and whatever else may be asked."""

import xml.etree.ElementTree as ET

import html5lib
import pytest

from poll_app.services.polls import NewPoll
from tests.web.acts import change, new_article, serving

micawber = pytest.importorskip("micawber", reason="no micawber to embed our pages with")

BASE = "http://127.0.0.1:8000"
ONE = f"{BASE}/polls/one"
_H = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(autouse=True)
def polls(app):
    return new_article(
        app, NewPoll("One & <two>?", options=("Yes", "No"), slug="one"),
        NewPoll("Two?", options=("A", "B", "C"), slug="two"),
    )  # fmt: skip


def asked(client, url=ONE, **more):
    return client.get("/oembed", query_string={"url": url, **more})


def frame(told):
    """The frame in the lines to be put on a page."""
    return html5lib.parse(told["html"]).find(f".//{_H}iframe")


def test_a_consumer_finds_what_to_embed(app):
    with serving(app) as address:
        registry = micawber.ProviderRegistry()
        registry.register(rf"{BASE}/(polls|articles)/\S+", micawber.Provider(f"{address}/oembed"))
        told = registry.request(ONE, maxwidth=500, maxheight=300)
        page = micawber.parse_html(f"<p>{BASE}/articles/an-article</p>", registry)
        with pytest.raises(micawber.ProviderException):
            registry.request(f"{BASE}/polls/none")

    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", "One & <two>?")
    assert (told["width"], told["height"]) == (500, 300)
    assert f'src="{BASE}/embed/articles/an-article"' in page


@pytest.mark.parametrize(
    ("path", "framed", "title"),
    [
        ("/polls/one", "/embed/polls/one", "One & <two>?"),
        ("/polls/one?utm_source=x#top", "/embed/polls/one", "One & <two>?"),
        ("/polls/one/results", "/embed/polls/one/results", "One & <two>?"),
        ("/embed/polls/one?theme=dark", "/embed/polls/one", "One & <two>?"),
        ("/articles/an-article", "/embed/articles/an-article", "An article"),
    ],
)
def test_every_page_that_can_be_framed_has_an_answer(client, path, framed, title):
    told = asked(client, BASE + path).json

    assert told["title"] == title
    assert frame(told).get("src") == BASE + framed
    assert frame(told).get("title") == title
    assert client.get(framed).status_code == 200
    assert (told["provider_name"], told["provider_url"]) == ("Reader polls", f"{BASE}/")
    assert told["cache_age"] == 3600


def test_the_thumbnail_is_the_card_of_the_question(client):
    told = asked(client).json

    assert (told["thumbnail_width"], told["thumbnail_height"]) == (1200, 630)
    assert client.get(told["thumbnail_url"].removeprefix(BASE)).mimetype == "image/png"


def test_no_part_is_larger_than_asked_for(client):
    told = asked(client, maxwidth=320, maxheight=200).json

    assert (told["width"], told["height"]) == (320, 200)
    assert (frame(told).get("width"), frame(told).get("height")) == ("320", "200")
    assert "thumbnail_url" not in told


def test_a_frame_is_as_wide_as_its_page_unless_asked_otherwise(client):
    assert frame(asked(client).json).get("width") == "100%"
    assert asked(client, maxwidth=99999).json["width"] == 640


def test_xml_says_the_same_as_json(client):
    answer = asked(client, format="xml")
    told = {field.tag: field.text for field in ET.fromstring(answer.data)}

    assert answer.mimetype == "text/xml"
    assert told == {name: str(value) for name, value in asked(client).json.items()}


@pytest.mark.parametrize(
    "url",
    ["/polls/none", "/polls/", "/", "/polls/one/vote", "/polls/one/results.csv", "/editor/", "/method",
     "/polls/one/", "/polls/one%00", "/polls/one%0a", "/articles/none", "/polls/one/results?as_of=2026-02-01T12:00:00Z"],
)  # fmt: skip
def test_what_cannot_be_framed_is_not_found(client, url):
    assert asked(client, BASE + url).status_code == 404


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/polls/one", "http://127.0.0.1:8001/polls/one", "https://127.0.0.1:8000/polls/one",
     "http://127.0.0.1:8000@elsewhere.example/polls/one", "//127.0.0.1:8000/polls/one", "/polls/one", "one",
     "javascript:alert(1)", "http://[", "http://127.0.0.1:8000/polls/o\nne", " http://127.0.0.1:8000/polls/one",
     "http://127.0.0.1:8000.elsewhere.example/polls/one", "\u202e", "http://127.0.0.1:port/polls/one"],
)  # fmt: skip
def test_an_address_that_is_not_ours_is_not_found(client, url):
    assert asked(client, url).status_code == 404


def test_drafts_and_withdrawn_articles_have_no_answer(app, client, new_poll):
    slug = new_poll("Secret?", opens_at=None)
    change(app, "UPDATE articles SET withdrawn_at = '2026-02-01 00:00:00'")

    assert asked(client, f"{BASE}/polls/{slug}").status_code == 404
    assert asked(client, f"{BASE}/articles/an-article").status_code == 410


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("url=", 400), (f"url={ONE}&url={ONE}", 400), (f"url={ONE}&format=yaml", 501),
        (f"url={ONE}&format=", 200), (f"url={ONE}&format=JSON", 501), (f"url={ONE}&format=json&format=xml", 400),
        (f"url={ONE}&maxwidth=0", 400), (f"url={ONE}&maxwidth=-1", 400), (f"url={ONE}&maxwidth=1e3", 400),
        (f"url={ONE}&maxwidth=", 400), (f"url={ONE}&maxwidth=999999", 400), (f"url={ONE}&maxheight=١٠", 400),
        (f"url={ONE}&maxheight=4.5", 400), (f"url={ONE}&maxheight=9&maxheight=9", 400), ("url=%ff", 404),
        (f"url={ONE}&unknown=x", 200), ("url=" + "9" * 3000, 414),
    ],
)  # fmt: skip
def test_each_parameter_is_read_strictly(client, query, status):
    assert client.get(f"/oembed?{query}").status_code == status


def test_the_answer_can_be_kept_and_read_from_any_page(client):
    answer = asked(client)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"].startswith("public")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/oembed", query_string={"url": ONE}, headers=tag).status_code == 304


def test_a_new_wording_answers_for_the_address_of_the_one_before(app, client):
    change(
        app,
        "UPDATE polls SET revision = revision + 1, replaced_by_id = (SELECT id FROM polls WHERE slug = 'two') WHERE slug = 'one'",
    )

    assert asked(client).json["title"] == "Two?"
    assert asked(client, format="xml").status_code == 200
