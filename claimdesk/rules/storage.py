"""Where the office keeps the bytes of its documents: a folder, its database, or an S3-compatible store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from claimdesk.language import N_, _
from claimdesk.vocabulary import Word, label

STORAGE_KEY = 'storage'
"""The key of the office's setting: `place`, and the `former` places in which some files may still lie."""
_BUCKET = re.compile(r'[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]')
_PREFIX = re.compile(r'([A-Za-z0-9][A-Za-z0-9_.-]*/)*')


class PlaceKind(Word):
    """What kind of place keeps the documents."""

    FOLDER = 'folder', N_("In a folder")
    DATABASE = 'database', N_("In the database")
    S3 = 's3', N_("In an S3-compatible store")


class BucketStyle(Word):
    """Where the name of the bucket stands in an address."""

    AUTO = 'auto', N_("As the address suggests")
    PATH = 'path', N_("Behind the host (MinIO, Ceph)")
    HOST = 'host', N_("Before the host (OSS, COS, AWS)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place for documents. Without a `folder`, one beside the database is meant; the secret is never part of it."""

    kind: PlaceKind
    folder: str = ''
    endpoint: str = ''
    bucket: str = ''
    prefix: str = ''
    region: str = 'us-east-1'
    style: BucketStyle = BucketStyle.AUTO
    key_id: str = ''

    @property
    def account(self) -> str:
        """Under which name a workstation keeps the secret of this place."""
        return f's3:{self.key_id}@{urlsplit(self.endpoint).netloc}/{self.bucket}'

    def same_as(self, other: Place) -> bool:
        """Whether a file that lies in the one lies in the other, whoever asks for it."""
        return (self.kind, self.folder, self.endpoint, self.bucket, self.prefix) == (
            other.kind, other.folder, other.endpoint, other.bucket, other.prefix,
        )  # fmt: skip

    def words(self) -> str:
        """The place in words."""
        if self.kind is PlaceKind.FOLDER:
            return _("In the folder {folder}").format(folder=self.folder) if self.folder else _(
                "In a folder beside the database"
            )
        if self.kind is PlaceKind.S3:
            where = f'{self.bucket}/{self.prefix}'.rstrip('/')
            return _("In the store {host}, bucket {bucket}").format(host=urlsplit(self.endpoint).netloc, bucket=where)
        return label(self.kind)

    def problems(self) -> dict[str, str]:
        """What is wrong with what was entered, by field."""
        if self.kind is PlaceKind.FOLDER:
            whole = PurePosixPath(self.folder).is_absolute() or PureWindowsPath(self.folder).is_absolute()
            if self.folder and not whole:
                return {'folder': _("Enter the whole path, the same for every desk, for example \\\\server\\claims.")}
            return {}
        return _wrong_bucket(self) if self.kind is PlaceKind.S3 else {}

    def as_json(self) -> dict[str, str]:
        """As the office's setting keeps it: only what this kind of place needs."""
        names = {
            PlaceKind.FOLDER: ('folder',),
            PlaceKind.DATABASE: (),
            PlaceKind.S3: ('endpoint', 'bucket', 'prefix', 'region', 'style', 'key_id'),
        }[self.kind]
        values = asdict(self)
        return {'kind': self.kind.value, **{name: str(values[name]) for name in names}}


def place_from(value: Mapping[str, Any]) -> Place:
    """The place that a setting names. Raises `ValueError` for a kind or style that this program does not know."""
    names = ('folder', 'endpoint', 'bucket', 'prefix', 'region', 'key_id')
    known = {name: str(value[name]) for name in names if name in value}
    return Place(PlaceKind(value['kind']), style=BucketStyle(value.get('style', 'auto')), **known)


def _wrong_bucket(place: Place) -> dict[str, str]:
    wrong = {}
    try:
        address = urlsplit(place.endpoint)
        good = address.scheme in ('http', 'https') and address.hostname and not address.username and not address.query
        _port = address.port
    except ValueError:
        good = False
    if not good:
        wrong['endpoint'] = _("An address begins with https:// (or http:// in your own network).")
    if not _BUCKET.fullmatch(place.bucket):
        wrong['bucket'] = _("A bucket has 3 to 63 small letters, digits, dots or dashes.")
    if not _PREFIX.fullmatch(place.prefix):
        wrong['prefix'] = _("Letters and digits, with / at the end, for example claims/.")
    if not place.region.strip():
        wrong['region'] = _("Enter the region; us-east-1 where the store has none.")
    if not place.key_id.strip():
        wrong['key_id'] = _("Enter the name of the key.")
    return wrong
