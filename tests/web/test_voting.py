"""Voting on the pages: what is taken, what is stored, and that one reader counts once."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from tests.web.acts import (
    ballots,
    fields_of,
    ids_of,
    positions,
    post,
    rows,
    serving,
    shown_options,
    vote,
    words,
)


@pytest.fixture
def poll(new_poll):
    return new_poll(options=("Yes", "No"))


@pytest.fixture
def several(new_poll):
    return new_poll("Which of these?", options=("A", "B", "C"), method="multiple", max_choices=2)


def test_a_vote_is_stored_and_leads_to_the_readers_own_answer(app, client, poll):
    answer = vote(client, poll, "Yes")

    assert (answer.status_code, answer.location) == (303, f"/polls/{poll.slug}/results#your-answer")
    assert ballots(app) == 1
    assert "Your answer counts: Yes." in words(client.get(answer.location))


def test_several_answers_are_one_ballot(app, client, several):
    answer = vote(client, several, "A", "C")

    assert answer.status_code == 303
    assert ballots(app) == 1
    assert {(str(option),) for (option,) in rows(app, "SELECT option_id FROM choices")} == {
        (option_id,) for option_id in ids_of(several, "A", "C")
    }


def test_not_sure_is_an_answer_too(app, client, several):
    answer = vote(client, several, "Not sure")

    assert answer.status_code == 303
    assert ballots(app) == 1


def test_a_changed_answer_is_told_as_such(client, poll):
    vote(client, poll, "Yes")
    again = words(client.get(vote(client, poll, "Yes").location))
    changed = vote(client, poll, "No")
    page = client.get(changed.location)

    assert "Thank you. Your answer counts: Yes." in again
    assert changed.location == f"/polls/{poll.slug}/results?changed={poll.slug}#your-answer"
    assert "Your answer was changed. Now this one counts: No." in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "was changed" not in words(client.application.test_client().get(changed.location))


def test_a_changed_answer_replaces_the_first(app, client, poll):
    vote(client, poll, "Yes")
    answer = vote(client, poll, "No")

    assert answer.status_code == 303
    assert ballots(app) == 1
    assert "Now this one counts: No." in words(client.get(answer.location))


def test_a_reload_of_the_answer_and_a_second_submit_change_nothing(app, client, poll):
    first = vote(client, poll, "Yes")
    client.get(first.location)
    vote(client, poll, "Yes")

    assert ballots(app) == 1
    assert rows(app, "SELECT revision FROM ballots") == [(1,)]


def test_the_back_button_shows_the_form_with_the_readers_answer(client, poll):
    vote(client, poll, "No")

    page = client.get(f"/polls/{poll.slug}")

    assert "You answered: No." in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_answer_can_be_taken_back_and_given_again(app, client, poll):
    vote(client, poll, "Yes")
    answer = post(client, f"/polls/{poll.slug}/withdraw")
    after_withdrawing = ballots(app)
    vote(client, poll, "No")

    assert (answer.status_code, answer.location) == (303, f"/polls/{poll.slug}#withdrawn")
    assert (after_withdrawing, ballots(app)) == (0, 1)


def test_the_page_says_that_the_answer_was_withdrawn(client, poll):
    vote(client, poll, "Yes")
    post(client, f"/polls/{poll.slug}/withdraw")

    assert "You withdrew your answer." in words(client.get(f"/polls/{poll.slug}"))


def test_nothing_can_be_withdrawn_where_nothing_was_cast(app, client, poll):
    first = post(client, f"/polls/{poll.slug}/withdraw")
    vote(client, poll, "Yes")
    post(client, f"/polls/{poll.slug}/withdraw")
    second = post(client, f"/polls/{poll.slug}/withdraw")

    assert (first.status_code, second.status_code) == (404, 404)
    assert ballots(app) == 0


def test_looking_without_voting_is_counted_once_per_browser(app, client, poll):
    for _ in range(2):
        answer = post(client, f"/polls/{poll.slug}/peek")
    post(app.test_client(), f"/polls/{poll.slug}/peek")

    assert (answer.status_code, answer.location) == (303, f"/polls/{poll.slug}/results")
    assert ballots(app) == 0
    assert rows(app, "SELECT peeks FROM turnouts") == [(2,)]
    assert "2 browsers looked at the results before voting or without" in words(
        client.get(answer.location)
    )


@pytest.mark.parametrize("peeked", [True, False])
def test_a_ballot_remembers_whether_its_reader_had_looked_before(app, client, poll, peeked):
    if peeked:
        post(client, f"/polls/{poll.slug}/peek")
    vote(client, poll, "Yes")
    post(client, f"/polls/{poll.slug}/peek")

    assert [bool(flag) for (flag,) in rows(app, "SELECT peeked FROM ballots")] == [peeked]


def test_results_that_are_hidden_cant_be_peeked_at(app, client, new_poll):
    hidden = new_poll(results_policy="after_vote")

    answer = post(client, f"/polls/{hidden.slug}/peek")

    assert answer.status_code == 422
    assert rows(app, "SELECT count(*) FROM peeks") == [(0,)]


def test_the_double_click_of_a_first_time_reader_counts_once(app, poll):
    path, data = f"/polls/{poll.slug}/vote", {"option": ids_of(poll, "Yes")}
    first, second = (app.test_client(use_cookies=False).post(path, data=data) for _ in range(2))

    # The browser drops the first navigation, keeps the later cookie, and posts once more.
    cookie = second.headers["Set-Cookie"].partition(";")[0]
    answer = app.test_client(use_cookies=False).post(
        second.location, data=data, headers={"Cookie": cookie}
    )

    assert first.headers["Set-Cookie"] != second.headers["Set-Cookie"]
    assert answer.status_code == 303
    assert ballots(app) == 1


def test_forty_posts_of_one_reader_at_the_same_moment_count_once(app, client, poll):
    vote(client, poll, "Yes")
    cookie = client.get_cookie("voter")
    bodies = [urlencode({"option": ids_of(poll, ("Yes", "No")[n % 2])[0]}) for n in range(40)]

    with serving(app) as address, ThreadPoolExecutor(40) as threads:

        def send(body):
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
            connection.request("POST", f"/polls/{poll.slug}/vote", body, {
                "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
                "Cookie": f"voter={cookie.value}",
            })  # fmt: skip
            status = connection.getresponse().status
            connection.close()
            return status

        statuses = set(threads.map(send, bodies))

    assert statuses == {303}
    assert ballots(app) == 1


def test_the_stored_place_is_the_place_on_the_page_that_was_sent_back(app, client, several):
    page = client.get(f"/polls/{several.slug}")
    chosen = ids_of(several, "B", "C")

    post(client, f"/polls/{several.slug}/vote", {"option": chosen, **fields_of(page)})

    on_the_page = {label: place for place, label in enumerate(shown_options(page), 1)}
    assert positions(app) == {int(chosen[0]): on_the_page["B"], int(chosen[1]): on_the_page["C"]}


def test_a_form_without_the_order_counts_and_stores_no_place(app, client, poll):
    vote(client, poll, "Yes")

    assert list(positions(app).values()) == [None]


def test_an_order_that_was_tampered_with_is_refused(app, client, poll):
    order = fields_of(client.get(f"/polls/{poll.slug}"))["order"]

    answer = post(
        client, f"/polls/{poll.slug}/vote", {"option": ids_of(poll, "Yes"), "order": f"9.{order}"}
    )

    assert answer.status_code == 400
    assert ballots(app) == 0


def test_the_order_of_another_question_is_refused(app, client, poll, several):
    order = fields_of(client.get(f"/polls/{several.slug}"))["order"]

    answer = post(
        client, f"/polls/{poll.slug}/vote", {"option": ids_of(poll, "Yes"), "order": order}
    )

    assert answer.status_code == 400
    assert ballots(app) == 0


def test_the_order_changes_between_renderings_and_not_sure_stays_last(client, new_poll):
    poll = new_poll(options=tuple("ABCDEF"))

    orders = [tuple(shown_options(client.get(f"/polls/{poll.slug}"))) for _ in range(12)]

    assert len(set(orders)) > 1
    assert {order[-1] for order in orders} == {"Not sure"}


def test_a_reader_who_comes_back_finds_the_order_that_is_stored(app, new_poll):
    poll = new_poll(options=tuple("ABCDEF"))
    orders = []
    for _ in range(8):
        reader = app.test_client()
        vote(reader, poll, "A")
        first, second = (reader.get(f"/polls/{poll.slug}") for _ in range(2))
        orders.append(shown_options(first))
        assert shown_options(second) == orders[-1]

    assert len(set(map(tuple, orders))) > 1
    sent = {"option": ids_of(poll, "B"), "order": fields_of(first)["order"]}
    post(reader, f"/polls/{poll.slug}/vote", sent)
    assert orders[-1].index("B") + 1 in positions(app).values()
