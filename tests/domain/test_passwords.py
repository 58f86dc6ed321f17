"""Which passwords are taken and which are refused."""

import pytest

from poll_app.domain.passwords import MAX_LENGTH, check_password
from poll_app.domain.refusals import Refusal

ABOUT = ("alice.smith@paper.example", "Alice Smith", "Reader polls")


@pytest.mark.parametrize(
    "password",
    [
        "tripod velvet marsh onion",
        "7yZq!kPw09xRt2Lm",
        "ein langer Satz über Käse",
        "ненаглядный мой край",
        "我喜欢在下雨天吃面条看书听音乐散步",
        "  spaces at both ends kept  ",
        "}#{)(*&^%$@!~`|?><",
        "tripod\0velvet\0marsh",
        "🐙🌵🧭🪁🥨🛶🎻🧲🪐🌋🦤🧵🪴🛞🔭",
        "x" * 3 + "tripod velvet" * 3 + "unlike the rest",
        "tripod velvet marsh onion" + "é" * (MAX_LENGTH - 25),
    ],
)
def test_a_long_password_of_any_characters_is_taken(password):
    check_password(password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "at least 15"),
        ("velvet marsh 9", "at least 15"),
        ("tripod velvet marsh onion" + "é" * (MAX_LENGTH - 24), "at most 128"),
    ],
)
def test_one_that_is_too_short_or_too_long_is_refused(password, said):
    with pytest.raises(Refusal, match=said) as refusal:
        check_password(password)

    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "P@ssw0rd!P@ssw0rd1",
        "MyPassword2026!!",
        "correct horse battery staple",
        "123456789012345",
        "9876543210987654",
        "qwertyuiopasdfghjkl",
        "lkjhgfdsapoiuytrewq",
        "1qaz2wsx3edc4rfv",
        "abcabcabcabcabcabc",
        "aaaaaaaaaaaaaaaaab",
        "tripodtripodtripod",
        "tripod-tripod-trip",
        "iloveyouforever123",
        "Summer2026Autumn2027",
        "alice.smith@paper.example",
        "AliceSmith-Alice-Smith",
        "readerpolls readerpolls!",
        "Reader-Polls-Paper-2026",
        "ａｌｉｃｅｓｍｉｔｈ１２３４５６",
    ],
)
def test_what_a_guesser_tries_first_is_refused(password):
    with pytest.raises(Refusal, match="guessed"):
        check_password(password, about=ABOUT)
