"""Where somebody is signed in: started, found, listed, ended. The browser holds a random token,
the database its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, not_, select, update
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.models import Account, SignIn
from poll_app.services.record import record

IDLE = timedelta(hours=2)  # long enough for a text that is being written
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """Somebody at a browser; `confirmed_at`: when they last proved who they are."""

    id: int
    person: Person
    confirmed_at: datetime


@dataclass(frozen=True)
class OpenSignIn:
    """A browser where somebody is signed in, since when, and when it was last used."""

    id: int
    browser: str
    created_at: datetime
    seen_at: datetime


def start_sign_in(session: Session, account: Account, *, browser: str, now: datetime) -> str:
    """Signs the account in at a browser and returns the token that this browser has to keep.

    Sign-ins that are over, whoever's they were, go at this occasion.
    """
    session.execute(delete(SignIn).where(not_(_still_open(now))))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        SignIn(
            token_hash=_hashed(token), account_id=account.id, browser=browser,
            created_at=now, seen_at=now, confirmed_at=now,
        )
    )  # fmt: skip
    return token


def find_signed_in(token: str, *, now: datetime) -> SignedIn | None:
    """Who holds this token; None when it is unknown, was ended, is too old or was idle too long,
    or when the account is disabled."""
    row = db.session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.token_hash == _hashed(token),
            _still_open(now),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    sign_in, account = row
    found = SignedIn(sign_in.id, person_of(account), sign_in.confirmed_at)
    if sign_in.seen_at < now - _SEEN_EVERY:
        with writing() as session:
            session.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now))
    return found


def list_sign_ins(account_id: int, *, now: datetime) -> tuple[OpenSignIn, ...]:
    """Where somebody is signed in, the latest use first."""
    found = db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, _still_open(now))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return tuple(OpenSignIn(row.id, row.browser, row.created_at, row.seen_at) for row in found)


def confirm_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """Keeps that whoever sits there has proved again who they are."""
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(confirmed_at=now))


def end_sign_in(sign_in_id: int) -> None:
    """Signs out at the browser that asks for it."""
    with writing() as session:
        session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def end_own_sign_in(person: Person, sign_in_id: int, *, now: datetime) -> None:
    """Signs out at another browser of the same person. Raises NotFound for anybody else's."""
    with writing() as session:
        ended = session.execute(
            delete(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.account_id == person.id)
            .returning(SignIn.browser)
        ).one_or_none()
        if ended is None:
            raise NotFound(sentence("There is no such session."))
        record(session, "account.signed_out", by=person, now=now, on=person.name)


def end_other_sign_ins(person: Person, *, keep: int, now: datetime) -> None:
    """Signs out everywhere but here."""
    with writing() as session:
        end_sign_ins(session, person.id, keep=keep)
        record(session, "account.signed_out", by=person, now=now, on=person.name)


def end_sign_ins(session: Session, account_id: int | None, *, keep: int | None = None) -> None:
    """Signs an account out everywhere, or everywhere but here."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.id != (keep or 0)))


def _still_open(now: datetime) -> ColumnElement[bool]:
    return and_(SignIn.created_at > now - LONGEST, SignIn.seen_at > now - IDLE)


def person_of(account: Account) -> Person:
    """The account as the rules know it."""
    return Person(account.id, account.name, account.email, account.role)  # type: ignore[arg-type]


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
