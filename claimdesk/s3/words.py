"""What an S3-compatible store says, in a handler's words: its lists, its marks, and why it refuses."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, ParseError

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.s3.bucket import Bucket

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Passing(Unavailable):
    """It may well work the next time."""


def silent(bucket: Bucket) -> Passing:
    """No answer came."""
    return Passing(
        _("The document store at {host} does not answer.").format(host=bucket.host),
        _("Check the network and the address in the settings, then try again. Nothing was lost."),
    )


def unreachable(error: Exception, bucket: Bucket) -> Unavailable:
    """Why the request did not get through, from what the library says."""
    reasons = f'{type(error).__name__} {error} {error.__cause__ or ""}'
    if 'CERTIFICATE_VERIFY_FAILED' in reasons:
        return Unavailable(
            _("The certificate of the document store at {host} is not trusted by this computer.").format(
                host=bucket.host
            ),
            _("Let the administrator install the certificate of the office's own authority on this computer."),
        )
    if 'SSLError' in reasons and 'WRONG_VERSION_NUMBER' in reasons:
        return Unavailable(
            _("The document store at {host} does not speak https.").format(host=bucket.host),
            _("Let the address begin with http:// if the store is in your own network, or switch https on there."),
        )
    if any(word in reasons for word in ('IncompleteRead', 'ProtocolError', 'InvalidChunkLength')):
        return Passing(
            _("The document store at {host} broke off in the middle.").format(host=bucket.host),
            _("Try again; if it happens again, tell whoever runs the store. Nothing was lost."),
        )
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError):
        return Unavailable(
            _("What the server at {host} answers makes no sense.").format(host=bucket.host),
            _("Check the address of the document store in the settings: it is not the address of its web page."),
        )
    return silent(bucket)


def refused(status: int, body: bytes, headers: Mapping[str, str], bucket: Bucket) -> Unavailable:
    """Why the store did not do what was asked, from its status and its answer."""
    root = _parsed(body)
    code = _inside(root, 'Code') if root is not None else ''
    code = code or {301: 'PermanentRedirect', 403: 'AccessDenied', 404: 'NoSuchBucket'}.get(status, '')
    names = {'host': bucket.host, 'bucket': bucket.bucket, 'key': bucket.key_id, 'status': status, 'code': code}
    region = headers.get('x-amz-bucket-region') or _inside(root, 'Region')
    told = _told(code, region)
    if told is None and status >= 500:
        told = _("The document store at {host} is overloaded or out of order ({status} {code})."), _(
            "Try again later; if it stays so, tell whoever runs the store. Nothing was lost."
        )
    sentence, advice = told or (
        _("The document store at {host} refuses ({status} {code})."),
        _("Tell whoever runs the store what it said."),
    )
    return Unavailable(sentence.format(**names), advice.format(**names, region=region))


def _told(code: str, region: str) -> tuple[str, str] | None:
    if code in ('InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSecurity'):
        return _("The document store at {host} does not accept the key {key}."), _(
            "Enter key and secret again in the settings."
        )
    if code == 'AccessDenied':
        return _("The key {key} may not do this in the bucket {bucket}."), _(
            "Whoever runs the store must allow it to list, read, write and delete there."
        )
    if code == 'NoSuchBucket':
        return _("There is no bucket {bucket} at {host}."), _("Create it, or correct its name in the settings.")
    if code == 'RequestTimeTooSkewed':
        return _("The clock of this computer and that of the document store at {host} differ too much."), _(
            "Set the clock of this computer right."
        )
    if code in ('PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraint'):
        advice = _("Enter the region {region} in the settings.") if region else _("Correct region and address.")
        return _("The bucket {bucket} is in another region or at another address."), advice
    if code in ('QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage', 'EntityTooLarge'):
        return _("The document store at {host} is full."), _("Whoever runs the store must make room in it.")
    return None


def no_bucket(body: bytes) -> bool:
    """Whether it is the bucket that is missing, not an object in it."""
    return b'NoSuchBucket' in body


def listed(body: bytes, bucket: Bucket) -> tuple[list[tuple[str, int, dt.datetime]], str]:
    """Name, size and date of each object on one page of a list, and where the next page begins ('' for no more)."""
    root = _parsed(body)
    if root is None or not root.tag.endswith('ListBucketResult'):
        raise unreachable(ValueError('no list'), bucket)
    entries = [
        (_inside(one, 'Key'), int(_inside(one, 'Size') or 0), _iso_date(_inside(one, 'LastModified')))
        for one in _all(root, 'Contents')
    ]
    more = _inside(root, 'IsTruncated').lower() == 'true'
    return entries, _inside(root, 'NextContinuationToken') if more else ''


def text_of(body: bytes, tag: str, bucket: Bucket) -> str:
    """What stands in `tag`. Raises `Unavailable` where it is not there."""
    found = _inside(_parsed(body), tag)
    if not found:
        raise unreachable(ValueError(tag), bucket)
    return found


def completed(marks: Sequence[str]) -> bytes:
    """The message that these parts, in this order, are the object."""
    parts = ''.join(
        f'<Part><PartNumber>{number}</PartNumber><ETag>{mark.replace("&", "&amp;").replace("<", "&lt;")}</ETag></Part>'
        for number, mark in enumerate(marks, 1)
    )
    return f'<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>'.encode()


def http_date(text: str) -> dt.datetime:
    """The moment that a header names; long ago where it names none."""
    try:
        return email.utils.parsedate_to_datetime(text).astimezone(dt.UTC)
    except ValueError:
        return LONG_AGO


def _iso_date(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except ValueError:
        return LONG_AGO


def _parsed(body: bytes) -> Element | None:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root


def _all(root: Element, tag: str) -> Iterator[Element]:
    return (one for one in root.iter() if one.tag.rpartition('}')[2] == tag)


def _inside(root: Element | None, tag: str) -> str:
    found = next(_all(root, tag), None) if root is not None else None
    return (found.text or '').strip() if found is not None else ''
