"""People with an account, how they sign in, and what they did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from poll_app.database import Base, UTCDateTime
from poll_app.domain.accounts import MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, ROLES
from poll_app.models.columns import one_of

HASH_BYTES = 32


class Account(Base):
    """A person of the newsroom. Without a `password_hash` the invitation waits to be accepted;
    `totp_step`: the last time step of a second factor that was accepted, which can't be used again.
    """

    __tablename__ = "accounts"
    __table_args__ = (one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    totp_step: Mapped[int | None]


class Invitation(Base):
    """A one-time link that lets somebody choose a password; kept as a hash, gone once used."""

    __tablename__ = "invitations"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignIn(Base):
    """A browser that is signed in; `confirmed_at`: when it last proved who it is."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    browser: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code that stands in for the second factor once; gone once used."""

    __tablename__ = "recovery_codes"
    __table_args__ = (PrimaryKeyConstraint("account_id", "code_hash"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))


class Passkey(Base):
    """A key of a device that signs in without a password (WebAuthn)."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Act(Base):
    """One line of the record: who did what to what, when, with what stood there before and after.

    The database refuses to change or delete a line (a trigger, made by the migration). The name of
    the person and of the thing stand here as they were; the record outlives a deleted draft.
    `public`: it touches a result, so readers see it too, without the name of the person;
    `reason_id`: the reader's reason that was decided about, whose words never stand here.
    """

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    act: Mapped[str] = mapped_column(String(40))
    article_id: Mapped[int | None] = mapped_column(index=True)
    poll_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, object]] = mapped_column(JSON)
    after: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool]
    reason_id: Mapped[int | None] = mapped_column(index=True)
