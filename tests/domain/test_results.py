"""The result object: its sentences case by case, what is hidden, and the checksum."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.counting import OptionCount, make_result
from poll_app.domain.result_notes import tipping_sentence
from poll_app.domain.results import PollFacts, Result, results_visible

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POLL = PollFacts(
    slug="city-trams",
    question="Should the city build trams?",
    method="single",
    status="open",
    opens_at=NOON - timedelta(days=1),
    closes_at=None,
    wording_version=1,
    results_policy="always",
)
SEVERAL = replace(POLL, method="multiple", max_choices=3)

# results.md, "Never said"; the note's "not what the public thinks" is the one prescribed exception.
NEVER_SAID = re.compile(
    r"margin of error|±|confidence|credib|significan|statistical|dead heat|representative|"
    r"scientific|sample|respondent|surveyed|(?<!not what )the public thinks|poll finds|majority|"
    r"trend|swing|surge|landslide|momentum|consensus|verified|one person|chance|wisdom|\d\.\d+ ?%",
    re.IGNORECASE,
)


def counts_of(named: dict[str, int], not_sure: int | None = None) -> list[OptionCount]:
    counts = [
        OptionCount(place, label, not_sure=False, votes=votes)
        for place, (label, votes) in enumerate(named.items(), start=1)
    ]
    if not_sure is not None:
        counts.append(OptionCount(len(named) + 1, "Not sure", not_sure=True, votes=not_sure))
    return counts


def result_of(
    named: dict[str, int],
    not_sure: int | None = None,
    *,
    poll: PollFacts = POLL,
    ballots: int | None = None,
    percent_from: int = 10,
    visible: bool = True,
    **more: Any,
) -> Result:
    counts = counts_of(named, not_sure)
    return make_result(
        poll,
        counts,
        ballots=sum(count.votes for count in counts) if ballots is None else ballots,
        as_of=more.pop("as_of", NOON),
        percent_from=percent_from,
        visible=visible,
        **more,
    )


def remarks_of(result: Result) -> list[str]:
    return [str(remark) for remark in result.remarks]


@pytest.mark.parametrize(
    ("named", "not_sure", "order", "said"),
    [
        ({"Yes": 0, "No": 0}, None, "none", "Nobody has voted yet."),
        ({"Yes": 0, "No": 0}, 0, "none", "Nobody has voted yet."),
        (
            {"Yes": 2, "No": 1},
            0,
            "close",
            "3 readers have voted: Yes 2, No 1. Percentages appear from 10 readers on.",
        ),
        (
            {"Yes": 1, "No": 0},
            0,
            "close",
            "1 reader has voted: Yes 1. Percentages appear from 10 readers on.",
        ),
        (
            {"Yes": 0, "No": 0},
            2,
            "none",
            "2 readers have voted: Not sure 2. Percentages appear from 10 readers on.",
        ),
        (
            {"Yes": 746, "No": 458},
            None,
            "ahead",
            "Most of the 1,204 readers who voted said Yes (62%).",
        ),
        (
            {"No": 200, "Yes": 501},
            299,
            "ahead",
            "Most of the 1,000 readers who voted said Yes (50%).",
        ),
        (
            {"Yes": 500, "No": 250},
            250,
            "ahead",
            "Yes was the most frequent answer (50%) of the 1,000 readers who voted.",
        ),
        (
            {"Bus": 20, "Tram": 41, "Bike": 19},
            20,
            "ahead",
            "Tram was the most frequent answer (41%) of the 100 readers who voted.",
        ),
        (
            {"Yes": 20, "No": 5},
            75,
            "ahead",
            (
                "Leaving out “Not sure” (75%), Yes was the most frequent answer (20%) of the "
                "100 readers who voted."
            ),
        ),
        (
            {"Yes": 36, "No": 34},
            30,
            "close",
            (
                "Among the 100 readers who voted, Yes (36%) and No (34%) are about level; "
                "a few more votes could change the order."
            ),
        ),
        (
            {"Bus": 30, "Tram": 40, "Bike": 30},
            None,
            "close",
            (
                "Among the 100 readers who voted, Tram (40%) has more votes than Bus (30%) "
                "and Bike (30%); the votes are too few to call it a clear lead."
            ),
        ),
        (
            {"Bus": 32, "Tram": 36, "Bike": 32},
            None,
            "close",
            (
                "Among the 100 readers who voted, Tram (36%), Bus (32%) and Bike (32%) are about "
                "level; a few more votes could change the order."
            ),
        ),
        (
            {"Yes": 45, "No": 45},
            10,
            "tie",
            "Yes and No have exactly as many votes (45% each of the 100 readers who voted).",
        ),
        (
            {"Bus": 30, "Tram": 30, "Walk": 10, "Bike": 30},
            None,
            "tie",
            (
                "Bus, Tram and Bike have exactly as many votes (30% each of the 100 readers who "
                "voted)."
            ),
        ),
        (
            {"Yes": 12, "No": 0},
            0,
            "ahead",
            "All 12 readers who voted said Yes (100%).",
        ),
        (
            {"Yes": 0, "No": 0},
            12,
            "none",
            "All 12 readers who voted said Not sure (100%).",
        ),
        (
            {"Yes": 4, "No": 0},
            8,
            "close",
            "The 12 readers who voted said either Yes (33%) or “Not sure” (67%).",
        ),
    ],
)
def test_the_sentence_says_what_the_figures_say(
    named: dict[str, int], not_sure: int | None, order: str, said: str
) -> None:
    result = result_of(named, not_sure)

    assert str(result.sentence) == said
    assert result.order == order


@pytest.mark.parametrize(
    ("named", "not_sure", "ballots", "order", "said"),
    [
        ({"Bus": 0, "Tram": 0}, 0, 0, "none", "Nobody has voted yet."),
        (
            {"Bus": 3, "Tram": 2},
            0,
            4,
            "close",
            "4 readers have voted: Bus 3, Tram 2. Percentages appear from 10 readers on.",
        ),
        (
            {"Bus": 62, "Tram": 30, "Bike": 55},
            3,
            100,
            "close",
            (
                "Among the 100 readers who voted, Bus (62%) has more votes than Bike (55%); "
                "the votes are too few to call it a clear lead."
            ),
        ),
        (
            {"Bus": 62, "Tram": 30, "Bike": 57},
            3,
            100,
            "close",
            (
                "Among the 100 readers who voted, Bus (62%) and Bike (57%) are about level; "
                "a few more votes could change the order."
            ),
        ),
        (
            {"Bus": 62, "Tram": 30, "Bike": 25},
            3,
            100,
            "ahead",
            "Most of the 100 readers who voted chose Bus (62%).",
        ),
        (
            {"Bus": 45, "Tram": 20, "Bike": 15},
            25,
            100,
            "ahead",
            "Bus was the most frequent answer (45%) of the 100 readers who voted.",
        ),
        (
            {"Bus": 60, "Tram": 60},
            20,
            100,
            "tie",
            "Bus and Tram have exactly as many votes (60% each of the 100 readers who voted).",
        ),
        (
            {"Bus": 0, "Tram": 0},
            20,
            20,
            "none",
            "All 20 readers who voted said Not sure (100%).",
        ),
    ],
)
def test_choose_several_speaks_of_the_readers_who_chose(
    named: dict[str, int], not_sure: int, ballots: int, order: str, said: str
) -> None:
    result = result_of(named, not_sure, poll=SEVERAL, ballots=ballots)

    assert str(result.sentence) == said
    assert result.order == order


LEVEL, CHANGEABLE = "are about level", "a few more votes could change the order"
FEW = "the votes are too few to call it a clear lead"


@pytest.mark.parametrize(
    ("named", "not_sure", "level"),
    [
        ({"Yes": 12, "No": 3}, 0, False),
        ({"Yes": 26, "No": 11}, 3, False),
        ({"Yes": 55, "No": 50}, 0, True),
        ({"Yes": 41, "No": 37}, 2, True),  # 4 of 80 are exactly 5 points
        ({"Yes": 41, "No": 36}, 3, False),  # 5 of 80 are more, though 51% and 45% are printed
        ({"Yes": 41, "No": 37}, 1, False),  # 4 of 79 are more, though 52% and 47% are printed
        ({"Yes": 1_055, "No": 945}, 0, False),
    ],
)
@pytest.mark.parametrize("status", ["open", "closed", "resolved"])
def test_answers_are_called_level_only_while_their_bars_are(
    named: dict[str, int], not_sure: int, status: str, *, level: bool
) -> None:
    result = result_of(named, not_sure, poll=replace(POLL, status=status))
    said = str(result.sentence)

    assert result.order == "close"
    assert (LEVEL in said, FEW in said) == (level, not level)
    assert (CHANGEABLE in said) == (level and status == "open")


def test_labels_that_could_run_into_each_other_stand_in_quotes() -> None:
    several = result_of({"Yes, now": 5, "In 2027": 4})
    level = result_of({"Yes, now": 52, "No": 48})
    tie = result_of({"Bus and tram": 30, "Bike": 30, "Walk": 30})

    assert str(several.sentence).startswith("9 readers have voted: “Yes, now” 5, “In 2027” 4.")
    assert "“Yes, now” (52%) and “No” (48%) are" in str(level.sentence)
    assert str(tie.sentence).startswith("“Bus and tram”, “Bike” and “Walk” have exactly")


@pytest.mark.parametrize("status", ["closed", "resolved"])
def test_a_poll_that_is_over_still_speaks_of_the_readers_who_voted(status: str) -> None:
    over = replace(POLL, status=status)

    result = result_of({"Yes": 80, "No": 20}, poll=over)
    empty = result_of({"Yes": 0, "No": 0}, poll=over)

    assert str(result.sentence) == "Most of the 100 readers who voted said Yes (80%)."
    assert str(empty.sentence) == "Nobody voted."


def test_a_single_vote_has_its_own_words_where_percentages_start_at_one() -> None:
    result = result_of({"Yes": 1, "No": 0}, percent_from=1)

    assert str(result.sentence) == "The only reader who voted said Yes (100%)."
    assert [option.percent_label for option in result.options] == ["100%", "0%"]


def test_before_voting_opens_nobody_could_have_voted() -> None:
    early = result_of({"Yes": 0, "No": 0}, poll=replace(POLL, status="scheduled"))

    assert str(early.sentence) == "Voting has not opened yet."


@pytest.mark.parametrize("percent_from", [0, -1, 1])
def test_nobody_has_no_percentages_however_early_they_start(percent_from: int) -> None:
    result = result_of({"Yes": 0, "No": 0}, percent_from=percent_from)

    assert [option.percent for option in result.options] == [None, None]
    assert str(result.sentence) == "Nobody has voted yet."


@pytest.mark.parametrize(
    ("votes", "note"),
    [
        (
            0,
            (
                "Reader vote. No reader has chosen to answer. It can only show what readers who "
                "answer think, not what the public thinks."
            ),
        ),
        (
            1,
            (
                "Reader vote. 1 reader chose to answer. "
                "It shows what they think, not what the public thinks."
            ),
        ),
        (
            2,
            (
                "Reader vote. 2 readers chose to answer. "
                "It shows what they think, not what the public thinks."
            ),
        ),
        (
            1204,
            (
                "Reader vote. 1,204 readers chose to answer. "
                "It shows what they think, not what the public thinks."
            ),
        ),
    ],
)
@pytest.mark.parametrize("visible", [True, False])
def test_the_note_beside_every_figure_counts_the_readers(
    votes: int, note: str, visible: bool
) -> None:
    result = result_of({"Yes": votes, "No": 0}, visible=visible)

    assert str(result.note) == note


def test_options_keep_the_editors_order_with_not_sure_last() -> None:
    counts = [
        OptionCount(7, "Not sure", not_sure=True, votes=50),
        OptionCount(9, "No", not_sure=False, votes=10),
        OptionCount(3, "Yes", not_sure=False, votes=40),
    ]

    result = make_result(POLL, counts, ballots=100, as_of=NOON, percent_from=10, visible=True)

    assert [option.id for option in result.options] == [9, 3, 7]
    assert [option.not_sure for option in result.options] == [False, False, True]


def test_a_visible_option_carries_votes_share_label_and_exact_bar() -> None:
    result = result_of({"Yes": 1999, "No": 1}, 1)

    yes, no, not_sure = result.options
    assert (yes.votes, yes.percent, yes.percent_label) == (1999, 100, ">99%")
    assert (no.votes, no.percent, no.percent_label) == (1, 0, "<1%")
    assert not_sure.percent_label == "<1%"
    assert yes.bar == pytest.approx(100 * 1999 / 2001)


def test_bars_are_drawn_before_percentages_appear() -> None:
    result = result_of({"Yes": 2, "No": 1}, 1)

    assert [option.bar for option in result.options] == [50.0, 25.0, 25.0]
    assert [option.votes for option in result.options] == [2, 1, 1]
    assert {(option.percent, option.percent_label) for option in result.options} == {(None, None)}


def test_percentages_appear_with_the_ballot_that_reaches_the_threshold() -> None:
    below = result_of({"Yes": 9, "No": 0})
    reached = result_of({"Yes": 9, "No": 1})

    assert [option.percent for option in below.options] == [None, None]
    assert [option.percent for option in reached.options] == [90, 10]


def test_shares_of_choose_several_are_shares_of_readers_halves_up() -> None:
    result = result_of({"Bus": 101, "Tram": 99, "Bike": 1}, poll=SEVERAL, ballots=200)

    assert [option.percent_label for option in result.options] == ["51%", "50%", "1%"]
    assert [option.bar for option in result.options] == [50.5, 49.5, 0.5]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("after_vote", "Results are shown after you have voted."),
        ("after_close", "Results are shown when the poll has closed."),
        ("always", "Results are not shown now."),
    ],
)
def test_a_hidden_result_tells_the_number_of_ballots_and_when_it_will_be_shown(
    policy: str, said: str
) -> None:
    poll = replace(POLL, results_policy=policy)

    result = result_of({"Yes": 80, "No": 20}, 5, poll=poll, visible=False, set_aside=2)

    assert (result.ballots, result.set_aside, result.visible) == (105, 2, False)
    assert (result.order, result.tipping_ratio, tipping_sentence(result)) == ("none", None, None)
    assert {(o.votes, o.percent, o.percent_label, o.bar) for o in result.options} == {(None,) * 4}
    assert str(result.sentence) == said
    assert remarks_of(result) == ["2 ballots were set aside and are not counted."]


@pytest.mark.parametrize("poll", [POLL, SEVERAL])
def test_hidden_results_of_different_votes_can_not_be_told_apart(poll: PollFacts) -> None:
    one = result_of({"Yes": 80, "No": 20}, 0, poll=poll, visible=False)
    other = result_of({"Yes": 33, "No": 33}, 34, poll=poll, visible=False)

    assert one == other


@pytest.mark.parametrize(
    ("policy", "status", "has_voted", "visible"),
    [
        ("always", "open", False, True),
        ("always", "closed", False, True),
        ("after_vote", "scheduled", False, False),
        ("after_vote", "open", False, False),
        ("after_vote", "open", True, True),
        ("after_vote", "closed", False, True),
        ("after_vote", "resolved", False, True),
        ("after_close", "open", False, False),
        ("after_close", "open", True, False),
        ("after_close", "closed", False, True),
        ("after_close", "resolved", False, True),
    ],
)
def test_results_show_as_the_policy_says_and_to_all_once_the_poll_is_over(
    policy: str, status: str, has_voted: bool, visible: bool
) -> None:
    found = results_visible(policy=policy, status=status, has_voted=has_voted)

    assert found is visible


def test_an_unknown_policy_shows_nothing() -> None:
    with pytest.raises(ValueError, match="no such results policy: alway"):
        results_visible(policy="alway", status="open", has_voted=True)


@pytest.mark.parametrize(
    ("named", "remarks"),
    [
        ({"A": 50, "B": 50}, []),
        (
            {"A": 30, "B": 20, "C": 20},
            ["Because of rounding, the figures add up to 101, not 100."],
        ),
        (
            {"A": 10, "B": 10, "C": 10},
            ["Because of rounding, the figures add up to 99, not 100."],
        ),
        # Below the threshold there is no figure to add up.
        ({"A": 3, "B": 2, "C": 2}, []),
        ({"A": 0, "B": 0}, []),
    ],
)
def test_rounded_shares_that_miss_100_are_said_to(
    named: dict[str, int], remarks: list[str]
) -> None:
    result = result_of(named)

    assert remarks_of(result) == remarks


@pytest.mark.parametrize(
    ("named", "ballots", "remarks"),
    [
        (
            {"Bus": 60, "Tram": 60},
            100,
            [
                (
                    "The figures add up to more than 100 because readers could choose several "
                    "answers; each is a share of the readers who voted."
                )
            ],
        ),
        (
            {"Bus": 60, "Tram": 40},
            100,
            ["Readers could choose several answers; shares are of the readers who voted."],
        ),
        # 17% six times is 102, but nobody chose several.
        (
            dict.fromkeys("ABCDEF", 10),
            60,
            ["Readers could choose several answers; shares are of the readers who voted."],
        ),
        # 334 votes of 333 readers: 33% and 67% add up to 100 all the same.
        (
            {"Bus": 111, "Tram": 223},
            333,
            ["Readers could choose several answers; shares are of the readers who voted."],
        ),
        (
            {"Bus": 3, "Tram": 3},
            3,
            ["Readers could choose several answers; shares are of the readers who voted."],
        ),
        ({"Bus": 0, "Tram": 0}, 0, []),
    ],
)
def test_choose_several_says_what_its_shares_are_of(
    named: dict[str, int], ballots: int, remarks: list[str]
) -> None:
    result = result_of(named, poll=SEVERAL, ballots=ballots)

    assert remarks_of(result) == remarks


@pytest.mark.parametrize(
    ("set_aside", "remarks"),
    [
        (0, []),
        (1, ["1 ballot was set aside and is not counted."]),
        (2, ["2 ballots were set aside and are not counted."]),
        (1500, ["1,500 ballots were set aside and are not counted."]),
    ],
)
def test_ballots_set_aside_are_told(set_aside: int, remarks: list[str]) -> None:
    result = result_of({"Yes": 50, "No": 50}, set_aside=set_aside)

    assert remarks_of(result) == remarks
    assert result.set_aside == set_aside


@pytest.mark.parametrize(
    ("named", "not_sure", "ratio", "said"),
    [
        (
            {"Yes": 620, "No": 380},
            0,
            1.6,
            (
                "If readers who favour Yes were 1.6 times as likely to vote as readers who favour No, "
                "all readers together would be evenly split between the two."
            ),
        ),
        (
            {"A": 5, "B": 20, "C": 60},
            15,
            3.0,
            (
                "If readers who favour C were 3.0 times as likely to vote as readers who favour B, "
                "all readers together would be evenly split between the two."
            ),
        ),
        (
            {"Yes": 100, "No": 10},
            0,
            10.0,
            (
                "If readers who favour Yes were 10.0 times as likely to vote as readers who favour No, "
                "all readers together would be evenly split between the two."
            ),
        ),
        (
            {"Yes": 110, "No": 10},
            0,
            11.0,
            (
                "If readers who favour Yes were more than ten times as likely to vote as readers who "
                "favour No, all readers together would be evenly split between the two."
            ),
        ),
        (
            {"Yes": 51000, "No": 49000},
            0,
            1.0,
            (
                "If readers who favour Yes were only slightly more likely to vote than readers who "
                "favour No, all readers together would be evenly split between the two."
            ),
        ),
    ],
)
def test_the_tipping_ratio_is_told_when_an_answer_is_ahead(
    named: dict[str, int], not_sure: int, ratio: float, said: str
) -> None:
    result = result_of(named, not_sure)

    assert result.tipping_ratio == ratio
    assert str(tipping_sentence(result)) == said


@pytest.mark.parametrize(
    ("named", "not_sure"),
    [
        ({"Yes": 520, "No": 480}, 0),
        ({"Yes": 50, "No": 50}, 0),
        ({"Yes": 25, "No": 4}, 0),
        ({"Yes": 40, "No": 0}, 5),
        ({"Yes": 0, "No": 0}, 40),
    ],
)
def test_there_is_no_tipping_ratio_without_a_clear_order_and_thirty_ballots(
    named: dict[str, int], not_sure: int
) -> None:
    result = result_of(named, not_sure)

    assert result.tipping_ratio is None
    assert tipping_sentence(result) is None


def test_thirty_ballots_are_enough_for_a_tipping_ratio() -> None:
    result = result_of({"Yes": 25, "No": 5})

    assert result.tipping_ratio == 5.0


def test_choose_several_has_no_tipping_ratio_as_one_reader_may_favour_both() -> None:
    result = result_of({"Bus": 90, "Tram": 30}, poll=SEVERAL, ballots=100)

    assert result.order == "ahead"
    assert result.tipping_ratio is None


def test_the_result_repeats_the_poll_the_time_and_the_peeks() -> None:
    result = result_of({"Yes": 50, "No": 50}, peeks=7)

    assert (result.poll, result.as_of, result.peeks) == (POLL, NOON, 7)


def test_anyone_can_recompute_the_checksum_from_the_figures_shown() -> None:
    poll = replace(POLL, question="Sollen Straßenbahnen “fahren”?")
    figures = (
        '{"ballots":12,"method":"single","options":[{"id":1,"label":"Ja","votes":7},'
        '{"id":2,"label":"Nö","votes":5}],"question":"Sollen Straßenbahnen “fahren”?",'
        '"set_aside":3,"slug":"city-trams","visible":true,"wording_version":1}'
    )

    result = result_of({"Ja": 7, "Nö": 5}, poll=poll, set_aside=3)

    assert result.checksum == "sha256:" + hashlib.sha256(figures.encode("utf-8")).hexdigest()


def test_the_checksum_of_a_hidden_result_covers_no_votes() -> None:
    figures = {
        "slug": POLL.slug,
        "question": POLL.question,
        "wording_version": 1,
        "method": "single",
        "ballots": 12,
        "set_aside": 0,
        "visible": False,
        "options": [{"id": 1, "label": "Yes", "votes": None}],
    }
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    result = result_of({"Yes": 12}, visible=False)

    assert result.checksum == "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_the_checksum_stays_when_only_time_status_or_threshold_change() -> None:
    closed = replace(POLL, status="closed", closes_at=NOON, results_policy="after_vote")

    result = result_of({"Yes": 7, "No": 5})
    later = result_of({"Yes": 7, "No": 5}, poll=closed, as_of=NOON + timedelta(days=9))
    other = result_of({"Yes": 7, "No": 5}, percent_from=100, peeks=4)

    assert result.checksum == later.checksum == other.checksum


def test_the_checksum_changes_with_every_figure_and_every_word() -> None:
    named = {"Yes": 7, "No": 5}

    checksums = [
        result_of(named).checksum,
        result_of({"Yes": 8, "No": 4}).checksum,
        result_of({"Yes": 8, "No": 5}).checksum,
        result_of({"Yes!": 7, "No": 5}).checksum,
        result_of({"No": 5, "Yes": 7}).checksum,
        result_of(named, 0).checksum,
        result_of(named, set_aside=1).checksum,
        result_of(named, visible=False).checksum,
        result_of(named, poll=replace(POLL, method="multiple")).checksum,
        result_of(named, poll=replace(POLL, slug="trams")).checksum,
        result_of(named, poll=replace(POLL, question="Trams?")).checksum,
        result_of(named, poll=replace(POLL, wording_version=2)).checksum,
    ]

    assert len(set(checksums)) == len(checksums)


@pytest.mark.parametrize(
    ("counts", "ballots", "poll"),
    [
        ({"Yes": 7, "No": 5}, 11, POLL),
        ({"Yes": 7, "No": 5}, 13, POLL),
        ({"Yes": 7, "No": -5}, 2, POLL),
        ({"Yes": 7, "No": 5}, 6, SEVERAL),
        ({"Yes": 7, "No": 5}, 13, SEVERAL),
        ({"Yes": 7, "No": -1}, 7, SEVERAL),
    ],
)
def test_votes_that_do_not_belong_to_the_ballots_are_refused(
    counts: dict[str, int], ballots: int, poll: PollFacts
) -> None:
    with pytest.raises(ValueError, match="do not belong"):
        result_of(counts, ballots=ballots, poll=poll)


@pytest.mark.parametrize("more", [{"set_aside": -1}, {"peeks": -1}])
def test_negative_numbers_beside_the_votes_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="do not belong"):
        result_of({"Yes": 1}, **more)


def test_a_second_not_sure_is_refused() -> None:
    counts = [OptionCount(place, f"Not sure {place}", not_sure=True, votes=1) for place in (1, 2)]

    with pytest.raises(ValueError, match="more than one"):
        make_result(POLL, counts, ballots=2, as_of=NOON, percent_from=10, visible=True)


@pytest.mark.parametrize("named_votes", [(1, 0), (2, 1), (80, 20), (45, 55), (50, 50), (10, 0)])
@pytest.mark.parametrize("not_sure", [0, 8, 200])
@pytest.mark.parametrize("poll", [POLL, SEVERAL])
def test_labels_with_percent_signs_stand_in_the_sentences_as_they_are(
    named_votes: tuple[int, int], not_sure: int, poll: PollFacts
) -> None:
    more, less = "100 % more", "%s %d %(count)s %% {0}"

    result = result_of(dict(zip((more, less), named_votes, strict=True)), not_sure, poll=poll)

    text = f"{result.sentence} {tipping_sentence(result)}"
    assert more in text or less in text
    assert "readers" in f"{result.sentence}{result.note}"


@pytest.mark.parametrize("votes", [(2, 1), (80, 20), (51, 49), (50, 50)])
def test_labels_of_200_characters_are_said_in_full(votes: tuple[int, int]) -> None:
    long, other = "Ä" * 200, "é" * 200

    result = result_of({long: votes[0], other: votes[1]})

    assert long in str(result.sentence)
    assert [option.label for option in result.options] == [long, other]


@given(
    named=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    not_sure=st.integers(0, 60),
    several=st.integers(0, 40),
    percent_from=st.integers(1, 20),
    status=st.sampled_from(["open", "closed", "resolved"]),
)
def test_no_result_says_what_is_never_said_and_n_stands_with_the_first_percentage(
    named: list[int], not_sure: int, several: int, percent_from: int, status: str
) -> None:
    total = sum(named) + not_sure
    ballots = max(total - several, *named, not_sure)
    poll = replace(POLL if ballots == total else SEVERAL, status=status)

    result = result_of(
        {f"Answer {'ABCDEF'[place]}": votes for place, votes in enumerate(named)},
        not_sure,
        poll=poll,
        ballots=ballots,
        percent_from=percent_from,
    )

    said = str(result.sentence)
    everything = [said, str(result.note), *remarks_of(result), str(tipping_sentence(result) or "")]
    assert not any(NEVER_SAID.search(text) for text in everything)
    assert "%(" not in "".join(everything)
    assert "%" not in said or f"{ballots:,} reader" in said or "The only reader" in said
    assert all((option.percent is None) == (ballots < percent_from) for option in result.options)
