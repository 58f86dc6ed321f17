"""The second factor: an app that makes codes, and recovery codes for when it is lost."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.totp import (
    find_step,
    new_recovery_codes,
    plain_recovery_code,
    sealed,
    unsealed,
)
from poll_app.models import Account, RecoveryCode
from poll_app.services.people.factor_changes import factor_changed
from poll_app.services.people.sign_ins import SignedIn

_APP = "app for codes"


def set_up_app(
    by: SignedIn, secret: bytes, code: str, *, key: str, now: datetime
) -> tuple[str, ...]:
    """Asks for codes made of this secret from the next sign-in on, and returns recovery codes,
    which nobody can read again. Ends the person's other sessions.

    Raises Refusal when the code does not show that the app has the secret.
    """
    step = find_step(secret, code, now=now, after=None)
    if step is None:
        raise Refusal(
            sentence("This code does not fit. Is the clock of your telephone right?"), field="code"
        )
    with writing() as session:
        account = _account(session, by.person)
        account.totp_secret, account.totp_step = sealed(secret, key), step
        codes = _put_recovery_codes(session, account.id)
        factor_changed(session, by, now, after={"second_factor": _APP})
    return codes


def remove_app(by: SignedIn, *, now: datetime) -> None:
    """The password alone signs in again. Ends the person's other sessions."""
    with writing() as session:
        account = _account(session, by.person)
        account.totp_secret = account.totp_step = None
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
        factor_changed(session, by, now, before={"second_factor": _APP})


def renew_recovery_codes(by: SignedIn, *, now: datetime) -> tuple[str, ...]:
    """Ten new ones; those before are good no more. Raises Refusal for somebody without an app."""
    with writing() as session:
        account = _account(session, by.person)
        if account.totp_secret is None:
            raise Refusal(sentence("Recovery codes stand in for an app. Set one up first."))
        codes = _put_recovery_codes(session, account.id)
        factor_changed(session, by, now, after={"recovery_codes": len(codes)})
    return codes


def count_recovery_codes(person: Person) -> int | None:
    """How many are left; None for somebody who has no app."""
    has_app = select(Account.totp_secret.is_not(None)).where(Account.id == person.id)
    if not db.session.scalar(has_app):
        return None
    left = select(func.count()).where(RecoveryCode.account_id == person.id)
    return db.session.scalar(left) or 0


def use_code(session: Session, account: Account, code: str, *, key: str, now: datetime) -> bool:
    """Whether the code fits this account; it can't be used again. The account's row is locked."""
    if account.totp_secret is None:
        return False
    secret = unsealed(account.totp_secret, key)
    step = find_step(secret, code, now=now, after=account.totp_step)
    if step is not None:
        account.totp_step = step
        return True
    used = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.code_hash == _hashed(code))
        .returning(RecoveryCode.account_id)
    )
    return used.one_or_none() is not None


def _put_recovery_codes(session: Session, account_id: int) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(account_id=account_id, code_hash=_hashed(c)) for c in codes)
    return codes


def _account(session: Session, person: Person) -> Account:
    return session.get_one(Account, person.id, with_for_update=True)


def _hashed(code: str) -> bytes:
    """Of 80 random bits: no need for a slow hash."""
    return hashlib.sha256(plain_recovery_code(code).encode("utf-8", "replace")).digest()
