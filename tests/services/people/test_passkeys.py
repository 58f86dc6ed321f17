"""Passkeys: made, used, and everything that is not one."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Account, Passkey
from poll_app.services.people.passkeys import (
    CHALLENGE_FOR,
    MOST,
    Site,
    add_passkey,
    are_offered,
    list_passkeys,
    new_challenge,
    registration_options,
    remove_passkey,
    sign_in_options,
    sign_in_with_passkey,
)
from tests.services.people.persons import NOW, acts, open_sessions, put, signed_in, token_for

pytest.importorskip("webauthn", reason="no webauthn here: pip install 'poll-app[passkeys]'")
from tests.services.people.authenticator import PRESENT, Device

pytestmark = pytest.mark.usefixtures("services")

SITE = Site("https://polls.example", "Reader polls")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def here():
    """Ada at one browser; another of hers is open too."""
    person = put()
    token_for(person, browser="Elsewhere")
    return signed_in(person, browser="Here")


@pytest.fixture
def device(here):
    """A device with a passkey of hers."""
    made = Device()
    add(here, made)
    return made


def add(by, device, *, name="Ada’s key", now=NOW, asked_at=NOW, **changes):
    challenge = new_challenge(asked_at)
    options = registration_options(by.person, SITE, challenge)
    credential = changes.pop("credential", None) or device.make(options, **changes)
    add_passkey(by, name, credential, site=SITE, challenge=challenge, now=now)


def enter(device, *, now=NOW + MINUTE, asked_at=NOW + MINUTE, challenge=None, **changes):
    challenge = challenge or new_challenge(asked_at)
    credential = device.sign(sign_in_options(SITE, challenge), **changes)
    return try_credential(credential, challenge, now)


def try_credential(credential, challenge, now=NOW + MINUTE):
    return sign_in_with_passkey(
        credential, site=SITE, challenge=challenge, browser="Passkey", now=now
    )


def test_a_passkey_signs_in(here, device):
    token, email = enter(device)

    assert token
    assert email == here.person.email
    assert open_sessions() == [(here.person.id, "Here"), (here.person.id, "Passkey")]
    known = list_passkeys(here.person)[0]
    assert (known.name, known.created_at, known.used_at) == ("Ada’s key", NOW, NOW + MINUTE)


def test_adding_one_ends_the_other_sessions_and_is_recorded(here, device):
    assert open_sessions() == [(here.person.id, "Here")]
    assert [(act, after) for act, _, _, _, after in acts()] == [
        ("account.factor", {"passkey": "Ada’s key"})
    ]


def test_the_browser_is_told_which_passkeys_there_are_already(here, device):
    options = json.loads(registration_options(here.person, SITE, new_challenge(NOW)))

    assert len(options["excludeCredentials"]) == 1
    assert options["rp"] == {"id": "polls.example", "name": "Reader polls"}
    with pytest.raises(Refusal, match="stored already"):
        add(here, device)


def test_a_copied_key_gives_itself_away(here, device):
    device.count = 7
    assert enter(device)
    device.count = 6

    assert enter(device, now=NOW + 3 * MINUTE, asked_at=NOW + 3 * MINUTE) is None


def test_a_device_that_does_not_count_is_let_in(here, device):
    for minute in (1, 2):
        device.count = -1
        assert enter(device, now=NOW + minute * MINUTE, asked_at=NOW + minute * MINUTE)


def test_an_answer_can_not_be_sent_twice(device):
    challenge = new_challenge(NOW)
    device.count = -1
    credential = device.sign(sign_in_options(SITE, challenge))

    assert try_credential(credential, challenge)
    assert try_credential(credential, challenge) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"flags": PRESENT},
        {"challenge": "another"},
        {"asked_at": NOW - CHALLENGE_FOR},
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"id": b"unknown"},
        {"key": "another"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(here, device, wrong):
    challenge = new_challenge(wrong.get("asked_at", NOW + MINUTE))
    for name in ("host", "origin", "id"):
        setattr(device, name, wrong.get(name, getattr(device, name)))
    if "key" in wrong:
        device.key = Device().key
    options = sign_in_options(SITE, challenge)
    if "challenge" in wrong:
        options = sign_in_options(SITE, new_challenge(NOW))
    credential = device.sign(options, **{k: v for k, v in wrong.items() if k == "flags"})

    assert try_credential(credential, challenge) is None
    assert [browser for _, browser in open_sessions()] == ["Here"]


@pytest.mark.parametrize("change", [{"disabled_at": NOW}, {"password_hash": None}])
def test_who_may_not_sign_in_may_not_by_passkey_either(here, device, change):
    with writing() as session:
        for name, value in change.items():
            setattr(session.get(Account, here.person.id), name, value)

    assert enter(device) is None


_NOTHING = dict.fromkeys(
    ("clientDataJSON", "authenticatorData", "signature", "attestationObject"), "YQ"
)


@pytest.mark.parametrize(
    "credential",
    [
        "", "{}", "[]", "null", "1", "[" * 30_000, '{"id": 1}', "\0", '{"id": "é", "rawId": "é"}',
        json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": _NOTHING}),
    ],
)  # fmt: skip
def test_damaged_answers_are_refused(here, device, credential):
    challenge = new_challenge(NOW + MINUTE)

    assert try_credential(credential, challenge) is None
    with pytest.raises(Refusal):
        add_passkey(here, "Key", credential, site=SITE, challenge=challenge, now=NOW + MINUTE)


def test_a_known_passkey_with_a_damaged_signature_is_refused(device):
    challenge = new_challenge(NOW + MINUTE)
    sent = json.loads(device.sign(sign_in_options(SITE, challenge)))
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        damaged = {**sent, "response": {**sent["response"], name: "W10"}}  # an empty list

        assert try_credential(json.dumps(damaged), challenge) is None


@pytest.mark.parametrize(
    "wrong", [{"flags": PRESENT}, {"name": ""}, {"asked_at": NOW - CHALLENGE_FOR - MINUTE}]
)
def test_what_can_not_be_checked_is_not_stored(here, wrong):
    with pytest.raises(Refusal):
        add(here, Device(), **wrong)

    assert list_passkeys(here.person) == ()


def test_the_number_of_passkeys_has_a_limit(here):
    with writing() as session:
        session.add_all(
            Passkey(
                account_id=here.person.id, credential_id=bytes([n]), public_key=b"k", sign_count=0,
                name="Key", created_at=NOW,
            )
            for n in range(MOST)
        )  # fmt: skip

    with pytest.raises(Refusal, match="20 passkeys"):
        add(here, Device())


def test_one_removes_ones_own_and_nobody_elses(here, device):
    passkey_id = db.session.scalars(select(Passkey.id)).one()
    other = signed_in(put("Bea", "editor"))

    for by, unknown in ((other, passkey_id), (here, 99)):
        with pytest.raises(NotFound):
            remove_passkey(by, unknown, now=NOW)
    remove_passkey(here, passkey_id, now=NOW)

    assert list_passkeys(here.person) == ()
    assert enter(device) is None


@pytest.mark.parametrize(
    ("url", "offered"),
    [
        ("https://polls.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_a_bare_address_has_no_passkeys(url, offered):
    assert are_offered(Site(url, "")) is offered
