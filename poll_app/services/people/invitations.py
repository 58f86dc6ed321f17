"""One-time links: an admin makes one, somebody chooses a password with it. The link stands nowhere
but where it was shown; the database holds a hash of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import (
    INVITED_FOR,
    NEW_LINK_FOR,
    Person,
    parse_email,
    parse_name,
    parse_role,
)
from poll_app.domain.passwords import check_password
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Invitation
from poll_app.services.people.accounts import put_account, refuse_taken_name
from poll_app.services.people.password_hashes import hash_password
from poll_app.services.people.sign_ins import end_sign_ins, person_of
from poll_app.services.record import record

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Invited:
    """Whom a link is for; `is_new`: they have never had a password."""

    email: str
    name: str
    is_new: bool


def invite(email: str, *, name: str, role: str, by: Person, now: datetime) -> tuple[int, str]:
    """Makes an account that waits for its password; returns its id and the token of its link.

    Raises Refusal for what is no address, name or role, and for an address or a name that is taken.
    """
    address, called, given_role = parse_email(email), parse_name(name), parse_role(role)
    with writing() as session:
        account = put_account(session, address, name=called, role=given_role, now=now)
        refuse_taken_name(session, called, but_by=account.id)
        after: dict[str, object] = {"email": address, "role": given_role}
        record(session, "account.invited", by=by, now=now, on=account.name, after=after)
        return account.id, _new_token(session, account, expires_at=now + INVITED_FOR)


def make_link(account_id: int, *, by: Person, now: datetime) -> str:
    """A new link for somebody who was invited or has forgotten the password, and returns its token;
    older ones of theirs are good no more. Raises Refusal for a disabled account."""
    with writing() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound(sentence("There is no such account."))
        if account.disabled_at is not None:
            raise Refusal(sentence("This account is disabled. Enable it first."))
        lasts = NEW_LINK_FOR if account.password_hash else INVITED_FOR
        record(session, "account.invited", by=by, now=now, on=account.name)
        return _new_token(session, account, expires_at=now + lasts)


def get_invited(token: str, *, now: datetime) -> Invited:
    """Whom this link is for. Raises NotFound when it was used, replaced, or is too old."""
    account = _account_of(db.session(), token, now)
    return Invited(account.email, account.name, account.password_hash is None)


def join(token: str, *, name: str, password: str, site_name: str, now: datetime) -> None:
    """Sets name and password, uses the link up, and ends every session there was. A second factor
    stays as it is: whoever has the link still needs it to sign in.

    Raises NotFound for a link that is good no more, Refusal for a name or a password that is none
    and for a name that is taken.
    """
    email = get_invited(token, now=now).email
    called = parse_name(name)
    check_password(password, about=(email, called, site_name))
    db.session.rollback()  # nothing is held while the password is being hashed
    hashed = hash_password(password)
    with writing() as session:
        account = _account_of(session, token, now)
        refuse_taken_name(session, called, but_by=account.id)
        is_new = account.password_hash is None
        account.name, account.password_hash = called, hashed
        session.execute(delete(Invitation).where(Invitation.account_id == account.id))
        end_sign_ins(session, account.id)
        act = "account.joined" if is_new else "account.password"
        record(session, act, by=person_of(account), now=now, on=called)


def _account_of(session: Session, token: str, now: datetime) -> Account:
    account = session.scalar(
        select(Account)
        .join(Invitation, Invitation.account_id == Account.id)
        .where(
            Invitation.token_hash == _hashed(token),
            Invitation.expires_at > now,
            Account.disabled_at.is_(None),
        )
        .with_for_update()
    )
    if account is None:
        raise NotFound(
            sentence("This link was used already, or is too old. An admin can make a new one.")
        )
    return account


def _new_token(session: Session, account: Account, *, expires_at: datetime) -> str:
    session.execute(delete(Invitation).where(Invitation.account_id == account.id))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(Invitation(token_hash=_hashed(token), account_id=account.id, expires_at=expires_at))
    return token


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
