"""Codes of an app: the numbers of the standard, the window, what was used before."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from poll_app.domain.totp import (
    RECOVERY_CODES,
    STEP_S,
    app_address,
    as_text,
    code_at,
    find_step,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    sealed,
    unsealed,
)

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
STEP = int(NOW.timestamp()) // STEP_S


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds, code):
    assert code_at(SECRET, seconds // STEP_S, digits=8) == code


def test_the_codes_are_those_of_rfc_4226():
    told = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"

    assert " ".join(code_at(SECRET, count) for count in range(10)) == told


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_the_present_code_and_its_neighbours_fit(away):
    code = code_at(SECRET, STEP + away)

    assert find_step(SECRET, f" {code[:3]} {code[3:]} ", now=NOW, after=None) == STEP + away


@pytest.mark.parametrize("away", [-2, 2])
def test_codes_further_away_do_not_fit(away):
    assert find_step(SECRET, code_at(SECRET, STEP + away), now=NOW, after=None) is None


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\0", "12345\ud800"]
)
def test_what_is_no_code_does_not_fit(code):
    assert find_step(SECRET, code, now=NOW, after=None) is None


def test_a_code_that_was_used_and_those_before_it_fit_no_more():
    codes = [code_at(SECRET, STEP + away) for away in (-1, 0, 1)]

    assert [find_step(SECRET, code, now=NOW, after=STEP) for code in codes] == [
        None,
        None,
        STEP + 1,
    ]


def test_an_app_takes_the_secret_over_from_an_address():
    address = app_address(SECRET, email="a+b@paper.example", site_name="Polls: & more")

    text = base64.b32encode(SECRET).decode()
    assert as_text(SECRET) == text
    assert address == (
        "otpauth://totp/Polls%20%20%26%20more:a%2Bb@paper.example"
        f"?secret={text}&issuer=Polls%20%20%26%20more"
    )


def test_the_stored_secret_says_nothing_without_the_key():
    secret = new_secret()
    stored = sealed(secret, "key")

    assert unsealed(stored, "key") == secret
    assert unsealed(stored, "another key") != secret
    assert secret not in stored
    assert len(stored) == 32
    assert sealed(secret, "key") != stored


def test_recovery_codes_are_all_different_and_read_however_they_are_typed():
    codes = new_recovery_codes()

    assert len(set(codes)) == RECOVERY_CODES == 10
    assert {len(plain_recovery_code(code)) for code in codes} == {16}
    assert plain_recovery_code(f" {codes[0].upper().replace('-', ' ')} ") == codes[0].replace(
        "-", ""
    )


def test_a_code_of_a_minute_ago_fits_no_more():
    code = code_at(SECRET, STEP)

    assert find_step(SECRET, code, now=NOW + timedelta(minutes=1), after=None) is None
