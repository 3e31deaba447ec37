"""Passwords as argon2id hashes; imported late, for the library costs a tenth of a second."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash of `password`, with its salt and parameters."""
    return _hasher().hash(password)


def password_fits(password_hash: str, password: str) -> tuple[bool, str | None]:
    """Whether `password` belongs to the hash, and a fresh hash where the parameters have become too weak."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False, None
    return True, hash_password(password) if _hasher().check_needs_rehash(password_hash) else None


@cache
def _nobodys_hash() -> str:
    return hash_password('nobody')


def waste_time_like_a_check(password: str) -> None:
    """Take as long as a real check, so that the answer's time does not betray which logins exist."""
    password_fits(_nobodys_hash(), password)
