"""What readers write: cleaned, cut into paragraphs and links, never markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.discussion.texts import (
    MAX_NAME_LENGTH,
    MAX_TEXT_LENGTH,
    Piece,
    clean_name,
    clean_reason_text,
    links_in,
    paragraphs,
)
from poll_app.domain.refusals import Refusal


def test_lines_and_blank_lines_stay_and_the_rest_is_folded():
    assert clean_reason_text("\r\n One  line \r\nanother\u2028third\n \n\t\n\nNew\tpart  ") == (
        "One  line\nanother\nthird\n\nNew part"
    )


@pytest.mark.parametrize("blank", ["", " \n\t ", "\u200b\u200d\u3164\u2060"])
def test_a_text_has_to_say_something(blank):
    with pytest.raises(Refusal, match="Enter some text") as refused:
        clean_reason_text(blank)

    assert refused.value.field == "text"


@pytest.mark.parametrize("text", ["a\x00b", "red\x1b[31m", "half \ud800"])
def test_control_characters_are_refused(text):
    with pytest.raises(Refusal, match="control characters"):
        clean_reason_text(text)
    with pytest.raises(Refusal, match="control characters") as refused:
        clean_name(text)

    assert refused.value.field == "name"


def test_characters_that_turn_or_hide_others_are_taken_out():
    assert clean_reason_text("pay \u202egnirts\u2066 no\u200bw") == "pay gnirts now"
    assert clean_name("An\u202ena ") == "Anna"


def test_what_no_feed_may_hold_is_taken_out():
    assert clean_reason_text("fine \ufffe\uffff here") == "fine  here"
    assert clean_name("An\uffffna") == "Anna"


def test_joiners_and_emoji_of_several_parts_stay():
    family = "👩\u200d👩\u200d👧"
    assert clean_reason_text(f"{family} می\u200cخواهم") == f"{family} می\u200cخواهم"


def test_the_limit_counts_characters():
    assert len(clean_reason_text("😀" * MAX_TEXT_LENGTH)) == MAX_TEXT_LENGTH
    with pytest.raises(Refusal, match="at most 2,000 characters, not 2,001"):
        clean_reason_text("😀" * (MAX_TEXT_LENGTH + 1))
    with pytest.raises(Refusal, match="at most 40 characters, not 41") as refused:
        clean_name("x" * (MAX_NAME_LENGTH + 1))

    assert refused.value.field == "name"


def test_stacked_accents_are_cut_and_a_text_of_accents_is_refused():
    assert clean_reason_text("Z" + "\u0316" * 30 + "algo") == "Z" + "\u0316" * 4 + "algo"
    with pytest.raises(Refusal, match="fewer accents"):
        clean_reason_text("Z\u0316\u0317\u0318\u0319" * 20)


def test_accents_that_belong_to_a_letter_become_one_with_it():
    assert clean_reason_text("cafe\u0301") == "café"


def test_a_name_is_one_line_or_none():
    assert clean_name(" Anna \n Maria ") == "Anna Maria"
    assert clean_name("\u200b") == ""


def test_paragraphs_hold_lines_and_lines_hold_words_and_links():
    text = "See https://example.org/a_(b). It says:\nno.\n\n<b>Really</b>"

    assert paragraphs(text) == (
        (
            (
                Piece("See "),
                Piece("https://example.org/a_(b)", "https://example.org/a_(b)"),
                Piece(". It says:"),
            ),
            (Piece("no."),),
        ),
        ((Piece("<b>Really</b>"),),),
    )


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("(https://example.org/x)", ("https://example.org/x",)),
        ("[https://example.org/x]!?", ("https://example.org/x",)),
        ("„https://example.org/x“", ("https://example.org/x",)),
        ("HTTP://EXAMPLE.ORG", ("HTTP://EXAMPLE.ORG",)),
        ("https://paper.example@evil.example/", ()),
        ("https://example.org:99999/", ()),
        ("https://[1/", ()),
        ("https://...", ()),
        ("https:///x", ()),
        ("https://example.org/" + "x" * 2100, ()),
        ("javascript:alert(1) data:text/html,x //example.org", ()),
        ("one https://a.example and https://b.example", ("https://a.example", "https://b.example")),
    ],
)
def test_only_plain_web_addresses_become_links(text, links):
    assert links_in(text) == links


@given(st.text(max_size=300))
def test_whatever_is_stored_can_be_cleaned_again_and_shown_whole(text):
    try:
        clean = clean_reason_text(text)
    except Refusal:
        return

    assert clean_reason_text(clean) == clean
    shown = "\n\n".join(
        "\n".join("".join(piece.text for piece in line) for line in paragraph)
        for paragraph in paragraphs(clean)
    )
    assert shown == clean
