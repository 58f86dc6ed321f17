"""Passkeys (WebAuthn): a key that a device keeps and that signs in without a password.

The device itself asks for a finger, a face or a PIN, so a passkey is two factors in one. It is
bound to the site's host; an imitation of the sign-in page gets nothing out of it. The checks are
those of the package `webauthn`, without which nothing of this is offered.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import MAX_NAME_LENGTH, Person
from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Passkey
from poll_app.services.people.factor_changes import factor_changed
from poll_app.services.people.sign_ins import SignedIn, start_sign_in

CHALLENGE_FOR = timedelta(minutes=30)
MOST = 20


@dataclass(frozen=True)
class Site:
    """Where passkeys are good: the address that people see, and the name of the site."""

    url: str
    name: str

    @property
    def host(self) -> str:
        """The host alone."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class Challenge:
    """What a device has to sign, and when it was made."""

    text: bytes
    made_at: datetime


@dataclass(frozen=True)
class KnownPasskey:
    """A passkey in the list of its owner."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def are_offered(site: Site) -> bool:
    """Whether this installation has passkeys: the package, and a name, since a bare address of the
    internet can't have any."""
    try:
        ipaddress.ip_address(site.host)
    except ValueError:
        return find_spec("webauthn") is not None
    return False


def new_challenge(now: datetime) -> Challenge:
    """Something that was never signed before."""
    return Challenge(secrets.token_bytes(32), now)


def list_passkeys(person: Person) -> tuple[KnownPasskey, ...]:
    """Somebody's passkeys, the oldest first."""
    found = db.session.scalars(
        select(Passkey).where(Passkey.account_id == person.id).order_by(Passkey.id)
    )
    return tuple(KnownPasskey(p.id, p.name, p.created_at, p.used_at) for p in found)


def registration_options(person: Person, site: Site, challenge: Challenge) -> str:
    """What a browser needs to make a passkey, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    known = db.session.scalars(
        select(Passkey.credential_id).where(Passkey.account_id == person.id)
    ).all()
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.name, challenge=challenge.text,
        user_id=str(person.id).encode(), user_name=person.email, user_display_name=person.name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=held) for held in known],
    )  # fmt: skip
    return webauthn.options_to_json(options)


def sign_in_options(site: Site, challenge: Challenge) -> str:
    """What a browser needs to sign in with a passkey, as JSON; it finds out by itself which."""
    import webauthn
    from webauthn.helpers import structs

    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host, challenge=challenge.text,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )  # fmt: skip


def add_passkey(
    by: SignedIn, name: str, credential: str, *, site: Site, challenge: Challenge, now: datetime
) -> None:
    """Stores a passkey that a browser has made. Ends the person's other sessions.

    Raises Refusal.
    """
    import webauthn

    called = clean_text(name, limit=MAX_NAME_LENGTH, field="passkey_name")
    _refuse_if_old(challenge, now)
    try:
        made = webauthn.verify_registration_response(
            credential=credential, expected_challenge=challenge.text, expected_rp_id=site.host,
            expected_origin=site.url, require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # whatever the library says of what a stranger may send
        raise Refusal(sentence("This passkey could not be checked. Try again.")) from error
    with writing() as session:
        _refuse_if_many(session, by.person)
        session.add(
            Passkey(
                account_id=by.person.id, credential_id=made.credential_id, name=called,
                public_key=made.credential_public_key, sign_count=made.sign_count, created_at=now,
            )
        )  # fmt: skip
        try:
            session.flush()
        except IntegrityError as error:
            raise Refusal(sentence("This passkey is stored already.")) from error
        factor_changed(session, by, now, after={"passkey": called})


def remove_passkey(by: SignedIn, passkey_id: int, *, now: datetime) -> None:
    """Takes a passkey away. Ends the person's other sessions. Raises NotFound for any other's."""
    with writing() as session:
        name = session.execute(
            delete(Passkey)
            .where(Passkey.id == passkey_id, Passkey.account_id == by.person.id)
            .returning(Passkey.name)
        ).scalar_one_or_none()
        if name is None:
            raise NotFound(sentence("There is no such passkey."))
        factor_changed(session, by, now, before={"passkey": name})


def sign_in_with_passkey(
    credential: str, *, site: Site, challenge: Challenge, browser: str, now: datetime
) -> tuple[str, str] | None:
    """Starts a session; the token that the browser has to keep, and the person's address. None for
    what is not a passkey of somebody here who may sign in, a copy of one included.

    A copied key gives itself away by a count that does not grow. A challenge is good once: not when
    the passkey was used after it was made.
    """
    import webauthn
    from webauthn.helpers import parse_authentication_credential_json

    try:
        sent = parse_authentication_credential_json(credential)
    except Exception:  # noqa: BLE001 - whatever the library says of what a stranger may send
        return None
    if now - challenge.made_at > CHALLENGE_FOR:
        return None
    with writing() as session:
        row = _find(session, sent.raw_id)
        if row is None or (row[0].used_at and row[0].used_at >= challenge.made_at):
            return None
        passkey, account = row
        try:
            checked = webauthn.verify_authentication_response(
                credential=sent, expected_challenge=challenge.text, expected_rp_id=site.host,
                expected_origin=site.url, credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count, require_user_verification=True,
            )  # fmt: skip
        except Exception:  # noqa: BLE001 - the same
            return None
        passkey.sign_count, passkey.used_at = checked.new_sign_count, now
        return start_sign_in(session, account, browser=browser, now=now), account.email


def _find(session: Session, credential_id: bytes) -> tuple[Passkey, Account] | None:
    row = session.execute(
        select(Passkey, Account)
        .join(Account, Account.id == Passkey.account_id)
        .where(
            Passkey.credential_id == credential_id,
            Account.disabled_at.is_(None),
            Account.password_hash.is_not(None),
        )
        .with_for_update()
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _refuse_if_old(challenge: Challenge, now: datetime) -> None:
    if now - challenge.made_at > CHALLENGE_FOR:
        raise Refusal(sentence("This page was open for too long. Try again."))


def _refuse_if_many(session: Session, person: Person) -> None:
    held = session.scalars(select(Passkey.id).where(Passkey.account_id == person.id)).all()
    if len(held) >= MOST:
        raise Refusal(sentence("You have %(most)s passkeys. Remove one first.", most=MOST))
