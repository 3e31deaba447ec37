"""Reminders, reasons for delay, leads of teams, and whose turn a job of the office is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = sa.DateTime(timezone=True)
STAGES = "'reported', 'registered', 'survey', 'assessment', 'adjustment', 'approval', 'payment', 'closing', 'closed'"


def _row_id() -> sa.Column[int]:
    return sa.Column('id', ROW_ID, autoincrement=True, nullable=False)


def _refers(name: str, table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f'{name}.id'], name=f'fk_{table}_{column}', ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        'reminder',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('key', sa.String(120), nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('told_as', sa.String(24), nullable=False),
        sa.Column('clock', sa.String(24), nullable=False),
        sa.Column('due_at', TIME),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('deliver_at', TIME, nullable=False),
        sa.Column('seen_at', TIME),
        sa.Column('ended_at', TIME),
        sa.Column('sent_by', ROW_ID),
        sa.Column('words', sa.String(400), nullable=False),
        sa.Column('answer', sa.String(400), nullable=False),
        sa.Column('answered_at', TIME),
        sa.Column('version', sa.Integer(), nullable=False),
        _row_id(),
        sa.CheckConstraint("kind IN ('soon', 'due', 'overdue', 'urged')", name='ck_reminder_kind_known'),
        sa.CheckConstraint("told_as IN ('handler', 'substitute', 'lead')", name='ck_reminder_told_as_known'),
        _refers('claim_case', 'reminder', 'case_id', ondelete='CASCADE'),
        _refers('account', 'reminder', 'account_id'),
        _refers('account', 'reminder', 'sent_by'),
        sa.PrimaryKeyConstraint('id', name='pk_reminder'),
        sa.UniqueConstraint('key', name='uq_reminder_key'),
    )
    op.create_index('ix_reminder_case_id', 'reminder', ['case_id'])
    op.create_index('ix_reminder_waiting', 'reminder', ['account_id', 'seen_at', 'deliver_at'])
    op.create_table(
        'delay_note',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('stage', sa.String(24), nullable=False),
        sa.Column('clock', sa.String(24), nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('code', sa.String(24), nullable=False),
        sa.Column('note', sa.String(400), nullable=False),
        sa.Column('given_by', ROW_ID, nullable=False),
        sa.Column('given_at', TIME, nullable=False),
        _row_id(),
        sa.CheckConstraint(f'stage IN ({STAGES})', name='ck_delay_note_stage_known'),
        _refers('claim_case', 'delay_note', 'case_id', ondelete='CASCADE'),
        _refers('account', 'delay_note', 'given_by'),
        sa.PrimaryKeyConstraint('id', name='pk_delay_note'),
    )
    op.create_index('ix_delay_note_case_id', 'delay_note', ['case_id'])
    op.create_table(
        'team_lead',
        sa.Column('team_id', ROW_ID, nullable=False),
        sa.Column('account_id', ROW_ID, nullable=False),
        _row_id(),
        _refers('team', 'team_lead', 'team_id', ondelete='CASCADE'),
        _refers('account', 'team_lead', 'account_id'),
        sa.PrimaryKeyConstraint('id', name='pk_team_lead'),
        sa.UniqueConstraint('team_id', name='uq_team_lead_team_id'),
    )
    op.create_table(
        'turn',
        sa.Column('name', sa.String(24), nullable=False),
        sa.Column('holder', sa.String(60), nullable=False),
        sa.Column('held_until', TIME),
        sa.Column('finished_at', TIME),
        sa.Column('result', sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_turn'),
    )


def downgrade() -> None:
    for table in ('turn', 'team_lead', 'delay_note', 'reminder'):
        op.drop_table(table)
