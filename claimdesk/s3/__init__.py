"""Objects in an S3-compatible store (MinIO, Ceph, OSS, COS, AWS), by signed requests of our own.

A `Bucket` says where they are and who asks, an `ObjectStore` puts, gets, lists and deletes them. It knows neither
documents nor the database.
"""

from claimdesk.s3.bucket import Bucket, signed
from claimdesk.s3.store import Entry, ObjectStore, is_mark_of

__all__ = ['Bucket', 'Entry', 'ObjectStore', 'is_mark_of', 'signed']
