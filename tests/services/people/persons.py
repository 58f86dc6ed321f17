"""People with an account, in the services' own application context."""

from datetime import UTC, datetime

from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.models import Account, Act, SignIn
from poll_app.services.people.sign_ins import SignedIn, find_signed_in, person_of, start_sign_in
from tests.desk_client import CHEAP_HASH

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
KEY = "the secret key of an installation"
SITE_NAME = "Reader polls"


def put(name="Ada", role="admin", **facts) -> Person:
    """Somebody whose password is PASSWORD."""
    with writing() as session:
        account = Account(
            email=f"{name.lower()}@paper.example", name=name, role=role, created_at=NOW,
            **{"password_hash": CHEAP_HASH, **facts},
        )  # fmt: skip
        session.add(account)
        session.flush()
        return person_of(account)


def signed_in(person, *, now=NOW, browser="Firefox, Linux") -> SignedIn:
    """The same, sitting at a browser."""
    return find_signed_in(token_for(person, now=now, browser=browser), now=now)


def token_for(person, *, now=NOW, browser="Firefox, Linux") -> str:
    with writing() as session:
        return start_sign_in(session, session.get(Account, person.id), browser=browser, now=now)


def open_sessions() -> list[tuple[int, str]]:
    """Who is signed in where."""
    db.session.rollback()
    return [
        tuple(row)
        for row in db.session.execute(select(SignIn.account_id, SignIn.browser).order_by(SignIn.id))
    ]


def acts() -> list[tuple]:
    """The record: act, who, on what, before, after."""
    db.session.rollback()
    return [
        (act.act, act.who, act.subject, act.before, act.after)
        for act in db.session.scalars(select(Act).order_by(Act.id))
    ]


def account(person) -> Account:
    """What is stored of somebody now."""
    db.session.rollback()
    return db.session.get(Account, person.id)
