"""Risk signals and referrals, automatic checks, call-backs and follow-ups, disputes, lawsuits and recoveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = sa.DateTime(timezone=True)
TABLES = (
    'recovery_receipt', 'recovery', 'lawsuit_day', 'lawsuit', 'follow_up', 'call_back', 'automatic_check',
    'risk_verdict', 'risk_referral', 'risk_signal',
)  # fmt: skip
COMPLAINT = (
    (
        "kind VARCHAR(24) DEFAULT 'complaint' NOT NULL"
        " CONSTRAINT ck_complaint_kind_known CHECK (kind IN ('complaint', 'dispute'))"
    ),
    (
        "complexity VARCHAR(24) DEFAULT 'simple' NOT NULL"
        " CONSTRAINT ck_complaint_complexity_known CHECK (complexity IN ('simple', 'complex', 'special'))"
    ),
    (
        'outcome VARCHAR(24) CONSTRAINT ck_complaint_outcome_known'
        " CHECK (outcome IN ('upheld', 'partly', 'unfounded', 'settled', 'withdrawn'))"
    ),
    "root_cause VARCHAR(40) DEFAULT '' NOT NULL",
    "extension_reason VARCHAR(400) DEFAULT '' NOT NULL",
    'extension_asked_by {row_id} CONSTRAINT fk_complaint_extension_asked_by REFERENCES account (id)',
    (
        'extension_by {row_id} CONSTRAINT fk_complaint_extension_by REFERENCES account (id)'
        ' CONSTRAINT ck_complaint_second_person_extends'
        ' CHECK (extension_by IS NULL OR extension_by <> extension_asked_by)'
    ),
    (
        'extension_granted BOOLEAN CONSTRAINT ck_complaint_extension_has_person'
        ' CHECK ((extension_by IS NULL) = (extension_granted IS NULL))'
    ),
)
"""SQLite takes checks and references only along with a column, so these are written out."""

LOOKED_UP = (
    ('case_motor', ['garage', 'case_id']),
    ('case_motor', ['driver_licence', 'case_id']),
    ('case_medical', ['diagnosis', 'case_id']),
    ('payment', ['account_number']),
    ('payee_account', ['account_number']),
)
"""What the risk rules look up, one index each."""


def upgrade() -> None:
    _risk()
    _after_payment()
    _disputes()
    row_id = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    for column in COMPLAINT:
        op.execute(f'ALTER TABLE complaint ADD COLUMN {column.format(row_id=row_id)}')
    op.create_index('ix_complaint_open', 'complaint', ['answered_at', 'received_at'])
    op.execute(
        f'ALTER TABLE message ADD COLUMN complaint_id {row_id}'
        ' CONSTRAINT fk_message_complaint_id REFERENCES complaint (id)'
    )
    op.create_index('ix_message_complaint_id', 'message', ['complaint_id'])
    for table, columns in LOOKED_UP:
        op.create_index(f'ix_{table}_{columns[0]}', table, columns)


def downgrade() -> None:
    for table, columns in LOOKED_UP:
        op.drop_index(f'ix_{table}_{columns[0]}', table_name=table)
    op.drop_index('ix_message_complaint_id', table_name='message')
    op.drop_column('message', 'complaint_id')
    op.drop_index('ix_complaint_open', table_name='complaint')
    for column in reversed(COMPLAINT):
        op.drop_column('complaint', column.partition(' ')[0])
    for table in TABLES:
        op.drop_table(table)


def _link(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{target}.id'], name=f'fk_{table}_{column}', ondelete='CASCADE' if cascade else None
    )


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column('id', ROW_ID, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint('id', name=f'pk_{table}')


def _open_one(name: str, table: str, column: str, where: str) -> None:
    """At most one open row of `table` for each `column`."""
    op.create_index(
        name, table, [column], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _risk() -> None:
    op.create_table(
        'risk_signal',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('rule', sa.String(32), nullable=False),
        sa.Column('weight', sa.Integer(), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('found_at', TIME, nullable=False),
        *_key('risk_signal'),
        _link('risk_signal', 'case_id', 'claim_case', cascade=True),
        sa.UniqueConstraint('case_id', 'rule', name='uq_risk_signal_case_id_rule'),
    )
    op.create_index('ix_risk_signal_rule', 'risk_signal', ['rule'])
    op.create_table(
        'risk_referral',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('score', sa.Integer(), nullable=False),
        sa.Column('level', sa.String(24), nullable=False),
        sa.Column('signals', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(400), nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('raised_by', ROW_ID, nullable=True),
        sa.Column('raised_at', TIME, nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('outcome', sa.String(24), nullable=True),
        sa.Column('finding', sa.Text(), nullable=False),
        sa.Column('decided_by', ROW_ID, nullable=True),
        sa.Column('decided_at', TIME, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('risk_referral'),
        _link('risk_referral', 'case_id', 'claim_case', cascade=True),
        _link('risk_referral', 'owner_id', 'account'),
        _link('risk_referral', 'raised_by', 'account'),
        _link('risk_referral', 'decided_by', 'account'),
        sa.CheckConstraint("level IN ('none', 'low', 'medium', 'high')", name='ck_risk_referral_level_known'),
        sa.CheckConstraint('(outcome IS NULL) = (decided_by IS NULL)', name='ck_risk_referral_outcome_has_person'),
        sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name='ck_risk_referral_outcome_has_time'),
        sa.CheckConstraint("outcome IN ('confirmed', 'cleared', 'open_ended')", name='ck_risk_referral_outcome_known'),
    )
    op.create_index('ix_risk_referral_case_id', 'risk_referral', ['case_id'])
    op.create_index('ix_risk_referral_outcome', 'risk_referral', ['outcome', 'due_at'])
    _open_one('uq_risk_referral_open', 'risk_referral', 'case_id', 'outcome IS NULL')
    op.create_table(
        'risk_verdict',
        sa.Column('referral_id', ROW_ID, nullable=False),
        sa.Column('rule', sa.String(32), nullable=False),
        sa.Column('outcome', sa.String(24), nullable=False),
        sa.Column('decided_at', TIME, nullable=False),
        *_key('risk_verdict'),
        _link('risk_verdict', 'referral_id', 'risk_referral', cascade=True),
        sa.UniqueConstraint('referral_id', 'rule', name='uq_risk_verdict_referral_id_rule'),
        sa.CheckConstraint("outcome IN ('confirmed', 'cleared', 'open_ended')", name='ck_risk_verdict_outcome_known'),
    )
    op.create_index('ix_risk_verdict_rule', 'risk_verdict', ['rule', 'outcome'])
    op.create_table(
        'automatic_check',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('calculation_id', ROW_ID, nullable=False),
        sa.Column('checked_at', TIME, nullable=False),
        sa.Column('conditions', sa.JSON(), nullable=False),
        sa.Column('sampled', sa.Boolean(), nullable=False),
        sa.Column('approved', sa.Boolean(), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        *_key('automatic_check'),
        _link('automatic_check', 'case_id', 'claim_case', cascade=True),
        _link('automatic_check', 'calculation_id', 'calculation', cascade=True),
        sa.CheckConstraint('NOT (approved AND sampled)', name='ck_automatic_check_sample_goes_to_a_person'),
    )
    op.create_index('ix_automatic_check_calculation_id', 'automatic_check', ['calculation_id'])
    op.create_index('ix_automatic_check_case_id', 'automatic_check', ['case_id'])


def _after_payment() -> None:
    op.create_table(
        'call_back',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('paid_at', TIME, nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('attempted_at', TIME, nullable=True),
        sa.Column('answers', sa.JSON(), nullable=True),
        sa.Column('score', sa.Integer(), nullable=True),
        sa.Column('comment', sa.String(400), nullable=False),
        sa.Column('finished_at', TIME, nullable=True),
        sa.Column('finished_by', ROW_ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('call_back'),
        _link('call_back', 'case_id', 'claim_case', cascade=True),
        _link('call_back', 'owner_id', 'account'),
        _link('call_back', 'finished_by', 'account'),
        sa.CheckConstraint("(state = 'open') = (finished_at IS NULL)", name='ck_call_back_finished_has_time'),
        sa.CheckConstraint('score BETWEEN 1 AND 5', name='ck_call_back_score_in_range'),
        sa.CheckConstraint("state IN ('open', 'done', 'unreachable')", name='ck_call_back_state_known'),
    )
    op.create_index('ix_call_back_case_id', 'call_back', ['case_id'])
    op.create_index('ix_call_back_state', 'call_back', ['state', 'due_at'])
    _open_one('uq_call_back_open', 'call_back', 'case_id', "state = 'open'")
    op.create_table(
        'follow_up',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('call_back_id', ROW_ID, nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('score', sa.Integer(), nullable=False),
        sa.Column('opened_at', TIME, nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('root_cause', sa.String(40), nullable=False),
        sa.Column('fix', sa.Text(), nullable=False),
        sa.Column('contacted_at', TIME, nullable=True),
        sa.Column('second_score', sa.Integer(), nullable=True),
        sa.Column('closed_at', TIME, nullable=True),
        sa.Column('closed_by', ROW_ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('follow_up'),
        _link('follow_up', 'case_id', 'claim_case', cascade=True),
        _link('follow_up', 'call_back_id', 'call_back', cascade=True),
        _link('follow_up', 'owner_id', 'account'),
        _link('follow_up', 'closed_by', 'account'),
        sa.UniqueConstraint('call_back_id', name='uq_follow_up_call_back_id'),
        sa.CheckConstraint('score BETWEEN 1 AND 5', name='ck_follow_up_score_in_range'),
        sa.CheckConstraint('second_score BETWEEN 1 AND 5', name='ck_follow_up_second_score_in_range'),
    )
    op.create_index('ix_follow_up_case_id', 'follow_up', ['case_id'])
    op.create_index('ix_follow_up_closed', 'follow_up', ['closed_at', 'due_at'])


def _disputes() -> None:
    op.create_table(
        'lawsuit',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('court', sa.String(120), nullable=False),
        sa.Column('number', sa.String(60), nullable=False),
        sa.Column('side', sa.String(24), nullable=False),
        sa.Column('opponent', sa.String(120), nullable=False),
        sa.Column('claimed', sa.BigInteger(), nullable=True),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('opened_at', TIME, nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('awarded', sa.BigInteger(), nullable=True),
        sa.Column('closed_at', TIME, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('lawsuit'),
        _link('lawsuit', 'case_id', 'claim_case', cascade=True),
        _link('lawsuit', 'owner_id', 'account'),
        sa.CheckConstraint('awarded >= 0', name='ck_lawsuit_awarded_not_negative'),
        sa.CheckConstraint('claimed >= 0', name='ck_lawsuit_claimed_not_negative'),
        sa.CheckConstraint("side IN ('defendant', 'plaintiff', 'third_person')", name='ck_lawsuit_side_known'),
    )
    op.create_index('ix_lawsuit_case_id', 'lawsuit', ['case_id'])
    op.create_table(
        'lawsuit_day',
        sa.Column('lawsuit_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('note', sa.String(200), nullable=False),
        sa.Column('done_at', TIME, nullable=True),
        sa.Column('done_by', ROW_ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('lawsuit_day'),
        _link('lawsuit_day', 'lawsuit_id', 'lawsuit', cascade=True),
        _link('lawsuit_day', 'case_id', 'claim_case', cascade=True),
        _link('lawsuit_day', 'done_by', 'account'),
        sa.CheckConstraint("kind IN ('evidence', 'hearing', 'judgment', 'appeal', 'performance')", name='ck_lawsuit_day_kind_known'),
    )
    op.create_index('ix_lawsuit_day_case_id', 'lawsuit_day', ['case_id'])
    op.create_index('ix_lawsuit_day_lawsuit_id', 'lawsuit_day', ['lawsuit_id'])
    op.create_index('ix_lawsuit_day_open', 'lawsuit_day', ['done_at', 'due_at'])
    op.create_table(
        'recovery',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('debtor', sa.String(120), nullable=False),
        sa.Column('basis', sa.String(400), nullable=False),
        sa.Column('expected', sa.BigInteger(), nullable=False),
        sa.Column('acquired_on', sa.Date(), nullable=True),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('opened_at', TIME, nullable=False),
        sa.Column('outcome', sa.String(24), nullable=True),
        sa.Column('closing_note', sa.String(400), nullable=False),
        sa.Column('closed_at', TIME, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('recovery'),
        _link('recovery', 'case_id', 'claim_case', cascade=True),
        _link('recovery', 'owner_id', 'account'),
        sa.CheckConstraint('expected > 0', name='ck_recovery_expected_positive'),
        sa.CheckConstraint("kind IN ('subrogation', 'salvage', 'advance')", name='ck_recovery_kind_known'),
        sa.CheckConstraint('(outcome IS NULL) = (closed_at IS NULL)', name='ck_recovery_outcome_has_time'),
        sa.CheckConstraint("outcome IN ('received', 'partly', 'given_up')", name='ck_recovery_outcome_known'),
    )
    op.create_index('ix_recovery_case_id', 'recovery', ['case_id'])
    op.create_index('ix_recovery_open', 'recovery', ['closed_at', 'acquired_on'])
    op.create_table(
        'recovery_receipt',
        sa.Column('recovery_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('received_on', sa.Date(), nullable=False),
        sa.Column('reference', sa.String(60), nullable=False),
        sa.Column('recorded_by', ROW_ID, nullable=False),
        sa.Column('recorded_at', TIME, nullable=False),
        sa.Column('voided', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('recovery_receipt'),
        _link('recovery_receipt', 'recovery_id', 'recovery', cascade=True),
        _link('recovery_receipt', 'case_id', 'claim_case', cascade=True),
        _link('recovery_receipt', 'recorded_by', 'account'),
        sa.CheckConstraint('amount > 0', name='ck_recovery_receipt_amount_positive'),
    )
    op.create_index('ix_recovery_receipt_case_id', 'recovery_receipt', ['case_id'])
    op.create_index('ix_recovery_receipt_recovery_id', 'recovery_receipt', ['recovery_id'])
