"""Every endpoint, who may open it, and what each of them gets: a new one without a row fails."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from poll_app.domain.accounts import COMMAND_LINE, ROLES, may
from poll_app.services.desk.placements import add_placement
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.sample import load_sample
from tests.desk_client import signed_in_client
from tests.services.discussion.readers import new_poll as discussed_poll
from tests.services.discussion.readers import reader, wrote
from tests.web.acts import everything
from tests.web.people.persons import put_person

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANYBODY = "anybody"

# Pages for readers. endpoint: an address of it, and the answers to GET and to POST of a reader
# without a cookie, None where another endpoint answers. A refused method says which ones are allowed.
READERS = {
    "static": ("/static/icon.svg", 200, 405),
    "reader.home": ("/", 200, 405),
    "reader.article": ("/articles/what-lies-ahead", 200, 405),
    "reader.poll": ("/polls/nato-troops", 200, 405),
    "reader.vote": ("/polls/nato-troops/vote", 405, 307),
    "reader.withdraw": ("/polls/nato-troops/withdraw", 405, 307),
    "reader.peek_at_results": ("/polls/nato-troops/peek", 405, 307),
    "results.results": ("/polls/nato-troops/results", 200, 405),
    "results.results_csv": ("/polls/nato-troops/results.csv", 200, 405),
    "oembed.oembed": ("/oembed", 400, 405),
    "feed.feed": ("/feed.atom", 200, 405),
    "site_map.sitemap": ("/sitemap.xml", 200, 405),
    "site_map.robots": ("/robots.txt", 200, 405),
    "pictures.results_svg": ("/polls/nato-troops/results.svg", 200, 405),
    "pictures.results_png": ("/polls/nato-troops/results.png", 200, 405),
    "pictures.question_png": ("/polls/nato-troops/question.png", 200, 405),
    "results.article": ("/articles/what-lies-ahead/results", 200, 405),
    "results.method": ("/method", 200, 405),
    "embed.poll": ("/embed/polls/nato-troops", 200, 405),
    "embed.change": ("/embed/polls/nato-troops/change", 200, 405),
    "embed.results": ("/embed/polls/nato-troops/results", 200, 405),
    "embed.article": ("/embed/articles/what-lies-ahead", 200, 405),
    "embed.vote": ("/embed/polls/nato-troops/vote", 405, 307),
    "embed.withdraw": ("/embed/polls/nato-troops/withdraw", 405, 307),
    "embed.peek_at_results": ("/embed/polls/nato-troops/peek", 405, 307),
    "embed.loader": ("/embed.js", 200, 405),
    "api.polls": ("/api/v1/polls", 200, 405),
    "api.poll": ("/api/v1/polls/nato-troops", 200, 405),
    "api.results": ("/api/v1/polls/nato-troops/results", 200, 405),
    "api.details": ("/api/v1/polls/nato-troops/details", 200, 405),
    "api.article": ("/api/v1/articles/what-lies-ahead", 200, 405),
    "api.article_results": ("/api/v1/articles/what-lies-ahead/results", 200, 405),
    "openapi.description": ("/api/v1/openapi.json", 200, 405),
    "openapi.docs": ("/api/docs", 200, 405),
    "cross_tables.comparison": ("/api/v1/articles/what-lies-ahead/comparison", 200, 405),
    "ledger.ledger": ("/ledger/", 200, 405),
    "ledger.ledger_json": ("/api/v1/ledger", 200, 405),
    "discussion.reasons": ("/polls/nato-troops/reasons", 200, None),
    "discussion.side": ("/polls/nato-troops/reasons/1", 200, 405),
    "discussion.wording": ("/polls/nato-troops/reasons/wordings/1", 404, 405),
    "discussion.reason": ("/reasons/99", 404, 405),
    "discussion.policy": ("/discussion-policy", 200, 405),
    "writing.write": ("/polls/nato-troops/reasons", None, 422),
    "writing.mine": ("/polls/nato-troops/reasons/mine", 200, 405),
    "writing.new_code": ("/polls/nato-troops/reasons/code", 405, 422),
    "writing.reply": ("/reasons/99/reply", 404, None),
    "writing.send_reply": ("/reasons/99/reply", None, 404),
    "writing.edit": ("/reasons/99/edit", 404, None),
    "writing.save_edit": ("/reasons/99/edit", None, 404),
    "writing.delete": ("/reasons/99/delete", 404, None),
    "writing.erase": ("/reasons/99/delete", None, 404),
    "reason_marks.fair_point": ("/reasons/99/fair-point", 405, 404),
    "reason_marks.changed_my_mind": ("/reasons/99/changed-my-mind", 405, 404),
    "reporting.report": ("/reasons/99/report", 404, None),
    "reporting.send_report": ("/reasons/99/report", None, 404),
    "returning.come_back": ("/return", 200, None),
    "returning.returned": ("/return", None, 422),
    "reason_feeds.reasons": ("/api/v1/polls/nato-troops/reasons", 200, 405),
    "reason_feeds.reasons_atom": ("/polls/nato-troops/reasons.atom", 200, 405),
    "health.healthz": ("/healthz", 200, 405),
    "health.readyz": ("/readyz", 200, 405),
}

# Pages of the desk. endpoint: an address of it on `site` below, the right it takes, and the answers
# to GET and to POST (with nothing but the token) of somebody who has that right; None where another
# endpoint answers. Person 1 is a moderator.
DESK = {
    "sign_in.sign_in": ("/editor/sign-in", ANYBODY, 200, 400),
    "sign_in.sign_out": ("/editor/sign-out", ANYBODY, 405, 400),
    "sign_in.passkey": ("/editor/sign-in/passkey", ANYBODY, 405, 400),
    "second_step.second_step": ("/editor/sign-in/code", ANYBODY, 303, 303),
    "join.join": ("/editor/join/unknown", ANYBODY, 410, None),
    "join.accept": ("/editor/join/unknown", ANYBODY, None, 400),
    "confirm.confirm": ("/editor/confirm", "enter", 200, 422),
    "desk.dashboard": ("/editor/", "enter", 200, 405),
    "record.log": ("/editor/log", "edit", 200, 405),
    "record.log_csv": ("/editor/log.csv", "edit", 200, 405),
    "account.account": ("/editor/account", "enter", 200, 405),
    "account.change_name": ("/editor/account/name", "enter", 405, 422),
    "account.new_password": ("/editor/account/password", "enter", 405, 422),
    "account.end_session": ("/editor/account/sessions/99/end", "enter", 405, 404),
    "account.end_other_sessions": ("/editor/account/sessions/end-others", "enter", 405, 303),
    "factors.code_app": ("/editor/account/code-app", "enter", 200, None),
    "factors.set_up": ("/editor/account/code-app", "enter", None, 303),
    "factors.remove": ("/editor/account/code-app/remove", "enter", 405, 303),
    "factors.recovery_codes": ("/editor/account/recovery-codes", "enter", 303, None),
    "factors.renew": ("/editor/account/recovery-codes", "enter", None, 422),
    "passkeys.passkeys": ("/editor/account/passkeys", "enter", 404, None),
    "passkeys.add": ("/editor/account/passkeys", "enter", None, 404),
    "passkeys.remove": ("/editor/account/passkeys/99/remove", "enter", 405, 404),
    "members.members": ("/editor/people", "administer", 200, 405),
    "members.invite": ("/editor/people/invite", "administer", 200, None),
    "members.send_invitation": ("/editor/people/invite", "administer", None, 422),
    "members.member": ("/editor/people/1", "administer", 200, 405),
    "members.change_role": ("/editor/people/1/role", "administer", 405, 422),
    "members.new_link": ("/editor/people/1/link", "administer", 405, 303),
    "members.change": ("/editor/people/1/disable", "administer", 405, 303),
    "desk_placements.placements": ("/editor/places", "edit", 200, None),
    "desk_placements.add": ("/editor/places", "edit", None, 422),
    "desk_placements.rename": ("/editor/places/1/rename", "edit", 405, 422),
    "desk_placements.change": ("/editor/places/1/retire", "edit", 405, 303),
    "desk_articles.articles": ("/editor/articles", "edit", 200, 405),
    "desk_articles.new": ("/editor/articles/new", "edit", 200, 422),
    "desk_articles.import_article": ("/editor/articles/import", "edit", 200, 422),
    "desk_articles.article": ("/editor/articles/what-lies-ahead", "edit", 200, 405),
    "desk_articles.edit": ("/editor/articles/what-lies-ahead/edit", "edit", 200, 422),
    "desk_articles.preview": ("/editor/articles/what-lies-ahead/preview", "edit", 200, 405),
    "desk_articles.publish": ("/editor/articles/what-lies-ahead/publish", "edit", 405, 303),
    "desk_articles.withdraw": ("/editor/articles/what-lies-ahead/withdraw", "edit", 200, 422),
    "desk_articles.delete": ("/editor/articles/what-lies-ahead/delete", "edit", 200, 422),
    "desk_articles.compare": ("/editor/articles/what-lies-ahead/compare", "edit", 405, 303),
    "desk_articles.move": ("/editor/articles/what-lies-ahead/move", "edit", 405, 400),
    "desk_articles.place": ("/editor/articles/what-lies-ahead/place", "edit", 405, 404),
    "desk_articles.take_off": ("/editor/articles/what-lies-ahead/take-off", "edit", 405, 404),
    "desk_articles.discussion": ("/editor/articles/what-lies-ahead/discussion", "edit", 200, 422),
    "desk_moderation.queue": ("/editor/moderation", "moderate", 200, 405),
    "desk_moderation.text": ("/editor/moderation/1", "moderate", 200, 405),
    "desk_moderation.decide_one": ("/editor/moderation/1/decide", "moderate", 405, 422),
    "desk_moderation.several": ("/editor/moderation/several", "moderate", 405, 422),
    "desk_moderation.undo_acts": ("/editor/moderation/undo", "moderate", 405, 400),
    "desk_moderation.reply": ("/editor/moderation/1/reply", "moderate", 405, 404),
    "desk_moderation.erase": ("/editor/moderation/1/erase", "moderate", 200, 422),
    "desk_polls.polls": ("/editor/polls", "edit", 200, None),
    "desk_polls.create": ("/editor/polls", "edit", None, 422),
    "desk_polls.new": ("/editor/polls/new", "edit", 200, 405),
    "desk_polls.poll": ("/editor/polls/nato-troops", "edit", 200, 405),
    "desk_polls.edit": ("/editor/polls/nato-troops/edit", "edit", 200, 409),
    "desk_polls.duplicate": ("/editor/polls/nato-troops/duplicate", "edit", 405, 303),
    "desk_polls.delete": ("/editor/polls/nato-troops/delete", "edit", 200, 422),
    "desk_polls.preview": ("/editor/polls/nato-troops/preview", "edit", 200, 405),
    "desk_polls.times": ("/editor/polls/draft/times", "edit", 200, 422),
    "desk_polls.end": ("/editor/polls/nato-troops/end", "edit", 200, 409),
    "desk_polls.close": ("/editor/polls/nato-troops/close", "edit", 200, 303),
    "desk_polls.reopening": ("/editor/polls/nato-troops/reopen", "edit", 200, 409),
    "desk_polls.correct": ("/editor/polls/nato-troops/correct", "edit", 200, 409),
    "desk_polls.reword": ("/editor/polls/nato-troops/reword", "edit", 200, 422),
    "desk_polls.outcome": ("/editor/polls/nato-troops/outcome", "edit", 200, 422),
    "desk_polls.survey": ("/editor/polls/nato-troops/survey", "edit", 200, 422),
    "desk_polls.remove": ("/editor/polls/nato-troops/survey/remove", "edit", 404, 404),
}
GUARDED = {name: row for name, row in DESK.items() if row[1] != ANYBODY}
PATHS = {name: row[0] for name, row in {**READERS, **DESK}.items()}


@pytest.fixture
def site(app):
    """The sample article, a draft, somebody with an account, and a text that waits."""
    assert put_person(app, "somebody@paper.example", role="moderator") == 1
    with app.app_context():
        load_sample(now=NOW)
        add_placement("Home page", by=COMMAND_LINE, now=NOW)
        add_poll(NewPoll("Secret?", options=("Yes", "No"), slug="draft"), opens_at=None, now=NOW)
        assert wrote(app, discussed_poll(), reader("anna"), "Yes").id == 1
    return app


@pytest.fixture
def yes(site):
    """What a ballot for the first option sends."""
    options = site.test_client().get("/api/v1/polls/nato-troops").json["options"]
    return {"option": str(options[0]["id"])}


def test_every_endpoint_is_listed_with_who_may_open_it(app):
    assert set(app.view_functions) == {*READERS, *DESK}
    assert all(
        path.startswith("/editor/") == (endpoint in DESK) for endpoint, path in PATHS.items()
    )


@pytest.mark.parametrize("endpoint", PATHS)
def test_the_address_leads_to_its_endpoint(app, endpoint):
    *_, get, _ = {**READERS, **DESK}[endpoint]
    method = "POST" if get in {None, 405} else "GET"

    assert app.url_map.bind("localhost").match(PATHS[endpoint], method=method)[0] == endpoint


@pytest.mark.parametrize("endpoint", READERS)
def test_a_reader_without_a_cookie_gets_what_the_table_says(site, yes, endpoint):
    path, get, post = READERS[endpoint]
    client = site.test_client(use_cookies=False)

    fetched, posted = client.get(path), client.post(path, data=yes)

    assert fetched.status_code == get or get is None
    assert posted.status_code == post or post is None
    for answer in (fetched, posted):
        if answer.status_code == 405:
            assert answer.headers["Allow"]
        assert "Set-Cookie" not in answer.headers or answer.status_code == 307


@pytest.mark.parametrize("endpoint", [name for name, row in READERS.items() if row[1] == 200])
def test_looking_at_the_head_says_what_looking_at_the_page_says(site, endpoint):
    path = READERS[endpoint][0]
    client = site.test_client()

    page, head = client.get(path), client.head(path)

    assert (head.status_code, head.data) == (page.status_code, b"")
    assert head.headers["Content-Type"] == page.headers["Content-Type"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_does_anything(site, yes, method):
    client = site.test_client()
    statuses = {
        endpoint: client.open(path, method=method, data=yes).status_code
        for endpoint, path in PATHS.items()
    }

    # Flask answers OPTIONS for its own static files, which does no harm.
    harmless = {"static"} if method == "OPTIONS" else set()
    assert {name for name, status in statuses.items() if status != 405} == harmless


@pytest.mark.parametrize(
    "endpoint", [name for name, row in READERS.items() if "nato-troops" in row[0]]
)
@pytest.mark.parametrize(
    "slug", ["draft", "unknown", "NATO-troops", "nato-troops%00", "nato-troops%0a", "%ff"]
)
def test_drafts_and_unknown_polls_are_not_there_for_anybody(site, yes, endpoint, slug):
    path, get, _ = READERS[endpoint]
    client = site.test_client()

    answer = client.open(
        path.replace("nato-troops", slug), method="POST" if get in {None, 405} else "GET", data=yes
    )

    # What is no slug fits no address; where one address has two views, the router then says 405.
    assert answer.status_code == 404 or (answer.status_code == 405 and get is None)
    assert "Secret?" not in answer.get_data(as_text=True)


def test_drafts_are_in_no_list(site):
    client = site.test_client()

    for path in ("/", "/api/v1/polls"):
        assert "Secret?" not in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize("endpoint", GUARDED)
def test_who_is_signed_out_is_sent_to_sign_in_and_back(site, endpoint):
    path, _, get, post = GUARDED[endpoint]
    before = everything(site)

    fetched, posted = answers(site.test_client(), path, get, post)

    assert fetched is None or (fetched.status_code, fetched.location) == (
        (405, None) if get == 405 else (303, f"/editor/sign-in?next={quote(path)}")
    )
    assert posted is None or posted.status_code == (405 if post == 405 else 401)
    assert everything(site) == before


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("endpoint", GUARDED)
def test_each_role_gets_what_the_table_says(site, endpoint, role):
    path, right, get, post = GUARDED[endpoint]
    client, allowed = signed_in_client(site, role), may(role, right)
    before = everything(site)

    for answer, told in zip(answers(client, path, get, post), (get, post), strict=True):
        if answer is not None:
            assert answer.status_code == (told if allowed or told == 405 else 403)
            assert "public" not in answer.headers["Cache-Control"]
    assert allowed or everything(site) == before


@pytest.mark.parametrize("endpoint", [n for n, row in GUARDED.items() if row[3] not in {None, 405}])
def test_a_post_without_the_token_changes_nothing(site, endpoint):
    client = signed_in_client(site, "admin")
    before = everything(site)

    assert client.post(GUARDED[endpoint][0], token=False).status_code == 400
    assert everything(site) == before


@pytest.mark.parametrize("endpoint", [n for n, row in GUARDED.items() if row[2] not in {None, 405}])
def test_looking_at_a_page_of_the_desk_changes_nothing(site, endpoint):
    client = signed_in_client(site, "admin")
    before = everything(site)

    client.get(GUARDED[endpoint][0])

    assert everything(site) == before


def answers(client, path, get, post):
    """What GET and POST of this address are answered, where the row has something to say of them."""
    return (
        client.get(path) if get is not None else None,
        client.post(path) if post is not None else None,
    )
