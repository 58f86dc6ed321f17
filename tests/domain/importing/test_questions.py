"""Which list items become polls, and which options they are offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.importing.documents import Block
from poll_app.domain.importing.questions import (
    MAX_POLLS,
    ProposedPoll,
    find_questions,
    propose_options,
    propose_polls,
)
from poll_app.domain.polls import MAX_QUESTION_LENGTH, clean_text
from poll_app.domain.refusals import Refusal

YES_NO = ("Yes", "No", "Not sure")
JA_NEIN = ("Ja", "Nein", "Weiß nicht")


def heading(text: str) -> Block:
    return Block("heading", text, level=2)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def item(text: str) -> Block:
    return Block("item", text)


def test_questions_come_from_the_closing_list_in_its_order() -> None:
    blocks = [
        paragraph("The bridge is old. Who will pay for a new one?"),
        heading("What now?"),
        paragraph("Some things are open:"),
        item("Will the bridge close?"),
        item("How long will it take?"),
    ]

    questions = find_questions(blocks)

    assert questions == ("Will the bridge close?", "How long will it take?")


def test_a_call_to_action_may_follow_the_questions() -> None:
    blocks = [
        heading("What now?"),
        item("Will the bridge close?"),
        heading("Your turn"),
        paragraph("What do you think?"),
        item("Write to us."),
        heading("About the author"),
        paragraph("She builds bridges."),
    ]

    questions = find_questions(blocks)

    assert questions == ("Will the bridge close?",)


def test_questions_far_from_the_end_are_rhetoric() -> None:
    blocks = [
        heading("Where we stand"),
        item("Who knew?"),
        *(block for n in "123" for block in (heading(f"Part {n}"), paragraph("It goes on."))),
    ]

    questions = find_questions(blocks)

    assert questions == ()


def test_headings_with_nothing_under_them_are_no_sections() -> None:
    blocks = [heading("What now?"), item("Will it?"), *(heading(f"Empty {n}") for n in range(9))]

    questions = find_questions(blocks)

    assert questions == ("Will it?",)


def test_an_article_without_headings_is_one_section() -> None:
    blocks = [paragraph("The bridge is old."), item("Will it close?")]

    questions = find_questions(blocks)

    assert questions == ("Will it close?",)


@pytest.mark.parametrize("blocks", [[], [heading("Why?")], [paragraph("Why?")], [item("Because.")]])
def test_headings_and_running_text_hold_no_questions(blocks: list[Block]) -> None:
    article = list(blocks)

    questions = find_questions(article)

    assert questions == ()


def test_a_repeated_question_counts_once() -> None:
    blocks = [item("Will it rain?"), item("Will it snow?"), item("Will It Rain?")]

    questions = find_questions(blocks)

    assert questions == ("Will it rain?", "Will it snow?")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("How will it change NATO’s decisions?", "How will it change NATO's decisions?"),
        ("**Q1:** Will it hold?", "Will it hold?"),
        ("Question 12. Will it hold?", "Will it hold?"),
        ("Frage: Wird es halten?", "Wird es halten?"),
        ("1) Will it hold?", "Will it hold?"),
        ("b) Will it hold?", "Will it hold?"),
        ("**Will it hold?**", "Will it hold?"),
        ("F1: Will the race be run?", "F1: Will the race be run?"),
        ("هل يصمد الجسر؟", "هل يصمد الجسر؟"),
        ("橋は持ちますか？", "橋は持ちますか？"),
        ("Will the U.S. Senate and Dr. Smith agree?", "Will the U.S. Senate and Dr. Smith agree?"),
        ("Kommt es am 5. März zur Wahl?", "Kommt es am 5. März zur Wahl?"),
        ("Is it the size of approx. two fields?", "Is it the size of approx. two fields?"),
        ("Is it up by approx. 5 percent?", "Is it up by approx. 5 percent?"),
        ("Cafe\u0301s: will they open?", "Cafés: will they open?"),
    ],
)
def test_an_item_that_is_one_question_loses_its_label_only(text: str, question: str) -> None:
    blocks = [item(text)]

    questions = find_questions(blocks)

    assert questions == (question,)


@pytest.mark.parametrize(
    "text",
    [
        "It may break. Will it hold?",
        "Will it hold? Will it break?",
        "يقولون إنه قديم. هل يصمد؟",
        "???",
        "",
        "Will it be " + "e" * MAX_QUESTION_LENGTH + "?",
        "Will it be e" + "\u0301\u0323" * 300_000 + "?",
    ],
    ids=["statement first", "two", "Arabic", "no words", "empty", "too long", "endless accents"],
)
def test_an_item_that_is_no_single_question_is_left_out(text: str) -> None:
    blocks = [item(text), item("Will it hold?")]

    questions = find_questions(blocks)

    assert questions == ("Will it hold?",)


@given(st.lists(st.text().map(lambda text: Block("item", text + "?"))))
def test_a_question_is_never_longer_than_a_poll_takes(blocks: list[Block]) -> None:
    limit = MAX_QUESTION_LENGTH

    questions = find_questions(blocks)

    assert all(0 < len(question) <= limit for question in questions)
    assert len(set(questions)) == len(questions)


def test_every_question_becomes_a_poll_with_the_options_it_suggests() -> None:
    blocks = [item("Will it hold?"), item("How long will it hold?")]

    polls = propose_polls(blocks)

    assert polls == (
        ProposedPoll("Will it hold?", YES_NO),
        ProposedPoll("How long will it hold?", ()),
    )


@pytest.mark.parametrize(
    "question",
    [
        "Will NATO abandon its cautious approach and deploy troops?",
        "Can Ukraine achieve NATO membership amid the ongoing war?",
        "Won’t it rain?",
        "CAN'T they stay?",
        "“Should it close?”",
        "Should it close or not?",
        "In your view, should it close?",
        "The old bridge: is it safe?",
        "Was the vote fair for all of the towns? That is, was it?",
        "Was it fair?",
        "Will people die?",
        "May they come?",
    ],
)
def test_a_yes_or_no_question_gets_yes_no_and_not_sure(question: str) -> None:
    text = question

    options = propose_options(text)

    assert options == YES_NO


@pytest.mark.parametrize(
    "question",
    [
        "Wird der Rhein steigen?",
        "Kann Kiew gewinnen?",
        "Ihrer Meinung nach, sollte die Brücke schließen?",
        "Soll die Brücke schließen oder nicht?",
        "Will die Stadt bauen?",
        "Will Berlin mit Paris bauen?",
        "War das richtig?",
        "Muß es sein?",
        "Hat die Stadt versagt?",
    ],
)
def test_a_german_yes_or_no_question_gets_german_options(question: str) -> None:
    text = question

    options = propose_options(text)

    assert options == JA_NEIN


@pytest.mark.parametrize(
    "question",
    [
        "How will the Trump administration influence NATO's decisions?",
        "Should it close or stay open?",
        "Soll sie bleiben oder weichen?",
        "Can it be saved, and how?",
        "Can it be saved, and if so, when?",
        "What do you think, should it close?",
        "To what extent, in the end, can it be saved?",
        "When it rains, will it hold?",
        "Have your say: which one?",
        "Was plant Paris?",
        "Was passiert mit der Brücke?",
        "War Paris bereit?",
        "So, what now?",
        "Really?",
        "?",
        "",
        "هل يصمد الجسر؟",
    ],
)
def test_any_other_question_waits_for_its_options(question: str) -> None:
    text = question

    options = propose_options(text)

    assert options == ()


@given(st.text())
def test_options_can_be_proposed_for_any_text(text: str) -> None:
    question = text + "?"

    options = propose_options(question)

    assert options in {(), YES_NO, JA_NEIN}
    assert [clean_text(option, limit=20, field="option") for option in options] == list(options)


@pytest.mark.parametrize("count", [1, MAX_POLLS])
def test_a_closing_list_yields_up_to_twenty_polls(count: int) -> None:
    blocks = [item(f"Will it be {n}?") for n in range(count)]

    polls = propose_polls(blocks)

    assert len(polls) == count


def test_a_closing_list_of_more_is_refused_as_a_whole() -> None:
    blocks = [item(f"Will it be {n}?") for n in range(MAX_POLLS + 1)]

    with pytest.raises(
        Refusal, match="at most 20 questions in its closing list, not 21"
    ) as refused:
        propose_polls(blocks)

    assert refused.value.field == "file"


def test_repeated_questions_and_other_items_do_not_count_against_the_twenty() -> None:
    blocks = [item(f"Will it be {n % MAX_POLLS}?") for n in range(100)]

    polls = propose_polls([*blocks, *(item(f"Point {n}") for n in range(100))])

    assert len(polls) == MAX_POLLS
