"""Sentences: an English text with values, said in the number that fits."""

import pytest

from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence, sentences


def test_a_sentence_without_values_keeps_its_percent_signs():
    assert str(sentence("Exactly 100 % of them.")) == "Exactly 100 % of them."


def test_numbers_are_grouped_and_texts_stay_as_they_are():
    said = sentence("%(count)s readers of “%(name)s”.", count=12_345, name="1234")

    assert str(said) == "12,345 readers of “1234”."


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 ballots"), (1, "one ballot"), (2, "2 ballots"), (1000, "1,000 ballots")],
)
def test_a_sentence_with_a_number_has_one_and_many(count, text):
    assert str(sentences("one ballot", "%(count)s ballots", count)) == text


def test_a_sentence_with_a_number_may_carry_more_values():
    said = sentences("one said %(label)s", "%(count)s said %(label)s", 3, label="Yes")

    assert str(said) == "3 said Yes"


def test_a_refusal_carries_its_sentence_and_its_field():
    refusal = Refusal(sentence("Not “%(what)s”.", what="so"), field="option")

    assert (str(refusal), refusal.field) == ("Not “so”.", "option")
    assert NotFound(sentence("Gone.")).field is None


def test_a_value_may_be_a_sentence_or_a_row_of_them():
    parts = tuple(
        sentence("“%(label)s” %(votes)s", label=a, votes=n) for a, n in [("A", 1_000), ("B", 2)]
    )

    assert str(sentence("Said: %(parts)s.", parts=parts)) == "Said: “A” 1,000, “B” 2."
