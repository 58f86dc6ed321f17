"""The record: what a reason may be, and which acts readers see."""

import pytest

from poll_app.domain.record import ACTS, clean_reason, is_public
from poll_app.domain.refusals import Refusal


@pytest.mark.parametrize("blank", ["", " \n", "\u200b"])
def test_a_reason_has_to_say_something(blank):
    with pytest.raises(Refusal) as refused:
        clean_reason(blank)

    assert refused.value.field == "reason"


def test_a_reason_has_500_characters_at_most():
    assert clean_reason(" x  " + "y" * 498) == "x " + "y" * 498
    with pytest.raises(Refusal, match="at most 500"):
        clean_reason("y" * 501)


def test_readers_see_the_acts_that_touch_a_result():
    public = {act for act in ACTS if is_public(act)}

    assert {"poll.opened", "poll.reopened", "outcome.recorded"} <= public
    assert {act for act in public if act.startswith("article.")} == {
        "article.compared",
        "article.kept_apart",
    }
    assert {act.partition(".")[0] for act in public} == {"article", "poll", "outcome", "survey"}
