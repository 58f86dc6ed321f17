"""What editors do with an open or closed poll, and what readers are told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk_client import signed_in_client
from tests.web.acts import (
    ballots,
    change,
    element,
    everything,
    fill,
    ids_of,
    post,
    rows,
    text_of,
    title,
    vote,
    words,
)
from tests.web.desk.test_polls import BRIDGE, act, create, opened, revision, send, slug_of, view

NOW = datetime.now(UTC)
IN_A_WEEK = f"{NOW + timedelta(days=7):%Y-%m-%d}"
LAST_WEEK = f"{NOW - timedelta(days=7):%Y-%m-%d}"
OUTCOME = {
    "text": "It was built.", "option_id": "", "happened_on": LAST_WEEK, "source": "The town hall",
    "source_url": "https://town.example/bridge",
}  # fmt: skip
SURVEY = {
    "institute": "An institute", "population": "adults of the town", "people": "1,004",
    "asked_from": "2026-10-01", "asked_to": "2026-10-03", "question": "Do you want a bridge?",
    "shares": "Yes 54\nNo 46", "url": "",
}  # fmt: skip


def closed(editor):
    address = opened(editor)
    assert editor.post(f"{address}/close").status_code == 303
    return address


def results(client, address):
    return client.get(f"/polls/{slug_of(address)}/results")


def figures(client, address):
    return client.get(f"/api/v1/polls/{slug_of(address)}/results").get_json()


@pytest.fixture
def berlin(make_app):
    """An editor where the newsroom's clocks are put forward and back."""
    return signed_in_client(make_app(POLL_TIME_ZONE="Europe/Berlin"), "editor")


def test_times_are_set_in_the_newsrooms_zone_and_shown_in_both(berlin):
    address = create(berlin)
    form = berlin.get(f"{address}/times")
    assert "Europe/Berlin" in words(form)

    done = act(
        berlin, f"{address}/times", opens="at", opens_day="2030-07-01", opens_time="09:30",
        closes="at", closes_day="2030-07-02", closes_time="9:30",
    )  # fmt: skip

    assert done.status_code == 303
    page = words(berlin.get(f"{address}/times"))
    assert "2030-07-01 07:30 UTC" in page
    assert " days" in page
    assert "Scheduled" in words(berlin.get(address))


def test_an_hour_that_is_left_out_is_refused_and_one_that_comes_twice_is_asked_for(berlin):
    address = create(berlin)
    times = {"opens": "at", "opens_day": "2030-10-27", "opens_time": "02:30", "closes": "never"}

    gap = act(berlin, f"{address}/times", **{**times, "opens_day": "2030-03-31"})
    twice = act(berlin, f"{address}/times", **times)
    second = act(berlin, f"{address}/times", **times, opens_which="second")

    assert (gap.status_code, "There is no 02:30" in words(gap)) == (422, True)
    assert (twice.status_code, "comes twice" in words(twice)) == (422, True)
    assert element(twice, name="opens_which", value="second") is not None
    assert element(twice, name="opens_time").get("value") == "02:30"
    assert second.status_code == 303
    assert (
        element(berlin.get(f"{address}/times"), name="opens_which", checked="").get("value")
        == "second"
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"opens": "at", "opens_day": "soon", "opens_time": "09:30"}, "year-month-day"),
        ({"opens": "at", "opens_day": IN_A_WEEK, "opens_time": "9"}, "hours:minutes"),
        ({"opens": "at", "opens_day": LAST_WEEK, "opens_time": "09:30"}, "This time has passed."),
        ({"opens": "at", "opens_day": "2999-01-01", "opens_time": "09:30"}, "ten years"),
        (
            {"opens": "now", "closes": "at", "closes_day": LAST_WEEK, "closes_time": "09:30"},
            "close after it has opened",
        ),
    ],
)
def test_times_that_can_not_be_are_refused_and_stay_typed(app, editor, changes, text):
    address, before = create(editor), everything(app)
    before = everything(app)

    answer = act(editor, f"{address}/times", **{"closes": "never", **changes})

    assert (answer.status_code, text in words(answer)) == (422, True)
    assert title(answer).startswith("Error: ")
    assert everything(app) == before


def test_a_draft_without_options_says_what_it_needs(app, editor):
    address = create(editor, option=["", ""])

    assert "It has no options yet" in words(editor.get(address))
    answer = act(editor, f"{address}/times", opens="now", closes="never")

    assert "Give the question its options first." in words(answer)


def test_somebody_elses_schedule_is_shown_before_it_is_replaced(app, editor):
    address = create(editor)
    seen = revision(editor, f"{address}/times")
    act(
        editor,
        f"{address}/times",
        opens="at",
        opens_day=IN_A_WEEK,
        opens_time="10:00",
        closes="never",
    )

    answer = send(editor, f"{address}/times", opens="draft", closes="never", revision=seen)

    assert answer.status_code == 409
    assert IN_A_WEEK in text_of(element(answer, class_="difference"))
    newest = element(answer, name="revision").get("value")
    assert (
        send(editor, f"{address}/times", opens="draft", closes="never", revision=newest).status_code
        == 303
    )
    assert rows(app, "SELECT opens_at FROM polls") == [(None,)]


def test_a_double_click_on_opening_closing_and_moving_does_it_once(app, editor):
    address = create(editor)
    seen = revision(editor, f"{address}/times")

    statuses = [
        send(editor, f"{address}/times", opens="now", closes="never", revision=seen).status_code
        for _ in range(2)
    ]
    statuses += [editor.post(f"{address}/close").status_code for _ in range(2)]

    assert statuses == [303] * 4
    public = rows(app, "SELECT act FROM acts WHERE act IN ('poll.opened', 'poll.closed')")
    assert public == [("poll.opened",), ("poll.closed",)]


def test_the_end_of_an_open_poll_moves_and_readers_see_it(editor, client):
    address = opened(editor)

    done = act(editor, f"{address}/end", closes="at", closes_day=IN_A_WEEK, closes_time="10:00")

    assert done.status_code == 303
    assert "Moved the end of voting" in words(results(client, address))
    late = act(editor, f"{address}/end", closes="at", closes_day=LAST_WEEK, closes_time="10:00")
    assert (late.status_code, "has passed" in words(late)) == (422, True)
    assert (
        act(editor, f"{create(editor, question='Draft?')}/end", closes="never").status_code == 422
    )


def test_a_reopened_poll_says_why_wherever_it_is_shown(app, editor, client):
    address = closed(editor)
    assert "Close voting now?" in words(editor.get(f"{address}/close"))
    without = act(editor, f"{address}/reopen", closes="never", reason=" ")
    assert (without.status_code, "Say why" in words(without)) == (422, True)

    assert (
        act(editor, f"{address}/reopen", closes="never", reason="Closed by mistake.").status_code
        == 303
    )

    for path in (f"/polls/{slug_of(address)}", f"/polls/{slug_of(address)}/results"):
        assert "and was reopened on" in words(client.get(path))
        assert "“Closed by mistake.”" in words(client.get(path))
    assert figures(client, address)["reopenings"][0]["reason"] == "Closed by mistake."
    assert vote(client, view(app, address), "Yes").status_code == 303


def test_a_correction_keeps_votes_and_is_shown_at_once(app, editor, client):
    address = opened(editor, question="Shoud the town build a bridge?")
    reader = app.test_client()
    fill(app, view(app, address), Yes=1)
    vote(reader, view(app, address), "No")

    done = act(
        editor, f"{address}/correct", question=BRIDGE["question"],
        option=["Yes", "No", "Not sure"],
    )  # fmt: skip

    assert done.status_code == 303
    for page in (
        results(reader, address),
        results(client, address),
        client.get(f"/polls/{slug_of(address)}"),
    ):
        assert "Corrected on" in words(page)
        assert "“Shoud the town build a bridge?”" in words(page)
    data = figures(client, address)
    assert data["ballots"] == 2
    assert data["corrections"][0]["changes"] == [
        {"before": "Shoud the town build a bridge?", "after": BRIDGE["question"]}
    ]
    assert ballots(app) == 2


@pytest.mark.parametrize(
    ("words_typed", "text"),
    [
        ({"question": "Should the town not build a bridge?"}, "more than a typing mistake"),
        ({"option": ["No", "Yes", "Not sure"]}, "more than a typing mistake"),
        ({"option": ["Yes", "No"]}, "keeps the number of options"),
        ({"question": ""}, "Enter some text."),
        ({}, "Nothing was changed."),
    ],
)
def test_a_correction_that_does_more_is_refused_and_stays_typed(app, editor, words_typed, text):
    address = opened(editor)
    fill(app, view(app, address), Yes=1)
    typed = {"question": BRIDGE["question"], "option": ["Yes", "No", "Not sure"], **words_typed}

    answer = act(editor, f"{address}/correct", **typed)

    assert (answer.status_code, text in words(answer)) == (422, True)
    assert rows(app, "SELECT question FROM polls") == [(BRIDGE["question"],)]


def test_a_new_wording_stands_beside_the_old_one(app, editor, client):
    address = opened(editor)
    old = view(app, address)
    fill(app, old, Yes=12)
    new = {
        **BRIDGE,
        "question": "Should the town build a tunnel?",
        "option": ["Yes", "No", "Later"],
    }

    without = act(editor, f"{address}/reword", **new)
    moved = act(editor, f"{address}/reword", **new, **{"up-3": ""})
    done = act(editor, f"{address}/reword", **new, reason="A bridge is ruled out.")

    assert [answer.status_code for answer in (without, moved, done)] == [422, 200, 303]
    page = words(results(client, address))
    assert "Nobody has voted yet." in page
    assert "Earlier wordings" in page
    assert "All 12 readers who voted said Yes (100%)." in page
    assert "Reader vote. 12 readers chose to answer." in page
    assert "A bridge is ruled out." in page
    data = figures(client, address)
    assert (data["poll"]["wording_version"], data["ballots"]) == (2, 0)
    assert [(w["poll"]["wording_version"], w["ballots"]) for w in data["earlier_wordings"]] == [
        (1, 12)
    ]
    for tail, kind in (("", "reader"), ("/results", "results")):
        gone = client.get(f"/polls/{old.slug}-wording-1{tail}")
        assert (gone.status_code, gone.location) == (308, f"/polls/{old.slug}{tail}"), kind
    assert editor.get(f"/editor/polls/{old.slug}-wording-1").status_code == 404
    assert ballots(app) == 12


def test_an_answer_to_the_old_words_is_told_of_the_new_ones(app, editor, client):
    address = opened(editor)
    old = view(app, address)
    fill(app, old, Yes=1)
    act(editor, f"{address}/reword", **{**BRIDGE, "question": "A tunnel?"}, reason="x")
    view(app, address)

    answer = post(client, f"/polls/{old.slug}/vote", {"option": ids_of(old, "Yes")})

    assert answer.status_code == 422
    assert "has been reworded since you opened it" in words(answer)
    assert "A tunnel?" in words(answer)
    assert vote(client, view(app, address), "Yes").status_code == 303
    assert ballots(app) == 2


def test_an_outcome_is_recorded_changed_and_told_with_its_source(app, editor, client):
    address = closed(editor)
    yes = ids_of(view(app, address), "Yes")[0]

    assert act(editor, f"{address}/outcome", **{**OUTCOME, "option_id": yes}).status_code == 303
    page = results(client, address)
    assert "What came true" in words(page)
    assert element(page, href="https://town.example/bridge").get("rel") == "noopener nofollow"
    assert "Outcome: It was built." in words(client.get(f"/polls/{slug_of(address)}"))
    assert figures(client, address)["poll"]["status"] == "resolved"
    assert figures(client, address)["outcome"]["option"] == "Yes"

    assert element(editor.get(f"{address}/outcome"), selected="").get("value") == yes
    assert (
        act(editor, f"{address}/outcome", **{**OUTCOME, "text": "It was not."}).status_code == 303
    )
    assert "Before, it said: “It was built.”" in words(results(client, address))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"text": ""}, "Enter some text."),
        ({"option_id": "99"}, "does not belong to this question"),
        ({"option_id": "x"}, "does not belong to this question"),
        ({"happened_on": "yesterday"}, "year-month-day"),
        ({"happened_on": IN_A_WEEK}, "has not come yet"),
        ({"source": ""}, "Enter some text."),
        ({"source_url": "javascript:alert(1)"}, "a whole web address"),
        ({"source_url": "https://me:word@town.example"}, "a whole web address"),
    ],
)
def test_an_outcome_that_can_not_be_is_refused(app, editor, change, text):
    address = closed(editor)

    answer = act(editor, f"{address}/outcome", **{**OUTCOME, **change})

    assert (answer.status_code, text in words(answer)) == (422, True)
    assert rows(app, "SELECT * FROM outcomes") == []


def test_two_editors_of_an_outcome_see_what_differs(app, editor):
    address = closed(editor)
    seen = revision(editor, f"{address}/outcome")
    act(editor, f"{address}/outcome", **OUTCOME)

    answer = send(editor, f"{address}/outcome", {**OUTCOME, "text": "Mine."}, revision=seen)

    assert answer.status_code == 409
    assert "It was built." in text_of(element(answer, class_="difference"))


def test_a_survey_stands_before_the_outcome(editor, client):
    address = closed(editor)
    act(editor, f"{address}/outcome", **OUTCOME)
    act(editor, f"{address}/survey", **SURVEY)

    page = words(results(client, address))

    assert 0 < page.index("A representative survey") < page.index("What came true")


def test_an_outcome_waits_for_the_end(editor):
    address = opened(editor)

    page = editor.get(f"{address}/outcome")
    assert "once voting has closed" in words(page)
    assert element(page, name="text") is None
    assert send(editor, f"{address}/outcome", OUTCOME, revision="2").status_code == 422
    act(editor, f"{address}/end", closes="at", closes_day="2030-01-01", closes_time="10:00")
    assert "Voting closes on 1 January 2030" in words(editor.get(f"{address}/outcome"))


def test_a_survey_stands_apart_and_can_be_taken_away(app, editor, client):
    address = opened(editor)

    assert act(editor, f"{address}/survey", **SURVEY).status_code == 303
    page = results(client, address)
    assert "A representative survey on this subject" in words(page)
    assert "1,004 people asked: adults of the town" in words(page)
    assert figures(client, address)["surveys"][0]["shares"][0] == {"answer": "Yes", "percent": 54}

    asked = editor.get(element(editor.get(address), class_="place_list")[0][1].get("href"))
    assert "Take this survey away?" in title(asked)
    assert "representative" in words(results(client, address))
    number = element(asked, name="survey").get("value")
    assert send(editor, f"{address}/survey/remove", survey=number).status_code == 303
    assert "representative" not in words(results(client, address))
    assert send(editor, f"{address}/survey/remove", survey=number).status_code == 404
    assert editor.get(f"{address}/survey/remove?survey={number}").status_code == 404


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"institute": ""}, "Enter some text."),
        ({"people": "many"}, "Give the number of people asked"),
        ({"asked_from": "2026-10-04"}, "lies before"),
        ({"shares": "Yes 54"}, "Give 2 to 20 answers"),
        ({"shares": "Yes 54\nNo 48"}, "add up to more than 100"),
        ({"shares": "Yes\nNo"}, "whole percents"),
        ({"url": "town.example"}, "a whole web address"),
    ],
)
def test_a_survey_that_can_not_be_is_refused_and_stays_typed(app, editor, change, text):
    address = opened(editor)

    answer = act(editor, f"{address}/survey", **{**SURVEY, **change})

    assert (answer.status_code, text in words(answer)) == (422, True)
    assert element(answer, name="population").get("value") == "adults of the town"
    assert rows(app, "SELECT * FROM surveys") == []


def test_a_result_that_was_cited_stays_what_it_was_after_a_new_wording(app, editor, client):
    address = opened(editor)
    fill(app, view(app, address), Yes=11)
    act(editor, f"{address}/reword", **{**BRIDGE, "question": "A tunnel?"}, reason="x")
    # Two days pass: the first wording opened then, the second one an hour later.
    then = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
    written = "%Y-%m-%d %H:%M:%S.000000"
    for version, hours in ((1, 0), (2, 3)):
        change(
            app,
            "UPDATE polls SET opens_at = :at, created_at = :at, revision = revision + 1"
            " WHERE wording_version = :version",
            at=f"{then + timedelta(hours=hours):{written}}",
            version=version,
        )
    hour = f"{then:{written}}"
    change(app, "UPDATE polls SET closes_at = :at WHERE wording_version = 1",
           at=f"{then + timedelta(hours=3):{written}}")  # fmt: skip
    for table in ("ballots", "hourly_tallies", "hourly_turnouts"):
        change(app, f"UPDATE {table} SET hour = :hour", hour=hour)

    asked = f"{then + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    data = client.get(f"/api/v1/polls/{slug_of(address)}/results?as_of={asked}").get_json()

    assert (data["poll"]["question"], data["ballots"]) == (BRIDGE["question"], 11)
    assert figures(client, address)["ballots"] == 0


TYPED = {"opens_day": "2030-01-01", "opens_time": "10:00"}
END = {"closes_day": "2030-01-01", "closes_time": "10:00"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"opens": "now", "closes": "never", **TYPED}, "opens_day"),
        ({"opens": "now", "closes": "never", "opens_time": "10:00"}, "opens_time"),
        ({"opens": "now", "closes": "never", **END}, "closes_day"),
        ({"opens": "draft", "closes": "at", **END}, "closes_day"),
        ({"closes": "never"}, "opens"),
    ],
)
def test_a_time_that_is_typed_and_not_chosen_is_never_passed_over(app, editor, fields, field):
    address = create(editor)
    assert element(editor.get(f"{address}/times"), name="opens", checked="") is None
    before = everything(app)

    answer = act(editor, f"{address}/times", **fields)

    assert answer.status_code == 422
    assert element(answer, href=f"#{field}") is not None
    assert everything(app) == before


def test_the_end_of_an_open_and_of_a_closed_question_is_never_passed_over(app, editor):
    address = opened(editor)

    assert act(editor, f"{address}/end", closes="never", **END).status_code == 422
    assert rows(app, "SELECT closes_at FROM polls") == [(None,)]
    editor.post(f"{address}/close")
    answer = act(editor, f"{address}/reopen", closes="never", reason="A slip.", **END)
    assert "This would not be used" in words(answer)
    assert act(editor, f"{address}/reopen", closes="at", reason="A slip.", **END).status_code == 303


def test_times_that_stand_in_the_form_may_stay_there_unused(app, editor):
    address = create(editor)
    act(
        editor,
        f"{address}/times",
        opens="at",
        closes="at",
        **TYPED,
        **{**END, "closes_time": "11:00"},
    )

    done = act(editor, f"{address}/times", opens="draft", closes="at", **TYPED,
               **{**END, "closes_time": "11:00"})  # fmt: skip

    assert "It is a draft, without times." in words(editor.get(done.location))
    assert rows(app, "SELECT opens_at, closes_at FROM polls") == [(None, None)]


def test_a_time_that_has_passed_is_told_beside_its_day(editor):
    address = create(editor)

    answer = act(editor, f"{address}/times", opens="at", opens_day=LAST_WEEK, opens_time="09:30",
                 closes="never")  # fmt: skip

    assert element(answer, href="#opens_day") is not None
    assert element(answer, id="opens_day").get("aria-invalid") == "true"


def test_the_question_check_is_passed_in_an_edit_of_an_open_question_too(app, editor):
    address = opened(editor)
    leading = {**BRIDGE, "question": "Surely the town should build a bridge?"}

    answer = act(editor, f"{address}/edit", **leading)

    assert "says which answer is expected" in words(answer)
    assert element(answer, id="reason").get("aria-invalid") == "true"
    done = act(editor, f"{address}/edit", **leading, reason="A quotation.")
    assert "says which answer is expected" in words(editor.get(done.location))


def test_the_question_check_is_passed_in_a_new_wording_too(app, editor, client):
    address = opened(editor)
    fill(app, view(app, address), Yes=1)
    leading = {**BRIDGE, "question": "Surely the town should build a tunnel?", "reason": "Anew."}

    answer = act(editor, f"{address}/reword", **leading)

    assert "says which answer is expected" in words(answer)
    assert element(answer, id="in_spite").get("aria-invalid") == "true"
    act(editor, f"{address}/reword", **leading, in_spite="A quotation.")
    assert "Surely" in words(client.get(f"/polls/{slug_of(address)}"))
    assert "A quotation." not in words(client.get("/ledger/"))
    assert "A quotation." in words(editor.get("/editor/log"))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("outcome", ["text", "happened_on", "source"]),
        ("survey", ["institute", "population", "people", "asked_from", "asked_to", "question",
                    "shares"]),
    ],
)  # fmt: skip
def test_all_that_is_missing_is_told_at_once(editor, form, fields):
    address = closed(editor)

    answer = act(editor, f"{address}/{form}")

    assert answer.status_code == 422
    assert [name for name in fields if element(answer, href=f"#{name}") is None] == []
