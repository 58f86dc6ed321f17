"""Adding an account with its password, on the command line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE, MAX_NAME_LENGTH, parse_email, parse_role
from poll_app.domain.passwords import check_password
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account
from poll_app.services.people.password_hashes import hash_password
from poll_app.services.record import record


def add_account(email: str, *, role: str, password: str, site_name: str, now: datetime) -> str:
    """Adds somebody who can sign in at once, and returns the address they sign in with.

    Raises Refusal for an address that is none or is taken, and for a password that is no good.
    """
    address, given_role = parse_email(email), parse_role(role)
    check_password(password, about=(address, site_name))
    hashed = hash_password(password)
    with writing() as session:
        short = address.partition("@")[0]
        name = address if _is_taken(session, short, but_by=None) else short
        account = put_account(session, address, name=name, role=given_role, now=now)
        account.password_hash = hashed
        after: dict[str, object] = {"email": address, "role": given_role}
        record(session, "account.added", by=COMMAND_LINE, now=now, on=account.name, after=after)
    return address


def refuse_taken_name(session: Session, name: str, *, but_by: int | None) -> None:
    """Raises Refusal where somebody else at the desk goes by this name, `but_by` this account: the
    record tells people apart by it."""
    if _is_taken(session, name, but_by=but_by):
        raise Refusal(
            sentence("Somebody else at the desk goes by this name. Add an initial, for example."),
            field="name",
        )


def _is_taken(session: Session, name: str, *, but_by: int | None) -> bool:
    """Compared here and not by the database: SQLite folds the case of A to Z alone."""
    others = session.scalars(select(Account.name).where(Account.id != (but_by or 0)))
    return name.casefold() in {one.casefold() for one in (COMMAND_LINE.name, *others)}


def put_account(session: Session, email: str, *, name: str, role: str, now: datetime) -> Account:
    """A new account without a password. Raises Refusal when the address has one already."""
    account = Account(email=email, name=name[:MAX_NAME_LENGTH], role=role, created_at=now)
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:  # of all constraints only that of the address can fail here
        raise Refusal(
            sentence("There is an account for %(email)s already.", email=email), field="email"
        ) from error
    return account
