"""What a ballot may hold, and the order options are shown in."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from poll_app.domain.refusals import Refusal
from poll_app.domain.voting import (
    Act,
    Choosable,
    check_choices,
    parse_option_ids,
    shuffled,
)

OPTIONS = (
    Choosable(11, "A", not_sure=False),
    Choosable(12, "B", not_sure=False),
    Choosable(13, "C", not_sure=False),
    Choosable(14, "Not sure", not_sure=True),
)


@pytest.mark.parametrize(
    ("texts", "ids"),
    [([], ()), (["11"], (11,)), (["12", "11"], (12, 11)), (["9" * 18], (int("9" * 18),))],
)
def test_option_ids_are_plain_digits(texts, ids):
    assert parse_option_ids(texts) == ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "01",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1.0",
        "1e3",
        "٣",
        "１",
        "yes",
        "9" * 19,
        "1" * 5000,
    ],
)
def test_anything_else_is_no_option(text):
    with pytest.raises(Refusal, match="does not belong to this question") as refused:
        parse_option_ids(["11", text])

    assert refused.value.field == "option"


@pytest.mark.parametrize(
    ("chosen", "least", "most"),
    [([11], 1, 1), ([14], 1, 1), ([13, 11], 1, 3), ([11, 12, 13], 3, 3), ([14], 2, 3)],
)
def test_known_options_in_the_number_asked_for_are_an_answer(chosen, least, most):
    check_choices(chosen, OPTIONS, min_choices=least, max_choices=most)


@pytest.mark.parametrize(
    ("chosen", "least", "most", "text"),
    [
        ([], 1, 1, "Select an answer."),
        ([99], 1, 1, "does not belong to this question"),
        ([11, 11], 1, 3, "sent twice"),
        ([11, 12], 1, 1, "Select one answer only."),
        ([11, 12, 13], 1, 2, "Select at most 2 answers."),
        ([11, 14], 1, 3, "“Not sure” can’t be combined"),
        ([11], 2, 3, "Select at least 2 answers."),
    ],
)
def test_any_other_choice_is_refused_with_what_is_wrong(chosen, least, most, text):
    with pytest.raises(Refusal, match=text) as refused:
        check_choices(chosen, OPTIONS, min_choices=least, max_choices=most)

    assert refused.value.field == "option"


def test_every_named_option_stands_first_equally_often_and_not_sure_always_last():
    randomness = random.Random(7)  # noqa: S311 - the order of options is no secret

    orders = [shuffled(OPTIONS, randomness) for _ in range(3000)]

    first = Counter(order[0].label for order in orders)
    assert set(first) == {"A", "B", "C"}
    assert all(900 < count < 1100 for count in first.values())
    assert all(
        order[-1].not_sure and sorted(order, key=lambda o: o.id) == list(OPTIONS)
        for order in orders
    )


def test_an_act_is_known_by_its_hour_only():
    act = Act(1, b"key", datetime(2026, 11, 22, 12, 59, 59, 999, tzinfo=UTC))

    assert act.hour == datetime(2026, 11, 22, 12, tzinfo=UTC)
