"""Adding an account with its password, on the command line."""

from __future__ import annotations

from datetime import datetime

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
        account = put_account(
            session, address, name=address.partition("@")[0], role=given_role, now=now
        )
        account.password_hash = hashed
        after: dict[str, object] = {"email": address, "role": given_role}
        record(session, "account.added", by=COMMAND_LINE, now=now, on=account.name, after=after)
    return address


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
