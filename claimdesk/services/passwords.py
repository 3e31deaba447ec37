"""Passwords as argon2id hashes; imported late, for the library costs a tenth of a second."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from claimdesk.errors import NotAllowed
from claimdesk.language import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from claimdesk.models import Account

ATTEMPTS = 5
LOCKED_FOR = dt.timedelta(minutes=5)


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


def derive_key(password: str, salt: bytes) -> bytes:
    """The 32 bytes that argon2id makes of `password`, as costly to guess as the password's hash."""
    from argon2.low_level import Type, hash_secret_raw

    cost = _hasher()
    return hash_secret_raw(
        password.encode(),
        salt,
        time_cost=cost.time_cost,
        memory_cost=cost.memory_cost,
        parallelism=cost.parallelism,
        hash_len=32,
        type=Type.ID,
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of comparing a password with an account's `password_hash`; `better_hash` where that is too weak."""

    fits: bool
    password_hash: str
    better_hash: str | None = None


def attempt(account: Account, password: str, now: dt.datetime) -> Attempt:
    """Compare the password; it takes a tenth of a second, so no transaction may be open for writing.

    `count_attempt` keeps what came of it. Raises `NotAllowed` while the account is locked.
    """
    _refuse_locked(account, now)
    fits, better_hash = password_fits(account.password_hash, password)
    return Attempt(fits, account.password_hash, better_hash)


def count_attempt(account: Account, made: Attempt, now: dt.datetime) -> bool:
    """Whether the password fits; wrong ones are counted, and five lock the account for five minutes.

    The caller keeps the change to `account` whatever the answer is. Raises `NotAllowed` where attempts on other desks
    have locked the account meanwhile: however many are made at once, five are answered.
    """
    _refuse_locked(account, now)
    if not made.fits or made.password_hash != account.password_hash:
        account.failed_attempts += 1
        if account.failed_attempts >= ATTEMPTS:
            account.failed_attempts, account.locked_until = 0, now + LOCKED_FOR
        return False
    if account.failed_attempts or account.locked_until:
        account.failed_attempts, account.locked_until = 0, None
    if made.better_hash:
        account.password_hash = made.better_hash
    return True


def _refuse_locked(account: Account, now: dt.datetime) -> None:
    if account.locked_until is not None and account.locked_until > now:
        minutes = int((account.locked_until - now).total_seconds() // 60) + 1
        raise NotAllowed(
            _("This account is locked after {count} wrong passwords.").format(count=ATTEMPTS),
            _("Try again in {minutes} minutes, or ask an administrator for a new password.").format(minutes=minutes),
        )
