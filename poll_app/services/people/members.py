"""The people of the newsroom as an admin sees and changes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.accounts import (
    Person,
    parse_role,
    refuse_change_of_own,
    refuse_without_admin,
)
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Invitation, Passkey, RecoveryCode
from poll_app.services.people.sign_ins import end_sign_ins
from poll_app.services.record import record

State = Literal["active", "invited", "disabled"]


@dataclass(frozen=True)
class Member:
    """Somebody with an account. `link_until`: until when a link of theirs can be used;
    `second_factor`: whether there is one besides the password."""

    id: int
    name: str
    email: str
    role: str
    state: State
    created_at: datetime
    link_until: datetime | None
    second_factor: bool


def list_members(*, now: datetime) -> tuple[Member, ...]:
    """Everybody, by name; those who are disabled last."""
    members = [_member(*row) for row in db.session.execute(_rows(now))]
    return tuple(sorted(members, key=lambda m: (m.state == "disabled", m.name.casefold(), m.id)))


def get_member(account_id: int, *, now: datetime) -> Member:
    """One of them. Raises NotFound."""
    row = db.session.execute(_rows(now).where(Account.id == account_id)).one_or_none()
    if row is None:
        raise _nobody()
    return _member(*row)


def change_role(account_id: int, role: str, *, by: Person, now: datetime) -> None:
    """Gives somebody another role and signs them out everywhere. Raises Refusal."""
    new_role = parse_role(role)
    refuse_change_of_own(by, account_id)
    with _changing(account_id) as (session, account):
        if new_role == account.role:
            raise Refusal(sentence("This is their role already."), field="role")
        if account.role == "admin":
            _refuse_without_admin(session, account)
        before, account.role = account.role, new_role
        end_sign_ins(session, account_id)
        record(
            session, "account.role", by=by, now=now, on=account.name,
            before={"role": before}, after={"role": new_role},
        )  # fmt: skip


def disable(account_id: int, *, by: Person, now: datetime) -> None:
    """Keeps somebody out, at once and until somebody enables the account. Raises Refusal."""
    refuse_change_of_own(by, account_id)
    with _changing(account_id) as (session, account):
        if account.disabled_at is not None:
            raise Refusal(sentence("This account is disabled already."))
        if account.role == "admin":
            _refuse_without_admin(session, account)
        account.disabled_at = now
        end_sign_ins(session, account_id)
        session.execute(delete(Invitation).where(Invitation.account_id == account_id))
        record(session, "account.disabled", by=by, now=now, on=account.name)


def enable(account_id: int, *, by: Person, now: datetime) -> None:
    """Lets somebody in again, with the password they had. Raises Refusal."""
    with _changing(account_id) as (session, account):
        if account.disabled_at is None:
            raise Refusal(sentence("This account is not disabled."))
        account.disabled_at = None
        record(session, "account.enabled", by=by, now=now, on=account.name)


def end_sessions(account_id: int, *, by: Person, now: datetime) -> None:
    """Signs somebody out everywhere. Raises NotFound."""
    with _changing(account_id) as (session, account):
        end_sign_ins(session, account_id)
        record(session, "account.signed_out", by=by, now=now, on=account.name)


def remove_factors(account_id: int, *, by: Person, now: datetime) -> None:
    """For somebody who has lost the telephone and the recovery codes: the password alone signs in
    again; passkeys go too. Signs them out everywhere. Raises Refusal."""
    refuse_change_of_own(by, account_id)
    with _changing(account_id) as (session, account):
        account.totp_secret = account.totp_step = None
        for table in (RecoveryCode, Passkey):
            session.execute(delete(table).where(table.account_id == account_id))
        end_sign_ins(session, account_id)
        after: dict[str, object] = {"second_factor": "removed by an admin"}
        record(session, "account.factor", by=by, now=now, on=account.name, after=after)


@contextmanager
def _changing(account_id: int) -> Iterator[tuple[Session, Account]]:
    with writing() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise _nobody()
        yield session, account


def _refuse_without_admin(session: Session, account: Account) -> None:
    """The rows are locked: two admins who disable each other at one moment can't both succeed."""
    admins = session.scalars(
        select(Account.id)
        .where(
            Account.role == "admin",
            Account.disabled_at.is_(None),
            Account.password_hash.is_not(None),
        )
        .order_by(Account.id)
        .with_for_update()
    ).all()
    refuse_without_admin(len(set(admins) - {account.id}))


def _rows(now: datetime):  # type: ignore[no-untyped-def] # noqa: ANN202 - the type is a page long
    link_until = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.account_id == Account.id, Invitation.expires_at > now)
        .scalar_subquery()
    )
    has_passkey = exists().where(Passkey.account_id == Account.id)
    return select(Account, link_until, has_passkey)


def _member(account: Account, link_until: datetime | None, has_passkey: bool) -> Member:
    state: State = "active" if account.password_hash else "invited"
    return Member(
        account.id, account.name, account.email, account.role,
        "disabled" if account.disabled_at else state,
        account.created_at, link_until,
        second_factor=has_passkey or account.totp_secret is not None,
    )  # fmt: skip


def _nobody() -> NotFound:
    return NotFound(sentence("There is no such account."))
