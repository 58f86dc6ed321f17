"""What is a typing mistake and what is another question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.refusals import Refusal
from poll_app.domain.wording import Wording, check_correction, is_small_correction

QUESTION = "Should the town build a second bridge?"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Shoud the town build a bridge?", "Should the town build a bridge?"),
        ("Wil NATO send troops?", "Will NATO send troops?"),
        ("Should teh town build it?", "Should the town build it?"),
        ("Should the town biuld a brigde?", "Should the town build a bridge?"),
        ("Should town build it?", "Should the town build it?"),
        ("Is it an university?", "Is it a university?"),
        ("Will they recieve it?", "Will they receive it?"),
        ("Is it in NATOs interest?", "Is it in NATO’s interest?"),
        ("Is it alot?", "Is it a lot?"),
        ("is it so", "Is it so?"),
        ("Is it so ?", "Is it so?"),
        ("Should polish workers come?", "Should Polish workers come?"),
        ("Is Marcon right?", "Is Macron right?"),
        ("Are goverments to balme?", "Are governments to blame?"),
        ("From 18-25 years?", "From 18–25 years?"),
        ("Solte die Stadt bauen?", "Sollte die Stadt bauen?"),
    ],
)
def test_a_typing_mistake_may_be_corrected(before, after):
    assert is_small_correction(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Should the town build it?", "Should the town not build it?"),
        ("Should the town not build it?", "Should the town build it?"),
        ("Is it now allowed?", "Is it not allowed?"),
        ("Can it be done?", "Can't it be done?"),
        ("Should it be legal?", "Should it be illegal?"),
        ("Do you agree?", "Do you disagree?"),
        ("Is it likely?", "Is it unlikely?"),
        ("Should it be done?", "Could it be done?"),
        ("Will it come?", "Would it come?"),
        ("More money?", "Less money?"),
        ("Before the vote?", "After the vote?"),
        ("Is the war in Iran over?", "Is the war in Iraq over?"),
        ("Should Austria join?", "Should Australia join?"),
        ("Should Zambia join?", "Should Gambia join?"),
        ("Should Slovakia pay?", "Should Slovenia pay?"),
        ("By 2026?", "By 2027?"),
        ("Is 1.5 enough?", "Is 15 enough?"),
        ("Is 5 % enough?", "Is 5 enough?"),
        ("Is €5 enough?", "Is $5 enough?"),
        ("Is -5 normal?", "Is 5 normal?"),
        ("Should the town build a bridge?", "Should the town build a new bridge?"),
        ("Should the town build a bridge?", "Should the town build a tunnel?"),
        ("One too thee four five?", "Onee tooo theee fourr five?"),
        ("Is it in or out?", "Is it on or out?"),
        ("An increase?", "A decrease?"),
        ("Should taxes increase?", "Should taxes decrease?"),
        ("Is it up to employers?", "Is it up to employees?"),
        ("Is a million enough?", "Is a billion enough?"),
        ("Are eight enough?", "Are eighty enough?"),
        ("Are seven thousand enough?", "Are seven thousands enough?"),
        ("Will inflation come?", "Will deflation come?"),
        ("Is it effective?", "Is it defective?"),
        ("Should they cut it?", "Should they put it?"),
        ("Fewer cars?", "Fewer cats?"),
        ("Will the war end?", "Will the war and?"),
        ("Is it the town?", "Is it a town?"),
        ("Is it moral?", "Is it amoral?"),
        ("Is it unclear?", "Is it nuclear?"),
        ("Should the minister go?", "Should the ministers go?"),
        ("Is the cost too high?", "Is the coast too high?"),
        ("Should it prescribe this?", "Should it proscribe this?"),
        ("Teh mayor adn teh town?", "The mayor and the town?"),
        ("Soll man es tun?", "Muss man es tun?"),
        ("Ist es erlaubt?", "Ist es nicht erlaubt?"),
        (QUESTION, "Something else entirely?"),
        (QUESTION, ""),
    ],
)
def test_what_may_change_the_meaning_is_none(before, after):
    assert not is_small_correction(before, after)


@given(st.text(max_size=300))
def test_the_same_text_is_no_change(text):
    assert is_small_correction(text, text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(before, after):
    assert is_small_correction(before, after) in {True, False}


def test_small_steps_do_not_lead_away_from_the_words_that_were_answered_first():
    first, then = Wording("Will teh town pay?", ()), Wording("Will the town pay?", ())

    check_correction(first, then, first=first)
    check_correction(then, first, first=first)
    with pytest.raises(Refusal, match="From “Will teh town pay"):
        check_correction(then, Wording("Will three town pay?", ()), first=first)
    with pytest.raises(Refusal, match="From “Will the town pay"):
        check_correction(then, Wording("Will other towns pay?", ()), first=then)


def test_a_correction_may_touch_the_question_and_its_options():
    check_correction(
        Wording("Is teh way long?", ("Yess", "No", "Not sure")),
        Wording("Is the way long?", ("Yes", "No", "Not sure")),
    )


@pytest.mark.parametrize(
    ("after", "text", "field"),
    [
        (Wording(QUESTION, ("Yes", "No")), "Nothing was changed", "question"),
        (Wording(QUESTION, ("Yes", "No", "Maybe")), "keeps the number", "option"),
        (Wording(QUESTION, ("Yes",)), "keeps the number", "option"),
        (Wording("Should the town sell it?", ("Yes", "No")), "more than a typing", "question"),
        (Wording(QUESTION, ("No", "Yes")), "more than a typing mistake", "option"),
    ],
)
def test_a_correction_that_does_more_is_refused_with_its_field(after, text, field):
    with pytest.raises(Refusal, match=text) as refused:
        check_correction(Wording(QUESTION, ("Yes", "No")), after)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Maary", "Mary's"), ("Mary's", "Maary")),
        (("plan abc", "plan abd"), ("plan abd", "plan abc")),
        (("later", "latter"), ("latter", "later")),
    ],
)
def test_no_option_may_take_the_place_of_another(before, after):
    with pytest.raises(Refusal):
        check_correction(Wording(QUESTION, before), Wording(QUESTION, after))
