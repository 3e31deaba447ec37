"""People's signing keys: made at the first signature, opened with the password, retired when the password changes.

The private half of an Ed25519 key is sealed with AES-GCM under a key that argon2id makes of the person's password, so
neither the office's database nor its administrator can sign for somebody. The public half stays for ever.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, SigningKey
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.passwords import attempt, count_attempt, derive_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SALT, _NONCE = 16, 12


@dataclass(frozen=True, slots=True)
class Signer:
    """An opened key: whose, and what signs with it. It lives only while one person signs."""

    key_id: int
    account_id: int
    public_key: str
    private_key: Ed25519PrivateKey

    def sign(self, statement: bytes) -> str:
        """The signature over `statement`, as 128 hexadecimal digits."""
        return self.private_key.sign(statement).hex()


def signature_holds(public_key: str, signature: str, statement: bytes) -> bool:
    """Whether `signature` was made over exactly `statement` with the private half of `public_key`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def open_key(office: OfficeContext, actor: Actor, password: str) -> Signer:
    """The person's key, opened with their password, made the first time.

    A wrong password counts as at signing in: after five the account is locked for a while.
    Raises `InvalidInput` on the field `password`, and `NotAllowed` while the account is locked.
    """
    with office.database.read() as session:
        account = session.get_one(Account, actor.id)
        made = attempt(account, password, office.now())
    with office.database.write(N_("signed")) as session:
        account = session.get_one(Account, actor.id, with_for_update=True)
        fits = account.active and count_attempt(account, made, office.now())
        kept = _live_key(session, actor.id) if fits else None
    if not fits:
        sentence = _("The password is wrong.")
        raise InvalidInput(sentence, _("Check Caps Lock and try again."), {'password': sentence})
    signer = _unsealed(kept, password) if kept is not None else None
    return signer if signer is not None else _made(office, actor, password)


def retire_keys(session: Session, account_id: int, now: dt.datetime) -> None:
    """The person's password is another one now: the old key signs no more, and still proves what it signed."""
    key = _live_key(session, account_id)
    if key is not None:
        key.retired_at = now


def _live_key(session: Session, account_id: int) -> SigningKey | None:
    return session.scalar(
        select(SigningKey).where(SigningKey.account_id == account_id, SigningKey.retired_at.is_(None))
    )


def _made(office: OfficeContext, actor: Actor, password: str) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    sealed = _sealed(private, actor.id, password)
    try:
        with office.write(actor, N_("made a signing key")) as session:
            retire_keys(session, actor.id, office.now())
            session.flush()
            row = SigningKey(
                account_id=actor.id, public_key=public, sealed_private_key=sealed, created_at=office.now()
            )
            session.add(row)
            session.flush()
            return Signer(row.id, actor.id, public, private)
    except IntegrityError:
        # The same person signs for the first time on another desk: that desk's key is the one.
        with office.database.read() as session:
            kept = _live_key(session, actor.id)
        signer = _unsealed(kept, password) if kept is not None else None
        if signer is None:
            raise
        return signer


def _sealed(private: Ed25519PrivateKey, account_id: int, password: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    cipher = AESGCM(derive_key(password, salt)).encrypt(nonce, private.private_bytes_raw(), _owner(account_id))
    return base64.b64encode(salt + nonce + cipher).decode('ascii')


def _unsealed(row: SigningKey, password: str) -> Signer | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    whole = base64.b64decode(row.sealed_private_key)
    salt, nonce, cipher = whole[:_SALT], whole[_SALT : _SALT + _NONCE], whole[_SALT + _NONCE :]
    try:
        secret = AESGCM(derive_key(password, salt)).decrypt(nonce, cipher, _owner(row.account_id))
    except InvalidTag:
        # Sealed with an older password, as after a restored backup: a new key is made.
        return None
    return Signer(row.id, row.account_id, row.public_key, Ed25519PrivateKey.from_private_bytes(secret))


def _owner(account_id: int) -> bytes:
    return f'claimdesk:{account_id}'.encode()
