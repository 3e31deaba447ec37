"""The whole office: people, policies, cases, papers, work, talk, audit, and the search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def words(length: int) -> sa.String:
    """Text sorted by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation='C'), 'postgresql')


def upgrade() -> None:
    """Make every table."""
    make_tables()
    if op.get_bind().dialect.name == 'postgresql':
        op.create_table(
            'case_search',
            sa.Column('case_id', sa.BigInteger(), nullable=False, autoincrement=False),
            sa.Column('pieces', sa.ARRAY(sa.Integer()), nullable=False),
            sa.PrimaryKeyConstraint('case_id', name='pk_case_search'),
            sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name='fk_case_search_case_id', ondelete='CASCADE'),
        )
        op.execute('CREATE INDEX ix_case_search_pieces ON case_search USING gin (pieces) WITH (fastupdate = off)')
    else:
        op.execute(
            'CREATE VIRTUAL TABLE case_search USING fts5'
            "(pieces, content='', columnsize=0, detail=none, tokenize='ascii')"
        )


def downgrade() -> None:
    """Remove every table."""
    op.drop_table('case_search')
    drop_tables()


def make_tables() -> None:
    """The tables of the models."""
    op.create_table(
        'audit_entry',
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('actor_id', ROW_ID, nullable=True),
        sa.Column('actor_name', sa.String(length=40), nullable=False),
        sa.Column('action', sa.String(length=80), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('row_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=True),
        sa.Column('verb', sa.String(length=8), nullable=False),
        sa.Column('changes', sa.JSON(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
    )
    op.create_index('ix_audit_entry_case', 'audit_entry', ['case_id', 'id'], unique=False)
    op.create_table(
        'calendar_day',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('kind', sa.String(length=4), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('rest', 'work')", name=op.f('ck_calendar_day_kind_known')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_day')),
        sa.UniqueConstraint('day', name=op.f('uq_calendar_day_day')),
    )
    op.create_table(
        'office',
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('code', sa.String(length=8), nullable=False),
        sa.Column('demo', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_office')),
        sa.UniqueConstraint('code', name=op.f('uq_office_code')),
    )
    op.create_table(
        'party',
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('name', words(120), nullable=False),
        sa.Column('pinyin', sa.String(length=60), nullable=False),
        sa.Column('id_number', sa.String(length=24), nullable=False),
        sa.Column('phone', sa.String(length=24), nullable=False),
        sa.Column('address', sa.String(length=200), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('person', 'company')", name=op.f('ck_party_kind_known')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_party')),
    )
    op.create_index(op.f('ix_party_id_number'), 'party', ['id_number'], unique=False)
    op.create_index(op.f('ix_party_name'), 'party', ['name'], unique=False)
    op.create_index(op.f('ix_party_phone'), 'party', ['phone'], unique=False)
    op.create_index(op.f('ix_party_pinyin'), 'party', ['pinyin'], unique=False)
    op.create_table(
        'stored_file',
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('media_type', sa.String(length=80), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('size > 0', name=op.f('ck_stored_file_size_positive')),
        sa.PrimaryKeyConstraint('sha256', name=op.f('pk_stored_file')),
    )
    op.create_table(
        'accident',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('place', sa.String(length=200), nullable=False),
        sa.Column('cause', sa.String(length=80), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('liability', sa.String(24), nullable=False),
        sa.Column('police_number', sa.String(length=60), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "liability IN ('full', 'main', 'equal', 'minor', 'none', 'unknown')",
            name=op.f('ck_accident_liability_known'),
        ),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_accident_office_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_accident')),
    )
    op.create_table(
        'contact',
        sa.Column('party_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('value', sa.String(length=120), nullable=False),
        sa.Column('note', sa.String(length=120), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_contact_party_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    )
    op.create_index(op.f('ix_contact_party_id'), 'contact', ['party_id'], unique=False)
    op.create_table(
        'file_content',
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ['sha256'], ['stored_file.sha256'], name=op.f('fk_file_content_sha256'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('sha256', name=op.f('pk_file_content')),
    )
    op.create_table(
        'office_setting',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('key', sa.String(length=60), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('value', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_office_setting_office_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_office_setting')),
        sa.UniqueConstraint('office_id', 'key', 'valid_from', name=op.f('uq_office_setting_office_id_key_valid_from')),
    )
    op.create_table(
        'policy',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('number', words(40), nullable=False),
        sa.Column('line', sa.String(24), nullable=False),
        sa.Column('clause', sa.String(24), nullable=False),
        sa.Column('holder_id', ROW_ID, nullable=False),
        sa.Column('insured_id', ROW_ID, nullable=False),
        sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('plate', sa.String(length=12), nullable=False),
        sa.Column('vehicle_model', sa.String(length=60), nullable=False),
        sa.Column('vin', sa.String(length=20), nullable=False),
        sa.Column('insured_address', sa.String(length=200), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "clause IN ('motor_compulsory', 'motor_2014', 'motor_2020', 'medical_indemnity', 'accident', 'property_basic')",
            name=op.f('ck_policy_clause_known'),
        ),
        sa.CheckConstraint("line IN ('motor', 'medical', 'property')", name=op.f('ck_policy_line_known')),
        sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_policy_ends_after_start')),
        sa.ForeignKeyConstraint(['holder_id'], ['party.id'], name=op.f('fk_policy_holder_id')),
        sa.ForeignKeyConstraint(['insured_id'], ['party.id'], name=op.f('fk_policy_insured_id')),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_policy_office_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy')),
        sa.UniqueConstraint('number', name=op.f('uq_policy_number')),
    )
    op.create_index(op.f('ix_policy_holder_id'), 'policy', ['holder_id'], unique=False)
    op.create_index(op.f('ix_policy_insured_id'), 'policy', ['insured_id'], unique=False)
    op.create_index('ix_policy_plate', 'policy', ['plate'], unique=False)
    op.create_table(
        'sequence',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('name', sa.String(length=20), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('next_value', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_sequence_office_id')),
        sa.PrimaryKeyConstraint('office_id', 'name', 'year', name=op.f('pk_sequence')),
    )
    op.create_table(
        'team',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_team_office_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
        sa.UniqueConstraint('office_id', 'name', name=op.f('uq_team_office_id_name')),
    )
    op.create_table(
        'account',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('team_id', ROW_ID, nullable=True),
        sa.Column('login', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('phone', sa.String(length=20), nullable=False),
        sa.Column('email', sa.String(length=120), nullable=False),
        sa.Column('password_hash', sa.String(length=200), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('capacity', sa.Integer(), nullable=False),
        sa.Column('failed_attempts', sa.Integer(), nullable=False),
        sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_account_office_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_account_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
        sa.UniqueConstraint('login', name=op.f('uq_account_login')),
    )
    op.create_table(
        'coverage',
        sa.Column('policy_id', ROW_ID, nullable=False),
        sa.Column('code', sa.String(length=24), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('sum_insured', sa.BigInteger(), nullable=False),
        sa.Column('deductible', sa.BigInteger(), nullable=False),
        sa.Column('deductible_rate', sa.Integer(), nullable=False),
        sa.Column('benefit_ratio', sa.Integer(), nullable=False),
        sa.Column('insured_value', sa.BigInteger(), nullable=True),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            'deductible_rate BETWEEN 0 AND 10000 AND benefit_ratio BETWEEN 0 AND 10000',
            name=op.f('ck_coverage_rates_are_shares'),
        ),
        sa.CheckConstraint('sum_insured >= 0 AND deductible >= 0', name=op.f('ck_coverage_amounts_not_negative')),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_coverage_policy_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage')),
    )
    op.create_index(op.f('ix_coverage_policy_id'), 'coverage', ['policy_id'], unique=False)
    op.create_table(
        'absence',
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('substitute_id', ROW_ID, nullable=True),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('reason', sa.String(length=80), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_absence_ends_after_start')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_absence_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['substitute_id'], ['account.id'], name=op.f('fk_absence_substitute_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    )
    op.create_index(op.f('ix_absence_account_id'), 'absence', ['account_id'], unique=False)
    op.create_table(
        'account_role',
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('role', sa.String(24), nullable=False),
        sa.CheckConstraint(
            "role IN ('service', 'surveyor', 'assessor', 'adjuster', 'approver', 'finance', 'coordinator', 'manager', 'administrator', 'auditor')",
            name=op.f('ck_account_role_role_known'),
        ),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name=op.f('fk_account_role_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('account_id', 'role', name=op.f('pk_account_role')),
    )
    op.create_table(
        'claim_case',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('accident_id', ROW_ID, nullable=False),
        sa.Column('policy_id', ROW_ID, nullable=False),
        sa.Column('number', words(24), nullable=False),
        sa.Column('request_key', sa.String(length=40), nullable=True),
        sa.Column('line', sa.String(24), nullable=False),
        sa.Column('compulsory', sa.Boolean(), nullable=False),
        sa.Column('injury', sa.Boolean(), nullable=False),
        sa.Column('stage', sa.String(24), nullable=False),
        sa.Column('outcome', sa.String(24), nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('team_id', ROW_ID, nullable=True),
        sa.Column('assigned_why', sa.String(length=200), nullable=False),
        sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('loss_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('registered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('stage_entered_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('step_due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('last_activity_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_clock', sa.String(length=24), nullable=False),
        sa.Column('paused_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('estimate', sa.BigInteger(), nullable=True),
        sa.Column('first_estimate', sa.BigInteger(), nullable=True),
        sa.Column('payable', sa.BigInteger(), nullable=True),
        sa.Column('paid_amount', sa.BigInteger(), nullable=False),
        sa.Column('missing_documents', sa.Integer(), nullable=False),
        sa.Column('reopened_times', sa.Integer(), nullable=False),
        sa.Column('outcome_reason', sa.String(length=400), nullable=False),
        sa.Column('insured_name', words(120), nullable=False),
        sa.Column('plate', words(12), nullable=False),
        sa.Column('policy_number', words(40), nullable=False),
        sa.Column('reporter_name', words(60), nullable=False),
        sa.Column('reporter_phone', words(24), nullable=False),
        sa.Column('place', words(200), nullable=False),
        sa.Column('cause', words(80), nullable=False),
        sa.Column('pinyin', words(60), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_claim_case_closed_has_time')),
        sa.CheckConstraint("(stage = 'closed') = (outcome <> 'open')", name=op.f('ck_claim_case_outcome_fits_stage')),
        sa.CheckConstraint("line IN ('motor', 'medical', 'property')", name=op.f('ck_claim_case_line_known')),
        sa.CheckConstraint(
            "outcome IN ('open', 'paid', 'refused', 'zero', 'cancelled_report', 'cancelled_case')",
            name=op.f('ck_claim_case_outcome_known'),
        ),
        sa.CheckConstraint(
            "stage IN ('reported', 'registered', 'survey', 'assessment', 'adjustment', 'approval', 'payment', 'closing', 'closed')",
            name=op.f('ck_claim_case_stage_known'),
        ),
        sa.CheckConstraint('estimate >= 0 AND first_estimate >= 0', name=op.f('ck_claim_case_estimates_not_negative')),
        sa.CheckConstraint('payable >= 0 AND paid_amount >= 0', name=op.f('ck_claim_case_payments_not_negative')),
        sa.ForeignKeyConstraint(['accident_id'], ['accident.id'], name=op.f('fk_claim_case_accident_id')),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_claim_case_office_id')),
        sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_claim_case_owner_id')),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_claim_case_policy_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_claim_case_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_case')),
        sa.UniqueConstraint('number', name=op.f('uq_claim_case_number')),
        sa.UniqueConstraint('request_key', name=op.f('uq_claim_case_request_key')),
    )
    op.create_index(op.f('ix_claim_case_accident_id'), 'claim_case', ['accident_id'], unique=False)
    op.create_index('ix_claim_case_cause', 'claim_case', ['cause', 'id'], unique=False)
    op.create_index('ix_claim_case_closed_at', 'claim_case', ['closed_at', 'id'], unique=False)
    op.create_index('ix_claim_case_due_at', 'claim_case', ['due_at', 'id'], unique=False)
    op.create_index('ix_claim_case_estimate', 'claim_case', ['estimate', 'id'], unique=False)
    op.create_index('ix_claim_case_line', 'claim_case', ['line', 'due_at', 'id'], unique=False)
    op.create_index('ix_claim_case_loss_at', 'claim_case', ['loss_at', 'id'], unique=False)
    op.create_index(
        'ix_claim_case_missing_documents', 'claim_case', ['missing_documents', 'due_at', 'id'], unique=False
    )
    op.create_index('ix_claim_case_outcome', 'claim_case', ['outcome', 'due_at', 'id'], unique=False)
    op.create_index('ix_claim_case_owner_id', 'claim_case', ['owner_id', 'due_at', 'id'], unique=False)
    op.create_index('ix_claim_case_paid_amount', 'claim_case', ['paid_amount', 'id'], unique=False)
    op.create_index('ix_claim_case_paused_since', 'claim_case', ['paused_since', 'id'], unique=False)
    op.create_index('ix_claim_case_pinyin', 'claim_case', ['pinyin', 'insured_name', 'id'], unique=False)
    op.create_index('ix_claim_case_place', 'claim_case', ['place', 'id'], unique=False)
    op.create_index('ix_claim_case_plate', 'claim_case', ['plate', 'id'], unique=False)
    op.create_index(op.f('ix_claim_case_policy_id'), 'claim_case', ['policy_id'], unique=False)
    op.create_index('ix_claim_case_policy_number', 'claim_case', ['policy_number', 'id'], unique=False)
    op.create_index('ix_claim_case_reported_at', 'claim_case', ['reported_at', 'id'], unique=False)
    op.create_index('ix_claim_case_reporter_name', 'claim_case', ['reporter_name', 'id'], unique=False)
    op.create_index('ix_claim_case_reporter_phone', 'claim_case', ['reporter_phone', 'id'], unique=False)
    op.create_index('ix_claim_case_stage', 'claim_case', ['stage', 'due_at', 'id'], unique=False)
    op.create_index('ix_claim_case_stage_entered_at', 'claim_case', ['stage_entered_at', 'id'], unique=False)
    op.create_index('ix_claim_case_team_id', 'claim_case', ['team_id', 'due_at', 'id'], unique=False)
    op.create_table(
        'saved_view',
        sa.Column('owner_id', ROW_ID, nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('query', sa.JSON(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_saved_view_owner_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('owner_id', 'name', name=op.f('uq_saved_view_owner_id_name')),
    )
    op.create_table(
        'calculation',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('coverage_id', ROW_ID, nullable=True),
        sa.Column('inputs', sa.JSON(), nullable=False),
        sa.Column('steps', sa.JSON(), nullable=False),
        sa.Column('payable', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('made_by', ROW_ID, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', ROW_ID, nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_by IS NULL)", name=op.f('ck_calculation_decision_has_person')
        ),
        sa.CheckConstraint("state IN ('pending', 'approved', 'returned')", name=op.f('ck_calculation_state_known')),
        sa.CheckConstraint(
            'decided_by IS NULL OR decided_by <> made_by', name=op.f('ck_calculation_nobody_approves_own_work')
        ),
        sa.CheckConstraint('payable >= 0', name=op.f('ck_calculation_payable_not_negative')),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_calculation_case_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['coverage_id'], ['coverage.id'], name=op.f('fk_calculation_coverage_id')),
        sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_calculation_decided_by')),
        sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_calculation_made_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calculation')),
        sa.UniqueConstraint('case_id', 'number', name=op.f('uq_calculation_case_id_number')),
    )
    op.create_table(
        'case_event',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recorded_by', ROW_ID, nullable=True),
        sa.Column('note', sa.String(length=400), nullable=False),
        sa.Column('voided', sa.Boolean(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_case_event_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['recorded_by'], ['account.id'], name=op.f('fk_case_event_recorded_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event')),
    )
    op.create_index('ix_case_event_case', 'case_event', ['case_id', 'happened_at'], unique=False)
    op.create_table(
        'case_medical',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('patient_name', sa.String(length=60), nullable=False),
        sa.Column('hospital', sa.String(length=120), nullable=False),
        sa.Column('diagnosis', sa.String(length=200), nullable=False),
        sa.Column('admitted_on', sa.Date(), nullable=True),
        sa.Column('discharged_on', sa.Date(), nullable=True),
        sa.Column('social_insurance_used', sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            'discharged_on IS NULL OR discharged_on >= admitted_on',
            name=op.f('ck_case_medical_discharge_after_admission'),
        ),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_case_medical_case_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_medical')),
    )
    op.create_table(
        'case_motor',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('vehicle_model', sa.String(length=60), nullable=False),
        sa.Column('driver_name', sa.String(length=60), nullable=False),
        sa.Column('driver_licence', sa.String(length=24), nullable=False),
        sa.Column('other_plate', sa.String(length=12), nullable=False),
        sa.Column('drivable', sa.Boolean(), nullable=True),
        sa.Column('garage', sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_case_motor_case_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_motor')),
    )
    op.create_table(
        'case_party',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('party_id', ROW_ID, nullable=False),
        sa.Column('role', sa.String(24), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "role IN ('holder', 'insured', 'reporter', 'driver', 'victim', 'third_party', 'payee')",
            name=op.f('ck_case_party_role_known'),
        ),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_case_party_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_case_party_party_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_party')),
        sa.UniqueConstraint('case_id', 'party_id', 'role', name=op.f('uq_case_party_case_id_party_id_role')),
    )
    op.create_index(op.f('ix_case_party_party_id'), 'case_party', ['party_id'], unique=False)
    op.create_table(
        'case_property',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('premises', sa.String(length=200), nullable=False),
        sa.Column('occupancy', sa.String(length=80), nullable=False),
        sa.Column('value_at_loss', sa.BigInteger(), nullable=True),
        sa.Column('fire_brigade_number', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_case_property_case_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_property')),
    )
    op.create_table(
        'checklist_item',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('required', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('checked_by', ROW_ID, nullable=True),
        sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('missing', 'received', 'verified', 'rejected', 'waived')",
            name=op.f('ck_checklist_item_state_known'),
        ),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_checklist_item_case_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['checked_by'], ['account.id'], name=op.f('fk_checklist_item_checked_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_item')),
        sa.UniqueConstraint('case_id', 'code', name=op.f('uq_checklist_item_case_id_code')),
    )
    op.create_table(
        'complaint',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('complainant', sa.String(length=60), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_complaint_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_complaint_owner_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    )
    op.create_index(op.f('ix_complaint_case_id'), 'complaint', ['case_id'], unique=False)
    op.create_table(
        'document',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=True),
        sa.Column('request_key', sa.String(length=40), nullable=True),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('checklist_code', sa.String(length=40), nullable=False),
        sa.Column('source', sa.String(length=24), nullable=False),
        sa.Column('problem', sa.String(length=400), nullable=False),
        sa.Column('added_by', ROW_ID, nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmed_by', ROW_ID, nullable=True),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "kind IN ('vat_special', 'vat_normal', 'vat_electronic', 'digital_special', 'digital_normal', 'medical_outpatient', 'medical_inpatient', 'medical_list', 'train_ticket', 'taxi_receipt', 'receipt', 'id_card', 'driving_licence', 'vehicle_licence', 'bank_card', 'repair_estimate', 'photo', 'other')",
            name=op.f('ck_document_kind_known'),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f('ck_document_confirmed_has_time')
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'to_check', 'confirmed', 'unreadable')", name=op.f('ck_document_state_known')
        ),
        sa.ForeignKeyConstraint(['added_by'], ['account.id'], name=op.f('fk_document_added_by')),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_document_case_id')),
        sa.ForeignKeyConstraint(['confirmed_by'], ['account.id'], name=op.f('fk_document_confirmed_by')),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_document_office_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
        sa.UniqueConstraint('request_key', name=op.f('uq_document_request_key')),
    )
    op.create_index('ix_document_state', 'document', ['case_id', 'state'], unique=False)
    op.create_table(
        'message',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('channel', sa.String(24), nullable=False),
        sa.Column('incoming', sa.Boolean(), nullable=True),
        sa.Column('with_whom', sa.String(length=60), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('written_by', ROW_ID, nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'sms', 'email', 'letter', 'visit', 'note')", name=op.f('ck_message_channel_known')
        ),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_message_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['written_by'], ['account.id'], name=op.f('fk_message_written_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    )
    op.create_index('ix_message_case', 'message', ['case_id', 'at'], unique=False)
    op.create_table(
        'reserve_change',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('previous', sa.BigInteger(), nullable=True),
        sa.Column('first', sa.Boolean(), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('made_by', ROW_ID, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint('amount >= 0', name=op.f('ck_reserve_change_amount_not_negative')),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_reserve_change_case_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_reserve_change_made_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reserve_change')),
    )
    op.create_index(op.f('ix_reserve_change_case_id'), 'reserve_change', ['case_id'], unique=False)
    op.create_index(
        'uq_reserve_first',
        'reserve_change',
        ['case_id'],
        unique=True,
        sqlite_where=sa.text('first'),
        postgresql_where=sa.text('first'),
    )
    op.create_table(
        'satisfaction',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('score', sa.Integer(), nullable=False),
        sa.Column('comment', sa.String(length=400), nullable=False),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_by', ROW_ID, nullable=True),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_satisfaction_score_in_range')),
        sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_satisfaction_asked_by')),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_satisfaction_case_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_satisfaction')),
    )
    op.create_index(op.f('ix_satisfaction_case_id'), 'satisfaction', ['case_id'], unique=False)
    op.create_table(
        'survey_report',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('surveyor_id', ROW_ID, nullable=True),
        sa.Column('visited_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('place', sa.String(length=200), nullable=False),
        sa.Column('liability', sa.String(24), nullable=False),
        sa.Column('finding', sa.Text(), nullable=False),
        sa.Column('statement', sa.Text(), nullable=False),
        sa.Column('suspicious', sa.Boolean(), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "liability IN ('full', 'main', 'equal', 'minor', 'none', 'unknown')",
            name=op.f('ck_survey_report_liability_known'),
        ),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name=op.f('fk_survey_report_case_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['surveyor_id'], ['account.id'], name=op.f('fk_survey_report_surveyor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_report')),
        sa.UniqueConstraint('case_id', name=op.f('uq_survey_report_case_id')),
    )
    op.create_table(
        'task',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('owner_id', ROW_ID, nullable=True),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('finished_by', ROW_ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("(state = 'open') = (finished_at IS NULL)", name=op.f('ck_task_finished_has_time')),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f('ck_task_state_known')),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_task_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['finished_by'], ['account.id'], name=op.f('fk_task_finished_by')),
        sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_task_owner_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    )
    op.create_index(op.f('ix_task_case_id'), 'task', ['case_id'], unique=False)
    op.create_index('ix_task_owner', 'task', ['owner_id', 'state', 'due_at'], unique=False)
    op.create_table(
        'document_page',
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('rotation', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint('rotation IN (0, 90, 180, 270)', name=op.f('ck_document_page_rotation_right_angled')),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name=op.f('fk_document_page_document_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_document_page_sha256')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_document_page')),
        sa.UniqueConstraint('document_id', 'position', name=op.f('uq_document_page_document_id_position')),
    )
    op.create_index(op.f('ix_document_page_sha256'), 'document_page', ['sha256'], unique=False)
    op.create_table(
        'invoice',
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('identity', sa.String(length=48), nullable=True),
        sa.Column('duplicate_reason', sa.String(length=200), nullable=False),
        sa.Column('code', sa.String(length=12), nullable=False),
        sa.Column('number', sa.String(length=24), nullable=False),
        sa.Column('issue_date', sa.Date(), nullable=True),
        sa.Column('check_code', sa.String(length=24), nullable=False),
        sa.Column('buyer_name', sa.String(length=120), nullable=False),
        sa.Column('buyer_tax_id', sa.String(length=24), nullable=False),
        sa.Column('seller_name', sa.String(length=120), nullable=False),
        sa.Column('seller_tax_id', sa.String(length=24), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=True),
        sa.Column('tax', sa.BigInteger(), nullable=True),
        sa.Column('total', sa.BigInteger(), nullable=False),
        sa.Column('total_capital', sa.String(length=80), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "identity IS NOT NULL OR duplicate_reason <> ''", name=op.f('ck_invoice_identity_or_reason')
        ),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_invoice_case_id')),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name=op.f('fk_invoice_document_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice')),
        sa.UniqueConstraint('document_id', name=op.f('uq_invoice_document_id')),
        sa.UniqueConstraint('identity', name=op.f('uq_invoice_identity')),
    )
    op.create_index(op.f('ix_invoice_case_id'), 'invoice', ['case_id'], unique=False)
    op.create_index('ix_invoice_number', 'invoice', ['number'], unique=False)
    op.create_table(
        'loss_item',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('claimed', sa.BigInteger(), nullable=False),
        sa.Column('confirmed', sa.BigInteger(), nullable=True),
        sa.Column('document_id', ROW_ID, nullable=True),
        sa.Column('note', sa.String(length=200), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "kind IN ('parts', 'labour', 'materials', 'towing', 'medical', 'lost_income', 'nursing', 'building', 'contents', 'third_party', 'salvage', 'other')",
            name=op.f('ck_loss_item_kind_known'),
        ),
        sa.CheckConstraint('claimed >= 0', name=op.f('ck_loss_item_claimed_not_negative')),
        sa.CheckConstraint('confirmed >= 0', name=op.f('ck_loss_item_confirmed_not_negative')),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_loss_item_case_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_loss_item_document_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_loss_item')),
    )
    op.create_index(op.f('ix_loss_item_case_id'), 'loss_item', ['case_id'], unique=False)
    op.create_table(
        'payment',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('calculation_id', ROW_ID, nullable=False),
        sa.Column('request_key', sa.String(length=40), nullable=False),
        sa.Column('payee_name', sa.String(length=120), nullable=False),
        sa.Column('bank_name', sa.String(length=120), nullable=False),
        sa.Column('account_number', sa.String(length=40), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('prepared_by', ROW_ID, nullable=False),
        sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('bank_reference', sa.String(length=60), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f('ck_payment_paid_has_time')),
        sa.CheckConstraint(
            "state IN ('prepared', 'paid', 'returned', 'cancelled')", name=op.f('ck_payment_state_known')
        ),
        sa.CheckConstraint('amount > 0', name=op.f('ck_payment_amount_positive')),
        sa.ForeignKeyConstraint(['calculation_id'], ['calculation.id'], name=op.f('fk_payment_calculation_id')),
        sa.ForeignKeyConstraint(['case_id'], ['claim_case.id'], name=op.f('fk_payment_case_id')),
        sa.ForeignKeyConstraint(['prepared_by'], ['account.id'], name=op.f('fk_payment_prepared_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
        sa.UniqueConstraint('request_key', name=op.f('uq_payment_request_key')),
    )
    op.create_index(op.f('ix_payment_case_id'), 'payment', ['case_id'], unique=False)
    op.create_index(
        'uq_payment_live',
        'payment',
        ['calculation_id'],
        unique=True,
        sqlite_where=sa.text("state IN ('prepared', 'paid')"),
        postgresql_where=sa.text("state IN ('prepared', 'paid')"),
    )
    op.create_table(
        'reading',
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('engine', sa.String(length=24), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name=op.f('fk_reading_document_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reading')),
    )
    op.create_index(op.f('ix_reading_document_id'), 'reading', ['document_id'], unique=False)
    op.create_table(
        'invoice_line',
        sa.Column('invoice_id', ROW_ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('specification', sa.String(length=80), nullable=False),
        sa.Column('unit', sa.String(length=24), nullable=False),
        sa.Column('quantity', sa.String(length=24), nullable=False),
        sa.Column('unit_price', sa.String(length=32), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=True),
        sa.Column('tax_rate', sa.String(length=16), nullable=False),
        sa.Column('tax', sa.BigInteger(), nullable=True),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ['invoice_id'], ['invoice.id'], name=op.f('fk_invoice_line_invoice_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_line')),
        sa.UniqueConstraint('invoice_id', 'position', name=op.f('uq_invoice_line_invoice_id_position')),
    )


def drop_tables() -> None:
    """The tables of the models, the dependent ones first."""
    op.drop_table('invoice_line')
    op.drop_index(op.f('ix_reading_document_id'), table_name='reading')
    op.drop_table('reading')
    op.drop_index(
        'uq_payment_live',
        table_name='payment',
        sqlite_where=sa.text("state IN ('prepared', 'paid')"),
        postgresql_where=sa.text("state IN ('prepared', 'paid')"),
    )
    op.drop_index(op.f('ix_payment_case_id'), table_name='payment')
    op.drop_table('payment')
    op.drop_index(op.f('ix_loss_item_case_id'), table_name='loss_item')
    op.drop_table('loss_item')
    op.drop_index('ix_invoice_number', table_name='invoice')
    op.drop_index(op.f('ix_invoice_case_id'), table_name='invoice')
    op.drop_table('invoice')
    op.drop_index(op.f('ix_document_page_sha256'), table_name='document_page')
    op.drop_table('document_page')
    op.drop_index('ix_task_owner', table_name='task')
    op.drop_index(op.f('ix_task_case_id'), table_name='task')
    op.drop_table('task')
    op.drop_table('survey_report')
    op.drop_index(op.f('ix_satisfaction_case_id'), table_name='satisfaction')
    op.drop_table('satisfaction')
    op.drop_index(
        'uq_reserve_first',
        table_name='reserve_change',
        sqlite_where=sa.text('first'),
        postgresql_where=sa.text('first'),
    )
    op.drop_index(op.f('ix_reserve_change_case_id'), table_name='reserve_change')
    op.drop_table('reserve_change')
    op.drop_index('ix_message_case', table_name='message')
    op.drop_table('message')
    op.drop_index('ix_document_state', table_name='document')
    op.drop_table('document')
    op.drop_index(op.f('ix_complaint_case_id'), table_name='complaint')
    op.drop_table('complaint')
    op.drop_table('checklist_item')
    op.drop_table('case_property')
    op.drop_index(op.f('ix_case_party_party_id'), table_name='case_party')
    op.drop_table('case_party')
    op.drop_table('case_motor')
    op.drop_table('case_medical')
    op.drop_index('ix_case_event_case', table_name='case_event')
    op.drop_table('case_event')
    op.drop_table('calculation')
    op.drop_table('saved_view')
    op.drop_index('ix_claim_case_team_id', table_name='claim_case')
    op.drop_index('ix_claim_case_stage_entered_at', table_name='claim_case')
    op.drop_index('ix_claim_case_stage', table_name='claim_case')
    op.drop_index('ix_claim_case_reporter_phone', table_name='claim_case')
    op.drop_index('ix_claim_case_reporter_name', table_name='claim_case')
    op.drop_index('ix_claim_case_reported_at', table_name='claim_case')
    op.drop_index('ix_claim_case_policy_number', table_name='claim_case')
    op.drop_index(op.f('ix_claim_case_policy_id'), table_name='claim_case')
    op.drop_index('ix_claim_case_plate', table_name='claim_case')
    op.drop_index('ix_claim_case_place', table_name='claim_case')
    op.drop_index('ix_claim_case_pinyin', table_name='claim_case')
    op.drop_index('ix_claim_case_paused_since', table_name='claim_case')
    op.drop_index('ix_claim_case_paid_amount', table_name='claim_case')
    op.drop_index('ix_claim_case_owner_id', table_name='claim_case')
    op.drop_index('ix_claim_case_outcome', table_name='claim_case')
    op.drop_index('ix_claim_case_missing_documents', table_name='claim_case')
    op.drop_index('ix_claim_case_loss_at', table_name='claim_case')
    op.drop_index('ix_claim_case_line', table_name='claim_case')
    op.drop_index('ix_claim_case_estimate', table_name='claim_case')
    op.drop_index('ix_claim_case_due_at', table_name='claim_case')
    op.drop_index('ix_claim_case_closed_at', table_name='claim_case')
    op.drop_index('ix_claim_case_cause', table_name='claim_case')
    op.drop_index(op.f('ix_claim_case_accident_id'), table_name='claim_case')
    op.drop_table('claim_case')
    op.drop_table('account_role')
    op.drop_index(op.f('ix_absence_account_id'), table_name='absence')
    op.drop_table('absence')
    op.drop_index(op.f('ix_coverage_policy_id'), table_name='coverage')
    op.drop_table('coverage')
    op.drop_table('account')
    op.drop_table('team')
    op.drop_table('sequence')
    op.drop_index('ix_policy_plate', table_name='policy')
    op.drop_index(op.f('ix_policy_insured_id'), table_name='policy')
    op.drop_index(op.f('ix_policy_holder_id'), table_name='policy')
    op.drop_table('policy')
    op.drop_table('office_setting')
    op.drop_table('file_content')
    op.drop_index(op.f('ix_contact_party_id'), table_name='contact')
    op.drop_table('contact')
    op.drop_table('accident')
    op.drop_table('stored_file')
    op.drop_index(op.f('ix_party_pinyin'), table_name='party')
    op.drop_index(op.f('ix_party_phone'), table_name='party')
    op.drop_index(op.f('ix_party_name'), table_name='party')
    op.drop_index(op.f('ix_party_id_number'), table_name='party')
    op.drop_table('party')
    op.drop_table('office')
    op.drop_table('calendar_day')
    op.drop_index('ix_audit_entry_case', table_name='audit_entry')
    op.drop_table('audit_entry')
