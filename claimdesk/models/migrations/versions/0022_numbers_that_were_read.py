"""A reading says which number it found, so that the same paper is met before anybody confirms it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

NUMBERED = sa.text("number <> ''")
NAMES = ('invoice_number', 'receipt_number', 'ticket_number')


def upgrade() -> None:
    op.add_column('reading', sa.Column('number', sa.String(24), nullable=False, server_default=''))
    op.create_index('ix_reading_number', 'reading', ['number'], sqlite_where=NUMBERED, postgresql_where=NUMBERED)
    fill(op.get_bind())


def downgrade() -> None:
    op.drop_index('ix_reading_number', 'reading')
    op.drop_column('reading', 'number')


def fill(connection: sa.Connection) -> None:
    last = 0
    while True:
        rows = connection.execute(
            sa.text('SELECT id, payload FROM reading WHERE id > :last ORDER BY id LIMIT 200'), {'last': last}
        ).all()
        if not rows:
            return
        for row_id, payload in rows:
            last = row_id
            kept = json.loads(payload) if isinstance(payload, str) else payload
            number = first_number(kept['reading']['pages'])
            if number:
                connection.execute(
                    sa.text('UPDATE reading SET number = :number WHERE id = :id'), {'number': number, 'id': row_id}
                )


def first_number(pages: list[dict[str, list[dict[str, str]]]]) -> str:
    found = (
        field['value'] for page in pages for field in page['fields'] if field['name'] in NAMES and field['value']
    )
    return str(next(found, ''))[:24]
