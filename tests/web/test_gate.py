"""The gate: the voter's cookie, the one 307 that brings it, the confirm step, other sites."""

from http.cookies import SimpleCookie

import pytest
import time_machine

from tests.conftest import NOW
from tests.web.acts import ballots, fields_of, ids_of, post, vote, words

MINUTE, DAY = 60, 86_400


@pytest.fixture
def poll(new_poll):
    return new_poll(options=("Yes", "No"))


@pytest.fixture
def path(poll):
    return f"/polls/{poll.slug}/vote"


@pytest.fixture
def yes(poll):
    return {"option": ids_of(poll, "Yes")}


def only_cookie(answer):
    (header,) = answer.headers.getlist("Set-Cookie")
    ((name, morsel),) = SimpleCookie(header).items()
    return name, morsel


def test_the_first_post_brings_the_cookie_and_is_sent_to_itself_once(app, client, path, yes):
    first = client.post(path, data=yes)
    stored = ballots(app)
    second = client.post(first.location, data=yes)

    assert (first.status_code, first.location, stored) == (307, f"{path}?again=1", 0)
    assert second.status_code == 303
    assert "Set-Cookie" not in second.headers


def test_a_browser_that_keeps_no_cookie_is_told_why_and_not_sent_round_again(app, path, yes):
    answer = post(app.test_client(use_cookies=False), path, yes)

    assert answer.status_code == 403
    assert "Your browser did not keep the cookie" in words(answer)
    assert ballots(app) == 0


def test_the_cookie_belongs_to_this_site_alone_and_holds_no_choice(client, path, yes):
    name, cookie = only_cookie(client.post(path, data=yes))

    assert name == "voter"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (cookie["max-age"], cookie["domain"], cookie["secure"]) == (str(180 * DAY), "", "")
    assert len(cookie.value.partition(".")[0]) == 22


def test_over_https_the_cookie_is_bound_to_it(make_app, poll, path, yes):
    app = make_app(POLL_PUBLIC_URL="https://polls.example.org")

    answer = app.test_client().post(path, data=yes, base_url="https://polls.example.org")

    name, cookie = only_cookie(answer)
    assert name == "__Host-voter"
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("page", ["/", "/polls/{}", "/polls/{}/results", "/polls/{}/results.csv", "/healthz",
                                  "/api/v1/polls", "/api/v1/polls/{}/results", "/nothing"])  # fmt: skip
def test_no_page_sets_a_cookie_or_depends_on_one_in_a_shared_cache(client, poll, page):
    answer = client.get(page.format(poll.slug))

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("forge", [
    lambda _: "A" * 22,
    lambda genuine: "A" + genuine[1:] if genuine[0] != "A" else "B" + genuine[1:],
    lambda genuine: genuine[:-1],
    lambda genuine: genuine + "x",
    lambda genuine: genuine.partition(".")[0],
    lambda _: "",
    lambda _: "\u00ff.\u00ff",
])  # fmt: skip
def test_a_forged_cookie_is_no_cookie(app, client, path, yes, forge):
    client.post(path, data=yes)
    forged = forge(client.get_cookie("voter").value)
    client.set_cookie("voter", forged)

    page = client.get(path.removesuffix("/vote"))
    answer = client.post(path, data=yes)

    assert page.headers["Cache-Control"].startswith("public")
    assert answer.status_code == 307
    assert only_cookie(answer)[1].value != forged
    assert ballots(app) == 0


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("act", ["vote", "withdraw", "peek"])
def test_what_another_site_sends_is_refused(app, client, poll, yes, headers, act):
    vote(client, poll, "No")

    answer = client.post(
        f"/polls/{poll.slug}/{act}", data=yes, headers=headers, from_elsewhere=True
    )

    assert answer.status_code == 403
    assert "another site" in words(answer)
    assert "You answered: No." in words(client.get(f"/polls/{poll.slug}"))
    assert ballots(app) == 1


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"},
], ids=str)  # fmt: skip
def test_what_our_own_page_sends_is_taken(app, client, poll, path, yes, headers):
    answer = post(client, path, yes, headers=headers, from_elsewhere=True)

    assert answer.status_code == 303
    assert ballots(app) == 1


def test_a_client_that_says_nothing_of_its_origin_confirms(app, client, path, yes):
    page = client.post(path, data=yes, from_elsewhere=True)
    stored = ballots(app)
    answer = client.post(path, data={**yes, **fields_of(page)}, from_elsewhere=True)

    assert (page.status_code, stored) == (200, 0)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert only_cookie(page)[0] == "voter"
    assert (answer.status_code, ballots(app)) == (303, 1)


def test_the_confirm_page_brings_everything_that_was_sent(client, new_poll):
    poll = new_poll(options=("A", "B", "C"), method="multiple", max_choices=2)
    order = fields_of(client.get(f"/polls/{poll.slug}"))["order"]
    sent = {"option": ids_of(poll, "A", "B"), "order": order}

    page = client.post(f"/polls/{poll.slug}/vote", data=sent, from_elsewhere=True).get_data(
        as_text=True
    )

    for option_id in sent["option"]:
        assert f'name="option" value="{option_id}"' in page
    assert f'name="order" value="{order}"' in page


def test_every_act_of_such_a_client_is_confirmed(app, client, poll):
    vote(client, poll, "Yes")

    page = client.post(f"/polls/{poll.slug}/withdraw", from_elsewhere=True)
    stored = ballots(app)
    answer = client.post(
        f"/polls/{poll.slug}/withdraw", data=fields_of(page, "/withdraw"), from_elsewhere=True
    )

    assert (page.status_code, stored) == (200, 1)
    assert (answer.status_code, ballots(app)) == (303, 0)


def test_a_client_that_confirms_but_keeps_no_cookie_is_told_why(app, path, yes):
    client = app.test_client(use_cookies=False)
    page = client.post(path, data=yes, from_elsewhere=True)

    answer = client.post(path, data={**yes, **fields_of(page)}, from_elsewhere=True)

    assert answer.status_code == 403
    assert "Your browser did not keep the cookie" in words(answer)
    assert ballots(app) == 0


def refused_with_a_fresh_form(app, client, path, yes, token):
    answer = client.post(path, data={**yes, "confirm": token}, from_elsewhere=True)
    assert answer.status_code == 403
    assert "Nothing was changed." in words(answer)
    assert ballots(app) == 0
    again = client.post(path, data={**yes, **fields_of(answer)}, from_elsewhere=True)
    assert again.status_code == 303


@pytest.mark.parametrize("spoil", [
    lambda token: token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1],
    lambda token: "x" + token,
    lambda token: token[: len(token) // 2],
    lambda _: "",
    lambda _: "ключ",
    lambda token: token.rpartition(".")[0],
])  # fmt: skip
def test_a_broken_token_is_refused_and_a_fresh_one_offered(app, client, path, yes, spoil):
    token = fields_of(client.post(path, data=yes, from_elsewhere=True))["confirm"]

    refused_with_a_fresh_form(app, client, path, yes, spoil(token))


def test_the_token_of_another_reader_is_refused(app, client, path, yes):
    token = fields_of(app.test_client().post(path, data=yes, from_elsewhere=True))["confirm"]
    client.post(path, data=yes, from_elsewhere=True)

    refused_with_a_fresh_form(app, client, path, yes, token)


def test_the_token_of_another_question_is_refused(app, client, new_poll, path, yes):
    other = new_poll("Another question?")
    page = client.post(
        f"/polls/{other.slug}/vote", data={"option": ids_of(other, "Yes")}, from_elsewhere=True
    )

    refused_with_a_fresh_form(app, client, path, yes, fields_of(page)["confirm"])


def test_the_token_of_another_act_is_refused(app, client, poll, path, yes):
    page = client.post(f"/polls/{poll.slug}/peek", from_elsewhere=True)

    refused_with_a_fresh_form(app, client, path, yes, fields_of(page, "/peek")["confirm"])


@pytest.mark.parametrize("seconds", [61 * MINUTE, -2 * MINUTE], ids=["expired", "from the future"])
def test_a_token_of_another_time_is_refused(app, client, path, yes, seconds):
    with time_machine.travel(NOW, tick=False) as clock:
        token = fields_of(client.post(path, data=yes, from_elsewhere=True))["confirm"]
        clock.shift(seconds)

        refused_with_a_fresh_form(app, client, path, yes, token)
