"""Where staff are signed in, and what they sign in with besides a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import Json, UTCDateTime


class StaffSession(Model):
    """A browser in which somebody is signed in. The cookie's own number is kept as a keyed hash alone."""

    __tablename__ = "staff_session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(String(200), default="")
    """What the browser says it is, for its owner to know it again."""
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """To a few minutes."""


class SecondFactor(Model):
    """A secret that an authenticator shares (TOTP), and the codes for the day when it is lost."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    """Base 32."""
    codes: Mapped[list[str]] = mapped_column(Json, default=list)
    """Keyed hashes of the recovery codes that are left."""
    used_at_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The half minute whose code was used last: none is good twice."""
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class Passkey(Model):
    """A key pair that an authenticator keeps for an account (WebAuthn): here is its public half."""

    __tablename__ = "passkey"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    """As its owner calls it."""
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    """The number that the authenticator gave it, in base 64 for addresses, as `public_key` and `handle` are."""
    public_key: Mapped[str] = mapped_column(Text)
    handle: Mapped[str] = mapped_column(String(64))
    """What the authenticator knows the account by: drawn by lot, the same for all passkeys of the account."""
    transports: Mapped[list[str]] = mapped_column(Json, default=list)
    """How a browser may reach it, as the browser said."""
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """What its counter stood at; it only goes up, or is always 0."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
