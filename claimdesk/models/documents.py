"""Paper in the file: stored files, documents and their pages, readings, invoices and their lines."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, Money, one_of
from claimdesk.vocabulary import DocumentKind, DocumentState


class StoredFile(Base):
    """A file by its content: `sha256` in hex. The bytes are beside the database or in `FileContent`."""

    __tablename__ = 'stored_file'
    __table_args__ = (CheckConstraint('size > 0', name='size_positive'),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(255), default='')
    stored_at: Mapped[dt.datetime]


class FileContent(Base):
    """The bytes of a stored file, where the office keeps its files inside the database."""

    __tablename__ = 'file_content'

    sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256', ondelete='CASCADE'), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Document(Editable, Base):
    """A document: in the inbox while `case_id` is null, then in a case.

    `fields` is what a person confirmed of a paper that is no tax invoice, by field name, and `lines` of one that is not
    kept as an invoice either, by the names of their cells; `cover` what the cover sheet
    said that lay on it when it was scanned (`services.cover_sheets` spells it).
    """

    __tablename__ = 'document'
    __table_args__ = (
        one_of('kind', DocumentKind),
        one_of('state', DocumentState),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name='confirmed_has_time'),
        Index('ix_document_state', 'case_id', 'state'),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    case_id: Mapped[int | None] = mapped_column(ForeignKey('claim_case.id'))
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind), default=DocumentKind.OTHER)
    state: Mapped[DocumentState] = mapped_column(Code(DocumentState), default=DocumentState.WAITING)
    title: Mapped[str] = mapped_column(String(200))
    checklist_code: Mapped[str] = mapped_column(String(40), default='')
    source: Mapped[str] = mapped_column(String(24), default='file')
    problem: Mapped[str] = mapped_column(String(400), default='')
    cover: Mapped[str] = mapped_column(String(120), default='', server_default='')
    fields: Mapped[Any | None] = mapped_column(JSON)
    lines: Mapped[Any | None] = mapped_column(JSON)
    added_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    added_at: Mapped[dt.datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    confirmed_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]

    pages: Mapped[list[DocumentPage]] = relationship(cascade='all, delete-orphan', order_by='DocumentPage.position')


class DocumentHold(Base):
    """Who has a document on the bench until `held_until`; it runs out by itself, so that no crash keeps a paper."""

    __tablename__ = 'document_hold'

    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey('account.id'))
    holder: Mapped[str] = mapped_column(String(60))
    held_until: Mapped[dt.datetime]


class DocumentPage(HasId, Base):
    """One page of a document: page `page_index` of a stored file, turned by `rotation` degrees clockwise."""

    __tablename__ = 'document_page'
    __table_args__ = (
        CheckConstraint('rotation IN (0, 90, 180, 270)', name='rotation_right_angled'),
        UniqueConstraint('document_id', 'position'),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256'), index=True)
    page_index: Mapped[int] = mapped_column(default=0)
    rotation: Mapped[int] = mapped_column(default=0)


class PageLook(Base):
    """What a page looks like: the bits of `ocr.look`, and its bands, by which pages that look alike are found.

    A page with nothing to compare, or one that cannot be drawn, has no bits.
    """

    __tablename__ = 'page_look'

    sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256', ondelete='CASCADE'), primary_key=True)
    page_index: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[int] = mapped_column(primary_key=True)
    bits: Mapped[bytes | None] = mapped_column(LargeBinary(24))
    band_0: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_1: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_2: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_3: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_4: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_5: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_6: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    band_7: Mapped[int | None] = mapped_column(SmallInteger, index=True)


class PhotoMeasure(Base):
    """How sharp and how bright a photo is, and which licence plates were seen on it (`rules.photos` weighs them).

    `look` is shared by copies of a photo (`ocr.photo_sight`); its bands are an index, as those of `PageLook`.
    `dark` and `bright` are percent of all pixels. `plates` is null until somebody has looked for them; each is its
    text, the reader's confidence, and its box as fractions of the photo turned clockwise by `rotation`.
    """

    __tablename__ = 'photo_measure'

    sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256', ondelete='CASCADE'), primary_key=True)
    page_index: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[int] = mapped_column(default=0)
    sharpness: Mapped[int]
    brightness: Mapped[int]
    dark: Mapped[int]
    bright: Mapped[int]
    plates: Mapped[Any | None] = mapped_column(JSON)
    look: Mapped[bytes] = mapped_column(LargeBinary(16))
    band_0: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_1: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_2: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_3: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_4: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_5: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_6: Mapped[int] = mapped_column(SmallInteger, index=True)
    band_7: Mapped[int] = mapped_column(SmallInteger, index=True)


class FindingSeen(Editable, Base):
    """A person looked at what a paper says otherwise than its case, and said why that is all right.

    `mark` is that of the finding (`rules.paper_checks`): once the paper or the case says something else, the finding is
    open again. `facts` are what its sentence was made of.
    """

    __tablename__ = 'finding_seen'
    __table_args__ = (
        UniqueConstraint('document_id', 'case_id', 'mark'),
        CheckConstraint("reason <> ''", name='seen_with_reason'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'))
    code: Mapped[str] = mapped_column(String(32))
    mark: Mapped[str] = mapped_column(String(16))
    facts: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    checked_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    checked_at: Mapped[dt.datetime]


class PieceOfPage(Base):
    """A file that was cut out of a page: of which, how that one was turned, and between which corners (in shares)."""

    __tablename__ = 'piece_of_page'

    sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256'), primary_key=True)
    from_sha256: Mapped[str] = mapped_column(ForeignKey('stored_file.sha256'), index=True)
    page_index: Mapped[int]
    rotation: Mapped[int]
    corners: Mapped[Any] = mapped_column(JSON)


NUMBERED = text("number <> ''")


class ReadingRecord(HasId, Base):
    """What the machine read from a document, as it read it; what a person confirmed is in `Invoice`.

    `number` is that of the paper as far as it was read: by it the same paper is found before anybody confirms it.
    """

    __tablename__ = 'reading'
    __table_args__ = (
        Index('ix_reading_number', 'number', sqlite_where=NUMBERED, postgresql_where=NUMBERED),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'), index=True)
    read_at: Mapped[dt.datetime]
    engine: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(24))
    payload: Mapped[Any] = mapped_column(JSON)
    number: Mapped[str] = mapped_column(String(24), default='', server_default='')


REVERSING = text("reverses <> ''")


class Invoice(Editable, Base):
    """An invoice, receipt or ticket as a person confirmed it: every paper that asks for money.

    `identity` is what tells it from all others (`services.identity` spells it); it is unique over the whole office, so
    that one paper is never paid twice. It is null where a handler kept a second copy on purpose, with
    `duplicate_reason`. `reverses` is the identity of the invoice that this one, a credit note, takes back.
    """

    __tablename__ = 'invoice'
    __table_args__ = (
        CheckConstraint("identity IS NOT NULL OR duplicate_reason <> ''", name='identity_or_reason'),
        Index('ix_invoice_number', 'number'),
        Index('ix_invoice_reverses', 'reverses', sqlite_where=REVERSING, postgresql_where=REVERSING),
        # The memory of companies: whose tax number it is, and which number a company bears.
        Index('ix_invoice_seller_tax_id', 'seller_tax_id', 'seller_name'),
        Index('ix_invoice_seller_name', 'seller_name', 'seller_tax_id'),
        Index('ix_invoice_buyer_tax_id', 'buyer_tax_id', 'buyer_name'),
        Index('ix_invoice_buyer_name', 'buyer_name', 'buyer_tax_id'),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id'), index=True)
    identity: Mapped[str | None] = mapped_column(String(48), unique=True)
    duplicate_reason: Mapped[str] = mapped_column(String(200), default='')
    code: Mapped[str] = mapped_column(String(12), default='')
    number: Mapped[str] = mapped_column(String(24))
    issue_date: Mapped[dt.date | None]
    check_code: Mapped[str] = mapped_column(String(24), default='')
    buyer_name: Mapped[str] = mapped_column(String(120), default='')
    buyer_tax_id: Mapped[str] = mapped_column(String(24), default='')
    seller_name: Mapped[str] = mapped_column(String(120), default='')
    seller_tax_id: Mapped[str] = mapped_column(String(24), default='')
    amount: Mapped[Decimal | None] = mapped_column(Money)
    tax: Mapped[Decimal | None] = mapped_column(Money)
    total: Mapped[Decimal] = mapped_column(Money)
    total_capital: Mapped[str] = mapped_column(String(80), default='')
    reverses: Mapped[str] = mapped_column(String(48), default='', server_default='')

    lines: Mapped[list[InvoiceLine]] = relationship(cascade='all, delete-orphan', order_by='InvoiceLine.position')


class InvoiceLine(HasId, Base):
    """One line of an invoice; quantity, unit price and rate as printed."""

    __tablename__ = 'invoice_line'
    __table_args__ = (UniqueConstraint('invoice_id', 'position'),)
    audited = True
    part_of = ('invoice_id', 'invoice')

    invoice_id: Mapped[int] = mapped_column(ForeignKey('invoice.id', ondelete='CASCADE'))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    specification: Mapped[str] = mapped_column(String(80), default='')
    unit: Mapped[str] = mapped_column(String(24), default='')
    quantity: Mapped[str] = mapped_column(String(24), default='')
    unit_price: Mapped[str] = mapped_column(String(32), default='')
    amount: Mapped[Decimal | None] = mapped_column(Money)
    tax_rate: Mapped[str] = mapped_column(String(16), default='')
    tax: Mapped[Decimal | None] = mapped_column(Money)
    medical_class: Mapped[str] = mapped_column(String(8), default='', server_default='')
