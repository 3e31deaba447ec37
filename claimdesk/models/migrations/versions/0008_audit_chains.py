"""Chain the audit trail: every entry gets its place and its hash, and what is written there is never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
CHAINS = 64
PORTION = 2000
HASHED = ('chain', 'position', 'at', 'actor_id', 'actor_name', 'action', 'kind', 'row_id', 'case_id', 'verb', 'changes')

ENTRY = sa.table(
    'audit_entry',
    sa.column('id', ROW_ID),
    sa.column('at', sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ('actor_id', 'actor_name', 'action', 'kind', 'row_id', 'case_id', 'verb')),
    sa.column('changes', sa.JSON()),
    sa.column('chain', sa.Integer()),
    sa.column('position', ROW_ID),
    sa.column('hash', sa.LargeBinary(32)),
)
HEAD = sa.table('audit_head', sa.column('chain'), sa.column('entries'), sa.column('hash', sa.LargeBinary(32)))

SQLITE_GUARDS = (
    """CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END""",
    """CREATE TRIGGER audit_entry_not_deleted BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END""",
    """CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
    WHEN NEW.chain <> OLD.chain OR NEW.entries <= OLD.entries
    BEGIN SELECT RAISE(ABORT, 'a chain of the audit trail only grows'); END""",
    """CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'a chain of the audit trail only grows'); END""",
)
POSTGRES_GUARDS = (
    """CREATE FUNCTION audit_trail_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail is never changed'; END $$""",
    """CREATE FUNCTION audit_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.chain <> OLD.chain OR NEW.entries <= OLD.entries THEN
            RAISE EXCEPTION 'a chain of the audit trail only grows';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_trail_stays()""",
    """CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_stays()""",
    """CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_chain_grows()""",
    """CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_trail_stays()""",
    """CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_stays()""",
)


def upgrade() -> None:
    op.add_column('audit_entry', sa.Column('chain', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('audit_entry', sa.Column('position', ROW_ID, nullable=False, server_default='0'))
    op.add_column('audit_entry', sa.Column('hash', sa.LargeBinary(32), nullable=False, server_default=''))
    op.create_table(
        'audit_head',
        sa.Column('chain', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('entries', ROW_ID, nullable=False),
        sa.Column('hash', sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint('chain', name='pk_audit_head'),
    )
    bind = op.get_bind()
    _chain_all(bind)
    op.create_index('uq_audit_entry_chain', 'audit_entry', ['chain', 'position'], unique=True)
    for statement in SQLITE_GUARDS if bind.dialect.name == 'sqlite' else POSTGRES_GUARDS:
        op.execute(statement)


def _chain_all(bind: sa.Connection) -> None:
    """Chain the entries that are there already, in the order in which they were written."""
    heads = {
        chain: (0, hashlib.sha256(f'audit-chain-1:{chain}'.encode()).digest()) for chain in range(CHAINS)
    }
    place = sa.update(ENTRY).where(ENTRY.c.id == sa.bindparam('row'))
    after = 0
    while True:
        query = sa.select(ENTRY).where(ENTRY.c.id > after).order_by(ENTRY.c.id).limit(PORTION)
        rows = bind.execute(query).mappings().all()
        if not rows:
            break
        placed = []
        for row in rows:
            chain = (row['row_id'] if row['case_id'] is None else row['case_id']) % CHAINS
            entries, before = heads[chain]
            told = {**row, 'chain': chain, 'position': entries + 1, 'at': _moment(row['at'])}
            text = json.dumps(
                {name: told[name] for name in HASHED}, ensure_ascii=False, sort_keys=True, separators=(',', ':')
            )
            found = hashlib.sha256(before + text.encode('utf-8', 'surrogatepass')).digest()
            heads[chain] = (entries + 1, found)
            placed.append({'row': row['id'], 'chain': chain, 'position': entries + 1, 'hash': found})
        bind.execute(place, placed)
        after = rows[-1]['id']
    bind.execute(
        sa.insert(HEAD), [{'chain': chain, 'entries': count, 'hash': found} for chain, (count, found) in heads.items()]
    )


def _moment(at: dt.datetime) -> str:
    utc = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    return utc.isoformat(timespec='microseconds')


def downgrade() -> None:
    triggers = {
        'audit_entry': ('audit_entry_not_changed', 'audit_entry_not_deleted', 'audit_entry_not_emptied'),
        'audit_head': ('audit_head_goes_on', 'audit_head_not_deleted', 'audit_head_not_emptied'),
    }
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table, names in triggers.items():
        for name in names:
            op.execute(f'DROP TRIGGER IF EXISTS {name}' + ('' if sqlite else f' ON {table}'))
    if not sqlite:
        op.execute('DROP FUNCTION audit_trail_stays()')
        op.execute('DROP FUNCTION audit_chain_grows()')
    op.drop_index('uq_audit_entry_chain', table_name='audit_entry')
    op.drop_table('audit_head')
    for column in ('hash', 'position', 'chain'):
        op.drop_column('audit_entry', column)
