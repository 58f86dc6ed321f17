"""Signing in: who proves to be whom, with a password and perhaps a code."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import parse_email
from poll_app.domain.refusals import Refusal
from poll_app.models import Account
from poll_app.services.people.code_apps import use_code
from poll_app.services.people.password_hashes import password_fits
from poll_app.services.people.sign_ins import start_sign_in

_MARK_BYTES = 8


@dataclass(frozen=True)
class Known:
    """Somebody whose password was right; `needs_code`: a second factor is still to come.

    `mark` stands for the password that was right: it is another one once the password is changed.
    """

    account_id: int
    mark: str = field(repr=False)
    needs_code: bool


def find_by_password(email: str, password: str) -> Known | None:
    """Who this is. None for an unknown address, a wrong password, a disabled account and one that
    has no password yet: after the same work for each, so that nobody learns which it was."""
    account = _find_account(email)
    known = stored = None
    if account is not None and account.password_hash is not None:
        stored = account.password_hash
        if account.disabled_at is None:
            known = Known(account.id, _mark(stored), account.totp_secret is not None)
    db.session.rollback()  # nothing is held while the password is being hashed
    return known if password_fits(password, stored) else None


def _find_account(email: str) -> Account | None:
    try:
        address = parse_email(email)
    except Refusal:  # the database can't even be asked for some of what people may send
        return None
    return db.session.scalar(select(Account).where(Account.email == address))


def sign_in(known: Known, *, browser: str, now: datetime) -> str | None:
    """Starts a session and returns the token that the browser has to keep. None when the account
    was disabled, its password changed or a second factor set up since."""
    with writing() as session:
        account = _find_known(session, known)
        if account is None or account.totp_secret is not None:
            return None
        return start_sign_in(session, account, browser=browser, now=now)


def sign_in_with_code(
    known: Known, code: str, *, key: str, browser: str, now: datetime
) -> str | None:
    """The same for somebody with a second factor. None also for a code that does not fit or was
    used before; a recovery code is used up. `key`: the secret key of the installation."""
    with writing() as session:
        account = _find_known(session, known)
        if account is None or not use_code(session, account, code, key=key, now=now):
            return None
        return start_sign_in(session, account, browser=browser, now=now)


def _find_known(session: Session, known: Known) -> Account | None:
    account = session.scalar(
        select(Account)
        .where(Account.id == known.account_id, Account.disabled_at.is_(None))
        .with_for_update()
    )
    unchanged = account is not None and hmac.compare_digest(
        _mark(account.password_hash or ""), known.mark
    )
    return account if unchanged else None


def _mark(stored: str) -> str:
    return hashlib.sha256(stored.encode()).hexdigest()[: 2 * _MARK_BYTES]
