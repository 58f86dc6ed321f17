"""What readers are asked to discuss."""

import pytest

from poll_app.domain.importing.documents import Block
from poll_app.domain.importing.prompts import find_prompt


def paragraphs(*texts):
    return [Block("paragraph", text) for text in texts]


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("Should it act? Share your thoughts in the comments below.", "Should it act?"),
        ("What do you think? Is it right? Tell us.", "What do you think? Is it right?"),
        ("Was denken Sie? Schreiben Sie uns.", "Was denken Sie?"),
        ("“Is it right?” Leave a comment.", "“Is it right?”"),
    ],
)
def test_the_questions_beside_a_call_for_comments_are_the_prompt(text, prompt):
    assert find_prompt(paragraphs("Words.", text, "A byline.")) == prompt


@pytest.mark.parametrize(
    "text", ["How far will they go?", "Share your thoughts below.", "", "x? " * 2_000 + "comments"]
)
def test_a_question_alone_or_a_call_alone_is_none(text):
    assert find_prompt(paragraphs(text)) == ""


def test_a_prompt_that_is_too_long_is_none():
    assert find_prompt(paragraphs("x" * 700 + "? Tell us.")) == ""


def test_the_last_call_counts_and_only_near_the_end():
    early = "What do you think? Tell us."

    assert find_prompt(paragraphs(early, "Or else? Comments are open.")) == "Or else?"
    assert find_prompt(paragraphs(early, *["Words."] * 5)) == ""


def test_a_list_item_is_a_question_to_vote_on_instead():
    assert find_prompt([Block("item", "What do you think? Tell us.")]) == ""
