"""What somebody changes about their own account, and how they prove again that it is they."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import Person, parse_name
from poll_app.domain.passwords import MAX_LENGTH, check_password
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Invitation
from poll_app.services.people.accounts import refuse_taken_name
from poll_app.services.people.password_hashes import hash_password, password_fits
from poll_app.services.people.sign_ins import SignedIn, confirm_sign_in, end_sign_ins
from poll_app.services.record import record


def rename(person: Person, name: str, *, now: datetime) -> None:
    """Changes the name that a person goes by; the record keeps the old ones. Raises Refusal."""
    called = parse_name(name)
    with writing() as session:
        refuse_taken_name(session, called, but_by=person.id)
        account = session.get_one(Account, person.id)
        before, account.name = account.name, called
        if before != called:
            record(
                session, "account.renamed", by=person, now=now, on=called,
                before={"name": before}, after={"name": called},
            )  # fmt: skip


def change_password(by: SignedIn, current: str, new: str, *, site_name: str, now: datetime) -> None:
    """Sets another password; ends the person's other sessions and makes links of theirs useless.

    Raises Refusal for a wrong current one and for a new one that is no good.
    """
    check_current_password(by.person, current, field="current_password")
    check_password(new, about=(by.person.email, by.person.name, site_name))
    hashed = hash_password(new)
    with writing() as session:
        account = session.get_one(Account, by.person.id)
        account.password_hash = hashed
        session.query(Invitation).filter_by(account_id=account.id).delete()
        end_sign_ins(session, account.id, keep=by.id)
        record(session, "account.password", by=by.person, now=now, on=account.name)


def confirm(by: SignedIn, password: str, *, now: datetime) -> None:
    """Keeps that whoever sits there has just proved who they are. Raises Refusal."""
    check_current_password(by.person, password, field="confirm_password")
    confirm_sign_in(by.id, now=now)


def check_current_password(person: Person, password: str, *, field: str) -> None:
    """Raises Refusal unless this is the person's password."""
    stored = db.session.scalar(select(Account.password_hash).where(Account.id == person.id))
    db.session.rollback()  # nothing is held while the password is being hashed
    if len(password) > MAX_LENGTH or not password_fits(password, stored):
        raise Refusal(sentence("This is not your password."), field=field)
