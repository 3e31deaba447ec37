"""What every table shares: naming of constraints, row ids, and the version that guards against lost edits."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from claimdesk.models.types import RowId, UtcTime

NAMES = {
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_name)s',
    'pk': 'pk_%(table_name)s',
}


class Base(DeclarativeBase):
    """The parent of every table. `audited` rows write an audit entry whenever they are flushed.

    `part_of` is the column and the table of the row that an audited row without a case of its own is a part of.
    """

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {dt.datetime: UtcTime()}
    audited: ClassVar[bool] = False
    part_of: ClassVar[tuple[str, str] | None] = None


class HasId:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)


class Editable(HasId):
    """A row that people edit: its version counts the saves, and each save is audited."""

    audited: ClassVar[bool] = True
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {'version_id_col': cls.version}
