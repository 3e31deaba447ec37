"""Indexes over the open cases alone: any sort of them walks a small index instead of sorting or skipping a million."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

OPEN = sa.text("stage <> 'closed'")
WAITING = sa.text('paused_since IS NOT NULL')
SORTED = (
    ('due_at', 'id'),
    ('line', 'due_at', 'id'),
    ('stage', 'due_at', 'id'),
    ('owner_id', 'due_at', 'id'),
    ('team_id', 'due_at', 'id'),
    ('missing_documents', 'due_at', 'id'),
    ('number', 'id'),
    ('pinyin', 'insured_name', 'id'),
    ('plate', 'id'),
    ('policy_number', 'id'),
    ('reporter_name', 'id'),
    ('reporter_phone', 'id'),
    ('place', 'id'),
    ('cause', 'id'),
    ('estimate', 'id'),
    ('paid_amount', 'id'),
    ('loss_at', 'id'),
    ('reported_at', 'id'),
    ('stage_entered_at', 'id'),
)


def upgrade() -> None:
    for columns in SORTED:
        op.create_index(
            f'ix_open_case_{columns[0]}', 'claim_case', list(columns), sqlite_where=OPEN, postgresql_where=OPEN
        )
    op.create_index(
        'ix_waiting_case_due_at', 'claim_case', ['due_at', 'id'], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_index('ix_waiting_case_due_at', table_name='claim_case')
    for columns in reversed(SORTED):
        op.drop_index(f'ix_open_case_{columns[0]}', table_name='claim_case')
