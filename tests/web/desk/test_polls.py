"""Polls at the desk: the pages, what they refuse, and what readers then see."""

from datetime import UTC, datetime

import html5lib
import pytest

from poll_app.services.poll_views import get_poll
from tests.web.acts import (
    ballots,
    change,
    element,
    everything,
    fill,
    rows,
    text_of,
    title,
    vote,
    words,
)

POLLS = "/editor/polls"
BRIDGE = {
    "question": "Should the town build a bridge?",
    "option": ["Yes", "No", ""],
    "not_sure": "y",
    "not_sure_label": "Not sure",
    "method": "single",
    "results_policy": "always",
}


def pairs(fields):
    """Fields as a form sends them; a list is a field that is repeated."""
    return [
        (name, one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def send(editor, path, fields=(), **changes):
    merged = {**dict(fields), **changes}
    return editor.post(path, data=pairs({k: v for k, v in merged.items() if v is not None}))


def create(editor, **changes):
    """Writes a draft; its address at the desk."""
    answer = send(editor, POLLS, BRIDGE, **changes)
    assert answer.status_code == 303, words(answer)
    return answer.location


def revision(editor, path):
    return element(editor.get(path), name="revision").get("value")


def act(editor, path, **fields):
    """Sends a form of one page with the revision it shows."""
    return send(editor, path, {"revision": revision(editor, path), **fields})


def opened(editor, **changes):
    address = create(editor, **changes)
    answer = act(editor, f"{address}/times", opens="now", closes="never")
    assert answer.status_code == 303, words(answer)
    return address


def values(answer, name):
    page = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    return [found.get("value") for found in page.iter("input") if found.get("name") == name]


def slug_of(address):
    return address.rpartition("/")[2]


def view(app, address):
    with app.app_context():
        return get_poll(slug_of(address), now=datetime.now(UTC))


def test_an_empty_list_says_what_to_do_next(editor):
    page = editor.get(POLLS)

    assert "There is no question yet. Write one here" in words(page)
    assert element(page, href=f"{POLLS}/new") is not None


def test_the_list_shows_states_and_ballots_and_is_narrowed_down(app, editor):
    fill(app, view(app, opened(editor)), Yes=2)
    create(editor, question="A draft?")

    page = editor.get(POLLS)
    assert "2 ballots" in words(page)
    assert "Drafts (1)" in words(page)
    assert "A draft?" not in words(editor.get(f"{POLLS}?state=open"))
    assert "A draft?" in words(editor.get(f"{POLLS}?q=DRAFT&page=x"))
    assert "No question fits" in words(editor.get(f"{POLLS}?q=nothing&page=99999999"))


def test_a_new_question_is_a_draft_that_readers_do_not_see(app, editor, client):
    form = editor.get(f"{POLLS}/new")
    assert element(form, name="not_sure").get("checked") is not None
    assert values(form, "option") == ["", "", ""]

    address = create(editor)

    page = editor.get(address)
    assert title(page).startswith(BRIDGE["question"])
    assert "Saved as a draft" in text_of(element(page, role="status"))
    for path in ("/polls/{}", "/polls/{}/results", "/api/v1/polls/{}"):
        assert client.get(path.format(slug_of(address))).status_code == 404


def test_the_page_of_a_question_says_by_which_rules_it_is_answered(editor):
    one = create(editor)
    several = create(editor, question="Which?", method="multiple", results_policy="after_close")

    assert "AnswersOne answer Results are shownAlways" in words(editor.get(one))
    assert "AnswersSeveral answers: 1 to 2 Results are shownAfter voting has closed" in words(
        editor.get(several)
    )


def test_a_question_that_readers_see_is_not_called_hidden(editor):
    draft, public = create(editor), opened(editor, question="Is it?")

    assert "Preview: not public." in words(editor.get(f"{draft}/preview"))
    assert "not public" not in words(editor.get(f"{public}/preview"))
    assert element(editor.get(draft), href=f"/polls/{slug_of(draft)}") is None
    assert element(editor.get(public), href=f"/polls/{slug_of(public)}") is not None


def test_a_double_click_makes_one_question(app, editor):
    assert create(editor) == create(editor)
    assert rows(app, "SELECT count(*) FROM polls") == [(1,)]


def test_the_buttons_beside_options_change_rows_and_store_nothing(app, editor):
    before = everything(app)

    def pressed(button, *options):
        answer = send(editor, POLLS, {**BRIDGE, "option": list(options)}, **{button: ""})
        assert answer.status_code == 200
        return values(answer, "option")

    assert pressed("add", "a", "b") == ["a", "b", ""]
    assert pressed("remove-1", "a", "b") == ["b"]
    assert pressed("up-2", "a", "b") == ["b", "a"]
    assert pressed("down-1", "a", "b", "c") == ["b", "a", "c"]
    assert pressed("up-1", "a", "b") == ["a", "b"]
    assert pressed("down-9", "a", "b") == ["a", "b"]
    assert pressed("remove-1", "a") == []
    assert everything(app) == before


def test_the_buttons_beside_options_lead_to_the_row_that_they_change(editor):
    page = editor.get(f"{POLLS}/new")

    for button, row in {"up-2": "option", "down-1": "option-2", "remove-2": "option-2",
                        "remove-3": "option-2", "add": "option-4"}.items():  # fmt: skip
        assert element(page, name=button).get("formaction") == f"{POLLS}#{row}"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"question": " "}, "Question: Enter some text."),
        ({"question": "x" * 301}, "Use at most 300 characters"),
        ({"question": "Join \u202eOTAN?"}, "direction-changing"),
        ({"question": "a\x00b"}, "control"),
        ({"option": ["Yes"]}, "Give 2 to 19 options, without “Not sure”."),
        ({"option": [str(n) for n in range(20)]}, "Give 2 to 19 options"),
        ({"option": ["Yes", "YES"]}, "Two options are the same."),
        ({"option": ["Yes", "x" * 201]}, "Use at most 200 characters"),
        ({"not_sure_label": "\u3164"}, "Enter some text."),
        ({"method": "guess"}, "There is no such method."),
        ({"method": "multiple", "max_choices": "3"}, "between 1 and the number of options"),
        ({"method": "multiple", "min_choices": "two"}, "Write a whole number: 1, 2, 3"),
        ({"method": "multiple", "max_choices": "٢"}, "Write a whole number: 1, 2, 3"),
        ({"results_policy": "never"}, "There is no such way to show results."),
        ({"article": "nowhere"}, "There is no such article."),
        ({"article": "nowhere", "place": "-1"}, "Write a whole number: 1, 2, 3"),
    ],
)
def test_what_a_question_can_not_be_is_refused_and_what_was_typed_stays(app, editor, changes, text):
    before = everything(app)

    answer = send(editor, POLLS, BRIDGE, **changes)

    assert answer.status_code == 422
    assert title(answer).startswith("Error: New question")
    assert text in words(answer)
    assert everything(app) == before
    kept = changes.get("option", BRIDGE["option"])
    assert values(answer, "option") == kept


def test_all_that_is_wrong_with_a_new_question_is_told_at_once(editor):
    answer = send(editor, POLLS, BRIDGE, question="", option=["Yes"], method="multiple",
                  min_choices="abc", max_choices="x", place="-1")  # fmt: skip

    for field in ("question", "option", "min_choices", "max_choices", "place"):
        assert element(answer, href=f"#{field}") is not None, field


@pytest.mark.parametrize(
    "field", ["owner", "state", "is_admin", "votes", "ballots", "opens_at", "slug", "add-1"]
)
def test_a_field_that_is_not_of_the_form_is_refused(app, editor, field):
    address = create(editor)
    before = everything(app)

    for path in (POLLS, f"{address}/edit", f"{address}/times", f"{address}/end", f"{address}/close",
                 f"{address}/reopen", f"{address}/correct", f"{address}/reword",
                 f"{address}/outcome", f"{address}/survey"):  # fmt: skip
        assert send(editor, path, {field: "1"}).status_code == 422, path

    assert everything(app) == before


def test_no_form_of_the_desk_and_no_address_sets_a_total(app, editor):
    """Every form of every page of a poll, sent with figures in it, leaves each figure as it was."""
    address = opened(editor)
    fill(app, view(app, address), Yes=1)
    figures = rows(app, "SELECT * FROM tallies"), rows(app, "SELECT * FROM turnouts")
    bad = {"votes": "99", "ballots": "99", "tally": "99", "option": ["99", "98"]}
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint.startswith("desk_polls."):
            path = rule.rule.replace("<slug>", slug_of(address))
            assert send(editor, path, bad).status_code in {303, 404, 422}, rule

    assert rows(app, "SELECT * FROM tallies WHERE poll_id = 1") == figures[0]
    assert rows(app, "SELECT * FROM turnouts WHERE poll_id = 1") == figures[1]
    assert ballots(app) == 1


def test_an_edit_changes_a_draft(app, editor):
    address = create(editor)
    new = {**BRIDGE, "option": ["No", "Yes", "Later"], "method": "multiple", "max_choices": "2"}
    answer = act(editor, f"{address}/edit", **{**new, "not_sure": None})

    assert answer.status_code == 303
    assert rows(app, "SELECT label FROM options ORDER BY place") == [("No",), ("Yes",), ("Later",)]
    assert rows(app, "SELECT method, max_choices FROM polls") == [("multiple", 2)]


def test_the_second_of_two_editors_is_shown_the_difference_and_may_go_on(app, editor):
    address = create(editor)
    seen = revision(editor, f"{address}/edit")
    assert act(editor, f"{address}/edit", **BRIDGE | {"question": "Theirs?"}).status_code == 303

    answer = send(editor, f"{address}/edit", BRIDGE, question="Mine?", revision=seen)

    assert answer.status_code == 409
    assert "Theirs?" in text_of(element(answer, class_="difference"))
    assert rows(app, "SELECT question FROM polls") == [("Theirs?",)]
    newest = element(answer, name="revision").get("value")
    assert (
        send(editor, f"{address}/edit", BRIDGE, question="Mine?", revision=newest).status_code
        == 303
    )
    assert rows(app, "SELECT question FROM polls") == [("Mine?",)]


def test_a_refused_edit_and_a_moved_row_keep_what_was_typed(app, editor):
    address = create(editor)

    refused = act(editor, f"{address}/edit", **BRIDGE | {"option": ["One"]})
    moved = act(editor, f"{address}/edit", **BRIDGE | {"option": ["One", "Two"], "up-2": ""})

    assert (refused.status_code, values(refused, "option")) == (422, ["One"])
    assert (moved.status_code, values(moved, "option")) == (200, ["Two", "One"])


def test_once_there_are_ballots_only_the_place_is_edited(app, editor):
    address = opened(editor)
    fill(app, view(app, address), Yes=1)

    page = editor.get(f"{address}/edit")
    assert element(page, name="question") is None
    answer = act(editor, f"{address}/edit", **BRIDGE)
    assert (answer.status_code, "The first answer has come in" in words(answer)) == (422, True)
    assert act(editor, f"{address}/edit", article="", place="").status_code == 303


def test_a_copy_is_a_draft_of_its_own(app, editor):
    address = opened(editor)

    change(app, "UPDATE polls SET created_at = '2026-01-01 00:00:00.000000'")
    answer = editor.post(f"{address}/duplicate")

    assert answer.status_code == 303
    assert rows(app, "SELECT count(*) FROM polls WHERE opens_at IS NULL") == [(1,)]


def test_a_draft_is_deleted_after_a_question_and_an_open_poll_never(app, editor):
    address = create(editor)

    assert "Delete this draft?" in words(editor.get(f"{address}/delete"))
    assert editor.post(f"{address}/delete").status_code == 303
    assert editor.post(f"{address}/delete").status_code == 404
    assert rows(app, "SELECT count(*) FROM polls") == [(0,)]
    assert editor.post(f"{opened(editor)}/delete").status_code == 422


def test_the_preview_is_the_readers_page_with_its_buttons_off(editor):
    page = editor.get(f"{create(editor)}/preview")

    assert "Preview: not public" in words(page)
    assert "Options are shown in random order." in words(page)
    assert element(page, type="submit", disabled="") is not None


def test_hints_are_shown_and_ask_for_a_reason(app, editor):
    address = create(editor, question="Will the bridge be built?")
    assert "not by when" in words(editor.get(address))

    refused = act(editor, f"{address}/times", opens="now", closes="never")
    done = act(editor, f"{address}/times", opens="now", closes="never", reason="It is open.")

    assert (refused.status_code, "Say why" in words(refused)) == (422, True)
    assert done.status_code == 303
    assert rows(app, "SELECT reason FROM acts WHERE act = 'poll.opened'") == [("It is open.",)]


@pytest.mark.parametrize("method", ["single", "multiple"])
def test_readers_answer_what_editors_opened(app, editor, client, method):
    poll = view(app, opened(editor, method=method))

    assert vote(client, poll, "Yes").status_code == 303
    assert ballots(app) == 1


def test_who_may_not_edit_is_told_so_and_drafts_are_named_to_nobody(app, editor, moderator, client):
    address = create(editor)

    for path in (POLLS, address, f"{address}/edit", f"{address}/times"):
        assert moderator.get(path).status_code == 403
        assert client.get(path).status_code == 303
    assert send(moderator, f"{address}/times", opens="now").status_code == 403
    assert rows(app, "SELECT opens_at FROM polls") == [(None,)]


def test_a_post_without_its_token_changes_nothing(app, editor):
    address, before = create(editor), everything(app)
    for path in (POLLS, f"{address}/edit", f"{address}/delete", f"{address}/times"):
        assert editor.post(path, data=BRIDGE, token=False).status_code == 400

    assert everything(app) == before


def test_a_question_that_got_its_first_ballot_meanwhile_keeps_its_words(app, editor):
    """The rule stands in the service: the form of an open question may be older than the ballot."""
    address = opened(editor)
    seen = revision(editor, f"{address}/edit")
    fill(app, view(app, address), Yes=1)

    answer = send(editor, f"{address}/edit", BRIDGE, question="Otherwise?", revision=seen)

    assert answer.status_code == 422
    assert ballots(app) == 1
