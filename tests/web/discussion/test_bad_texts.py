"""Bad texts that the house shares with other programs, sent as reasons."""

import json

import pytest

from poll_app.domain.importing.cleaning import cleaned
from poll_app.services.polls import NewPoll
from tests.web.acts import rows
from tests.web.bad_inputs import SHARED
from tests.web.discussion.talkers import discussed, give_reason, reader_of


def bad_texts():
    """Each as (text, whether it may be stored); none where the file is absent."""
    if not SHARED.exists():
        return []
    found = []
    for case in json.loads(SHARED.read_text("utf-8"))["cases"]:
        sent = case["request"].get("steps", [case["request"]])[0]
        if "/comments" not in sent.get("path", ""):
            continue
        text = sent["json"]["body"]
        if isinstance(text, str):  # a form sends nothing else
            good = 201 in (sent.get("status") or case["expected"]["status"])
            found.append(pytest.param(text, good, id=case["id"]))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/bad_inputs.json here")
@pytest.mark.parametrize(("text", "good"), bad_texts())
def test_a_bad_text_is_refused_or_cleaned_and_shown_as_text(app, client, text, good):
    (poll,) = discussed(app, NewPoll("Is it so?", options=("Yes", "No"), slug="so"))

    answer = give_reason(app, reader_of(app, poll, "Yes"), poll, text)
    kept = rows(app, "SELECT text FROM reasons")

    assert answer.status_code in ({303} if good else {303, 422})
    assert len(kept) == (answer.status_code == 303)
    assert all(cleaned(stored) == stored for (stored,) in kept)
    for path in ("/polls/so/reasons", "/polls/so/reasons.atom", "/api/v1/polls/so/reasons"):
        assert client.get(path).status_code == 200
