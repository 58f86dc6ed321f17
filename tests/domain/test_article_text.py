"""What the text of an article may be."""

import pytest

from poll_app.domain import article_text as rules
from poll_app.domain.article_text import ArticleText, clean_article
from poll_app.domain.importing.documents import MAX_LINES
from poll_app.domain.refusals import Refusal


@pytest.mark.parametrize(
    ("clean", "field", "limit"),
    [
        (rules.clean_title, "title", 200),
        (rules.clean_standfirst, "standfirst", 600),
        (rules.clean_source, "source", 200),
        (rules.clean_prompt, "discussion_prompt", 600),
        (rules.clean_body, "body", 200_000),
    ],
)
def test_a_field_is_taken_up_to_its_limit_and_refused_beyond(clean, field, limit):
    assert clean("x" * limit) == "x" * limit
    with pytest.raises(
        Refusal, match=f"at most {limit:,} characters, not {limit + 1:,}"
    ) as refused:
        clean("x" * (limit + 1))

    assert refused.value.field == field


@pytest.mark.parametrize("clean", [rules.clean_standfirst, rules.clean_source, rules.clean_prompt])
def test_a_field_that_may_be_empty_may_be_blank(clean):
    assert clean(" \r\n ") == ""


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\u2800"])
def test_a_title_that_shows_nothing_is_refused(blank):
    with pytest.raises(Refusal):
        rules.clean_title(blank)


@pytest.mark.parametrize("char", ["\0", "\x1b", "\u202e", "\u2066", "\ue000"])
def test_hidden_characters_are_refused_in_a_title_and_dropped_from_the_text(char):
    with pytest.raises(Refusal, match="control or direction-changing"):
        rules.clean_title(f"Join {char}OTAN")

    assert rules.clean_body(f"Join {char}OTAN") == "Join OTAN"


def test_the_text_has_one_kind_of_line_end_and_no_blank_ends():
    assert rules.clean_body("\r\n\r\na\r\nb\rc\n\n \n") == "a\nb\nc"


def test_the_text_keeps_an_indented_first_line():
    assert rules.clean_body("\n    code") == "    code"


def test_a_text_of_too_many_lines_is_refused():
    assert rules.clean_body("a\n" * MAX_LINES)
    with pytest.raises(Refusal, match="at most 20,000 lines") as refused:
        rules.clean_body("a\n" * MAX_LINES + "b")

    assert refused.value.field == "body"


@pytest.mark.parametrize("code", ["de", "en-GB", "zh-Hant-TW", "ast"])
def test_a_language_is_known_by_its_code(code):
    assert rules.clean_language(code) == code


@pytest.mark.parametrize("code", [None, ""])
def test_no_language_is_that_of_the_site(code):
    assert rules.clean_language(code) is None


@pytest.mark.parametrize(
    "code", ["D", "de_DE", "../x", "de\0", "d" * 21, "de-" + "abcdefgh-" * 3 + "x"]
)
def test_what_is_no_code_is_no_language(code):
    with pytest.raises(Refusal) as refused:
        rules.clean_language(code)

    assert refused.value.field == "language"


def test_an_article_is_cleaned_field_by_field():
    typed = ArticleText(" A  title ", " s ", " p ", "b\r\n", " q? ", "de")

    assert clean_article(typed) == ArticleText("A title", "s", "p", "b", "q?", "de")
