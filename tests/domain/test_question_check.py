"""The question check: what it asks an editor to consider, and what it leaves in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.question_check import check_question

YES_NO = ("Yes", "No")


def codes(question, options=YES_NO, **details):
    return [hint.code for hint in check_question(question, options, **details)]


@pytest.mark.parametrize(
    "question",
    [
        "Should the town build a second bridge?",
        "Should shops be open on Sundays?",
        "Which party do you trust with the economy?",
        "How satisfied are you with bus and tram services?",
        "Should France and the U.K. send soldiers?",
        "Do you like bread and butter pudding?",
        "Is rock and roll dead?",
        "Should the council lower the speed limit to 30 km/h?",
        "Will Labour win the next election?",
        "Will the bridge be finished by the end of 2027?",
        "Will rates fall before June?",
        "Will the coalition last until the war ends?",
        "Will it snow this winter?",
        "Will you vote?",
        "Who would you vote for?",
        "Can the club stay up?",
        "Should the vote be moved or not?",
        "Do you know whether or not you will vote?",
        "Should a note be sent to all parents?",
        "What is the nicest notice you ever read?",
        "Have prices gone up in your street?",
        "Who was the best player of the season?",
        "Soll die Stadt eine zweite Brücke bauen?",
        "Sollen Läden sonntags öffnen dürfen?",
        "Wie zufrieden sind Sie mit Bus und Bahn?",
        "Sollen die roten und grünen Kandidaten zusammen antreten?",
        "Wird die Brücke bis Ende 2027 fertig?",
        "Werden Sie wählen?",
        "Wird im nächsten Jahr gewählt?",
        "Ist es immer noch teuer?",
        "Haben Sie in der Not geholfen?",
        "Wer wird bis zum 31.12. Trainer?",
        "¿Debe la ciudad construir un puente?",
        "Чи потрібен міст?",
    ],
)
def test_a_plain_question_is_left_in_peace(question):
    assert codes(question) == []


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Don’t you think the council should resign?", "leading"),
        ("Isn't it time to lower taxes?", "leading"),
        ("Do you agree that the mayor has done well?", "leading"),
        ("Surely the town needs a bridge?", "leading"),
        ("Finden Sie nicht auch, dass der Rat zurücktreten sollte?", "leading"),
        ("Soll die Stadt endlich handeln?", "leading"),
        ("Should the disastrous reform be kept?", "loaded"),
        ("Should the so-called experts be heard?", "loaded"),
        ("Soll die gescheiterte Reform bleiben?", "loaded"),
        ("Soll die sogenannte Mietbremse bleiben?", "loaded"),
        ("Should the town lower fares and raise parking fees?", "double"),
        ("Is the bridge needed and should it be built now?", "double"),
        ("Is it needed? Is it too dear?", "double"),
        ("Should rents and/or wages be capped?", "double"),
        ("Soll die Stadt Parkplätze abbauen und Radwege bauen?", "double"),
        ("Ist die Brücke nötig und soll sie jetzt gebaut werden?", "double"),
        ("Sollen Renten sowohl steigen als auch später beginnen?", "double"),
        ("Will the government fall?", "undated"),
        ("Who will win the World Cup?", "undated"),
        ("Is the council going to close the pool?", "undated"),
        ("Will Smith be replaced by Jones?", "undated"),
        ("Wird die Regierung zerbrechen?", "undated"),
        ("Wer wird Trainer?", "undated"),
        ("Should the ban not be lifted?", "double-negative"),
        ("Should nobody be sent home without a hearing?", "double-negative"),
        ("Should the law not be rejected?", "double-negative"),
        ("Soll die Stadt Autos nicht verbieten?", "double-negative"),
        ("Should the bridge not be built?", "negation"),
        ("Can't the bus come twice an hour?", "negation"),
        ("Soll die Brücke nicht gebaut werden?", "negation"),
        ("Soll es keine neue Brücke geben?", "negation"),
        ("Should shops always be open?", "absolute"),
        ("Is everyone better off?", "absolute"),
        ("Sollen Läden immer offen sein?", "absolute"),
        ("Soll die Brücke um jeden Preis gebaut werden?", "absolute"),
    ],
)
def test_what_may_mislead_gets_its_hint(question, code):
    assert code in codes(question)


def test_a_leading_opening_is_not_told_twice_as_a_negation():
    assert codes("Don't you think shops should open on Sundays?") == ["leading"]


@pytest.mark.parametrize(
    ("question", "options", "told"),
    [
        (
            "Will NATO abandon its cautious approach and deploy troops?",
            YES_NO,
            ["double", "undated"],
        ),
        (
            "How will the Trump administration influence NATO's decisions?",
            (
                "Less U.S. involvement in the alliance",
                "More pressure to meet defence spending targets",
                "Europe carries more of the burden",
                "No real change",
            ),
            ["undated"],
        ),
        (
            "Can Ukraine achieve NATO membership amid the ongoing war?",
            ("Yes", "Not before the war ends", "No"),
            [],
        ),
    ],
)
def test_the_questions_of_the_first_article_get_sensible_hints_only(question, options, told):
    assert codes(question, options) == told


@pytest.mark.parametrize(
    "options",
    [
        YES_NO,
        ("Ja", "Nein"),
        ("Yes, soon", "Yes, later", "No, never", "No, but later"),
        ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"),
        ("Very good", "Good", "Fair", "Poor", "Very poor"),
        ("Gut", "Mittel", "Schlecht"),
        ("More", "The same", "Less"),
        ("Left", "Right", "Straight on"),
        ("The Greens", "The Reds", "The Blues"),
        ("18-24", "25-34", "35 to 44", "45 or older"),
        ("No change", "A little change", "Much change"),
        ("Norway", "Sweden", "Yesterday"),
        ("Because of the price", "Because of the noise"),
        ("Only one option so far, and it is longer than most of them will ever be",),
        ("0.5-1.5 km", "1.5-3 km"),
    ],
)
def test_fair_options_are_left_in_peace(options):
    assert codes("Which one?", options) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("Excellent", "Very good", "Good", "Poor"), "unbalanced"),
        (("Yes, gladly", "Yes", "No"), "unbalanced"),
        (("Agree", "Strongly agree", "Something else", "Another thing"), "unbalanced"),
        (("Sehr gut", "Gut", "Eher gut", "Schlecht"), "unbalanced"),
        (("Nein", "Nein, niemals", "Lehne ab", "Weg"), "unbalanced"),
        (("18-25", "25-35", "36-50"), "overlapping"),
        (("1 bis 5", "4 bis 9"), "overlapping"),
        (("Bus", "Tram", "Both"), "overlapping"),
        (("Bus", "Bahn", "Beides"), "overlapping"),
        (("Yes, because children need it", "No"), "lopsided"),
        (("Ja", "Nein, weil es zu teuer ist"), "lopsided"),
        (
            ("Yes, the town has promised it to everybody who lives beyond the river", "No"),
            "lopsided",
        ),
    ],
)
def test_unfair_options_get_their_hint(options, code):
    assert codes("Which one?", options) == [code]


def test_not_sure_is_missed_once_there_are_options():
    assert codes("Which one?", YES_NO, not_sure=False) == ["not-sure"]
    assert codes("Which one?", (), not_sure=False) == []
    assert codes("Which one?", ("", "  "), not_sure=False) == []


def test_a_hint_says_which_words_it_means():
    (hint,) = check_question("Should the Disastrous reform stay?", YES_NO)

    assert str(hint.sentence).startswith("“disastrous” judges")


@given(st.text(max_size=300), st.lists(st.text(max_size=50), max_size=20), st.booleans())
def test_any_text_can_be_checked(question, options, not_sure):
    for hint in check_question(question, options, not_sure=not_sure):
        assert str(hint.sentence)
