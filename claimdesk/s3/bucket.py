"""A bucket, the key to it, and the signature that proves who asks."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_HOST_STYLE = ('.aliyuncs.com', '.amazonaws.com', '.myqcloud.com', '.myhuaweicloud.com')
"""Who wants the name of the bucket before the host."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the objects are and who asks for them. `style` says where its name goes: 'path', 'host', or 'auto'."""

    endpoint: str
    bucket: str
    key_id: str
    secret: str = field(repr=False)
    region: str = 'us-east-1'
    style: str = 'auto'

    @property
    def host(self) -> str:
        """The server's host with its port, as a handler knows it."""
        return urlsplit(self.endpoint).netloc

    def place(self, name: str = '') -> tuple[str, str, str]:
        """Scheme, host and path of an object, or of the bucket itself."""
        address = urlsplit(self.endpoint)
        path = quote(name, safe='/-_.~')
        by_host = self.style == 'host' or (self.style == 'auto' and (address.hostname or '').endswith(_HOST_STYLE))
        if by_host:
            return address.scheme, f'{self.bucket}.{address.netloc}', f'/{path}'
        within = f'/{self.bucket}/{path}' if name else f'/{self.bucket}'
        return address.scheme, address.netloc, address.path.rstrip('/') + within


def signed(
    bucket: Bucket,
    method: str,
    host: str,
    path: str,
    query: Mapping[str, str],
    body: bytes,
    headers: Mapping[str, str],
    now: dt.datetime,
) -> dict[str, str]:
    """`headers` with those that prove who asks (AWS signature, version 4). The secret is not among them."""
    stamp = now.strftime('%Y%m%dT%H%M%SZ')
    digest = hashlib.sha256(body).hexdigest()
    full = {**headers, 'host': host, 'x-amz-content-sha256': digest, 'x-amz-date': stamp}
    names = sorted(full)
    canonical = '\n'.join((
        method, path or '/', query_text(query), *(f'{name}:{full[name].strip()}' for name in names), '',
        ';'.join(names), digest,
    ))  # fmt: skip
    scope = f'{stamp[:8]}/{bucket.region}/s3/aws4_request'
    wanted = '\n'.join(('AWS4-HMAC-SHA256', stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = f'AWS4{bucket.secret}'.encode()
    for step in (stamp[:8], bucket.region, 's3', 'aws4_request'):
        key = hmac.digest(key, step.encode(), 'sha256')
    signature = hmac.digest(key, wanted.encode(), 'sha256').hex()
    proof = f'AWS4-HMAC-SHA256 Credential={bucket.key_id}/{scope},SignedHeaders={";".join(names)},Signature={signature}'
    return {**full, 'authorization': proof}


def query_text(query: Mapping[str, str]) -> str:
    """`query` as it stands in an address, by name, which is also how it is signed."""
    return '&'.join(f'{quote(name, safe="-_.~")}={quote(value, safe="-_.~")}' for name, value in sorted(query.items()))
