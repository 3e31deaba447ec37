"""What stands on each page is kept and indexed, so that papers are found by their words."""

from __future__ import annotations

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
LONGEST = 20_000
WORDLIKE = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}


def upgrade() -> None:
    op.create_table(
        'page_text',
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('rotation', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(24), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('rows', sa.JSON(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ['sha256'], ['stored_file.sha256'], name='fk_page_text_sha256', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_page_text'),
        sa.UniqueConstraint('sha256', 'page_index', name='uq_page_text_sha256_page_index'),
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.create_table(
            'page_search',
            sa.Column('page_id', sa.BigInteger(), nullable=False, autoincrement=False),
            sa.Column('pieces', sa.ARRAY(sa.Integer()), nullable=False),
            sa.PrimaryKeyConstraint('page_id', name='pk_page_search'),
            sa.ForeignKeyConstraint(['page_id'], ['page_text.id'], name='fk_page_search_page_id', ondelete='CASCADE'),
        )
        op.execute('CREATE INDEX ix_page_search_pieces ON page_search USING gin (pieces) WITH (fastupdate = off)')
    else:
        op.execute(
            'CREATE VIRTUAL TABLE page_search USING fts5'
            "(pieces, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
    fill_from_readings(op.get_bind())


def downgrade() -> None:
    op.drop_table('page_search')
    op.drop_table('page_text')


def fill_from_readings(connection: sa.Connection) -> None:
    """What was read before: the newest text of each page, without the places of its words."""
    known = set()
    last = connection.execute(sa.text('SELECT max(id) FROM reading')).scalar()
    while last:
        rows = connection.execute(
            sa.text('SELECT id, payload FROM reading WHERE id <= :last ORDER BY id DESC LIMIT 200'), {'last': last}
        ).all()
        last = rows[-1][0] - 1 if rows else None
        for _number, payload in rows:
            kept = json.loads(payload) if isinstance(payload, str) else payload
            for page in kept['reading']['pages']:
                place = page['page'] - 1
                if not page.get('text') or not 0 <= place < len(kept['pages']):
                    continue
                sha256, index, rotation = kept['pages'][place]
                if (sha256, index) in known:
                    continue
                known.add((sha256, index))
                keep(connection, sha256, index, rotation, page['text'][:LONGEST].split('\n'))


def keep(connection: sa.Connection, sha256: str, index: int, rotation: int, lines: list[str]) -> None:
    text = '\n'.join(line for row in lines if (line := folded(row)))[:LONGEST]
    table = sa.table(
        'page_text', *map(sa.column, ('id', 'sha256', 'page_index', 'rotation', 'source', 'text')), sa.column('rows', sa.JSON)
    )
    row_id = connection.execute(
        sa.insert(table).returning(table.c.id),
        {
            'sha256': sha256, 'page_index': index, 'rotation': rotation, 'source': '', 'text': text,
            'rows': [[[row]] for row in lines if row.strip()],
        },
    ).scalar_one()  # fmt: skip
    found = {group for line in text.split('\n') for group in groups(line)}
    if connection.dialect.name == 'postgresql':
        connection.execute(
            sa.text('INSERT INTO page_search(page_id, pieces) VALUES (:id, :pieces)'),
            {'id': row_id, 'pieces': [number(group) for group in found]},
        )
    else:
        words = ' '.join(group.translate(WORDLIKE) for group in sorted(found))
        connection.exec_driver_sql('INSERT INTO page_search(rowid, pieces) VALUES (?, ?)', (row_id, words))


def folded(words: str) -> str:
    return ''.join(unicodedata.normalize('NFKC', words).lower().split())


def groups(line: str) -> set[str]:
    found = set()
    for place in range(len(line) - 1):
        pair = line[place : place + 2]
        if not set(pair) <= set('0123456789'):
            found.add(pair)
        elif line[place + 2 : place + 3] in '0123456789' and place + 2 < len(line):
            found.add(line[place : place + 3])
    return found


def number(group: str) -> int:
    value = 0
    for char in group:
        value = ((value << 16) ^ (value >> 16) ^ ord(char)) & 0xFFFF_FFFF
    return value - (1 << 32) if value & (1 << 31) else value
