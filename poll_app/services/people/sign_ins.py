"""Where somebody is signed in: started, found, listed, ended. The browser holds a random token,
the database its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.models import Account, SignIn

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


def start_sign_in(session: Session, account: Account, *, browser: str, now: datetime) -> str:
    """Signs the account in at a browser and returns the token that this browser has to keep.

    Sign-ins that are over, whoever's they were, go at this occasion.
    """
    over = or_(SignIn.created_at <= now - LONGEST, SignIn.seen_at <= now - IDLE)
    session.execute(delete(SignIn).where(over))
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
            SignIn.created_at > now - LONGEST,
            SignIn.seen_at > now - IDLE,
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


def end_sign_in(sign_in_id: int) -> None:
    """Signs out at one browser."""
    with writing() as session:
        session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def person_of(account: Account) -> Person:
    """The account as the rules know it."""
    return Person(account.id, account.name, account.email, account.role)  # type: ignore[arg-type]


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
