"""Hashing of passwords: of accounts, and of protected articles."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """An argon2id hash. Takes tens of milliseconds on purpose: call it before a transaction begins."""
    return _hasher.hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """Whether `password` made `password_hash`; False, too, for a hash that is none."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)
