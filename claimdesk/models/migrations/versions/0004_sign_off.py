"""Signatures and keys, payees' accounts, batches and answers of the bank, requests for moves, the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = sa.DateTime(timezone=True)
LIVE = sa.text("state IN ('prepared', 'paid')")
NOT_RETIRED = sa.text('retired_at IS NULL')
UNDECIDED = sa.text('decided_by IS NULL')


def upgrade() -> None:
    _signing()
    _money()
    _closing()
    op.add_column('office', sa.Column('signing_since', TIME, nullable=True))
    op.execute('UPDATE office SET signing_since = CURRENT_TIMESTAMP')


def downgrade() -> None:
    op.drop_column('office', 'signing_since')
    _take_guard_away()
    op.drop_index('ix_payment_live', table_name='payment')
    op.drop_index('ix_payment_batch_id', table_name='payment')
    op.drop_column('payment', 'batch_id')
    op.drop_column('payment', 'payee_account_id')
    op.create_index('uq_payment_live', 'payment', ['calculation_id'], unique=True, sqlite_where=LIVE,
                    postgresql_where=LIVE)  # fmt: skip
    for table in ('archive_record', 'move_request', 'account_reveal', 'bank_answer', 'payment_batch', 'payee_account',
                  'sign_off', 'signing_key'):  # fmt: skip
        op.drop_table(table)


def _link(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{target}.id'], name=f'fk_{table}_{column}', ondelete='CASCADE' if cascade else None
    )


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column('id', ROW_ID, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint('id', name=f'pk_{table}')


def _signing() -> None:
    op.create_table(
        'signing_key',
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('public_key', sa.String(64), nullable=False),
        sa.Column('sealed_private_key', sa.String(400), nullable=False),
        sa.Column('created_at', TIME, nullable=False),
        sa.Column('retired_at', TIME, nullable=True),
        *_key('signing_key'),
        _link('signing_key', 'account_id', 'account'),
        sa.UniqueConstraint('public_key', name='uq_signing_key_public_key'),
    )
    op.create_index('uq_signing_key_live', 'signing_key', ['account_id'], unique=True, sqlite_where=NOT_RETIRED,
                    postgresql_where=NOT_RETIRED)  # fmt: skip
    op.create_table(
        'sign_off',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('calculation_id', ROW_ID, nullable=False),
        sa.Column('decision', sa.String(24), nullable=False),
        sa.Column('level', sa.String(60), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('reason_code', sa.String(24), nullable=False),
        sa.Column('note', sa.String(400), nullable=False),
        sa.Column('reference', sa.String(80), nullable=False),
        sa.Column('document_id', ROW_ID, nullable=True),
        sa.Column('signed_by', ROW_ID, nullable=False),
        sa.Column('signed_at', TIME, nullable=False),
        sa.Column('key_id', ROW_ID, nullable=True),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('signature', sa.String(128), nullable=False),
        *_key('sign_off'),
        _link('sign_off', 'case_id', 'claim_case', cascade=True),
        _link('sign_off', 'calculation_id', 'calculation', cascade=True),
        _link('sign_off', 'document_id', 'document'),
        _link('sign_off', 'signed_by', 'account'),
        _link('sign_off', 'key_id', 'signing_key'),
        sa.CheckConstraint(
            "decision IN ('approved', 'passed_up', 'head_office', 'returned')", name='ck_sign_off_decision_known'
        ),
        sa.CheckConstraint("(decision = 'returned') = (key_id IS NULL)", name='ck_sign_off_decision_is_signed'),
    )
    op.create_index('ix_sign_off_case_id', 'sign_off', ['case_id'])
    op.create_index('ix_sign_off_calculation_id', 'sign_off', ['calculation_id'])


def _money() -> None:
    op.create_table(
        'payee_account',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('bank_name', sa.String(120), nullable=False),
        sa.Column('account_number', sa.String(40), nullable=False),
        sa.Column('needs_check', sa.Boolean(), nullable=False),
        sa.Column('reason', sa.String(200), nullable=False),
        sa.Column('entered_by', ROW_ID, nullable=False),
        sa.Column('entered_at', TIME, nullable=False),
        sa.Column('checked_by', ROW_ID, nullable=True),
        sa.Column('checked_at', TIME, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('payee_account'),
        _link('payee_account', 'case_id', 'claim_case', cascade=True),
        _link('payee_account', 'entered_by', 'account'),
        _link('payee_account', 'checked_by', 'account'),
        sa.UniqueConstraint('case_id', 'name', 'bank_name', 'account_number', name='uq_payee_account_case'),
        sa.CheckConstraint(
            'checked_by IS NULL OR checked_by <> entered_by', name='ck_payee_account_second_person_checks'
        ),
        sa.CheckConstraint('(checked_by IS NULL) = (checked_at IS NULL)', name='ck_payee_account_check_has_time'),
    )
    op.create_table(
        'payment_batch',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('number', sa.String(24), nullable=False),
        sa.Column('template', sa.String(60), nullable=False),
        sa.Column('payments', sa.Integer(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('made_by', ROW_ID, nullable=False),
        sa.Column('made_at', TIME, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('payment_batch'),
        _link('payment_batch', 'office_id', 'office'),
        _link('payment_batch', 'made_by', 'account'),
        sa.UniqueConstraint('number', name='uq_payment_batch_number'),
    )
    op.create_table(
        'bank_answer',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('file_name', sa.String(200), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('lines', sa.JSON(), nullable=False),
        sa.Column('imported_by', ROW_ID, nullable=False),
        sa.Column('imported_at', TIME, nullable=False),
        *_key('bank_answer'),
        _link('bank_answer', 'office_id', 'office'),
        _link('bank_answer', 'imported_by', 'account'),
    )
    op.create_index('ix_bank_answer_digest', 'bank_answer', ['digest'])
    op.create_table(
        'account_reveal',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('payment_id', ROW_ID, nullable=False),
        sa.Column('seen_by', ROW_ID, nullable=False),
        sa.Column('seen_at', TIME, nullable=False),
        *_key('account_reveal'),
        _link('account_reveal', 'case_id', 'claim_case', cascade=True),
        _link('account_reveal', 'payment_id', 'payment', cascade=True),
        _link('account_reveal', 'seen_by', 'account'),
    )
    op.create_index('ix_account_reveal_case_id', 'account_reveal', ['case_id'])
    kind = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    for column, target in (('payee_account_id', 'payee_account'), ('batch_id', 'payment_batch')):
        # SQLite takes a reference only along with its column, so the statement is written out.
        op.execute(
            f'ALTER TABLE payment ADD COLUMN {column} {kind}'
            f' CONSTRAINT fk_payment_{column} REFERENCES {target} (id)'
        )
    op.drop_index('uq_payment_live', table_name='payment')
    op.create_index('ix_payment_live', 'payment', ['calculation_id', 'state'])
    op.create_index('ix_payment_batch_id', 'payment', ['batch_id'])
    _guard()


def _guard() -> None:
    """The database itself refuses payments that together exceed what their calculation says."""
    if op.get_bind().dialect.name == 'sqlite':
        for name, event in (('insert', 'INSERT'), ('update', 'UPDATE OF state, amount, calculation_id')):
            op.execute(
                f'CREATE TRIGGER payment_within_payable_{name} AFTER {event} ON payment '
                "WHEN NEW.state IN ('prepared', 'paid') AND (SELECT sum(amount) FROM payment "
                "WHERE calculation_id = NEW.calculation_id AND state IN ('prepared', 'paid')) "
                '> (SELECT payable FROM calculation WHERE id = NEW.calculation_id) '
                "BEGIN SELECT RAISE(ABORT, 'payments exceed what is payable'); END"
            )
        return
    op.execute(
        'CREATE FUNCTION payment_within_payable() RETURNS trigger LANGUAGE plpgsql AS $$ '
        'DECLARE most bigint; DECLARE live bigint; BEGIN '
        "IF NEW.state NOT IN ('prepared', 'paid') THEN RETURN NEW; END IF; "
        'SELECT payable INTO most FROM calculation WHERE id = NEW.calculation_id FOR NO KEY UPDATE; '
        'SELECT sum(amount) INTO live FROM payment '
        "WHERE calculation_id = NEW.calculation_id AND state IN ('prepared', 'paid'); "
        'IF live > most THEN '
        "RAISE EXCEPTION 'payments exceed what is payable' USING ERRCODE = 'check_violation'; END IF; "
        'RETURN NEW; END $$'
    )
    op.execute(
        'CREATE TRIGGER payment_within_payable AFTER INSERT OR UPDATE OF state, amount, calculation_id ON payment '
        'FOR EACH ROW EXECUTE FUNCTION payment_within_payable()'
    )


def _take_guard_away() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER payment_within_payable_insert')
        op.execute('DROP TRIGGER payment_within_payable_update')
        return
    op.execute('DROP TRIGGER payment_within_payable ON payment')
    op.execute('DROP FUNCTION payment_within_payable()')


def _closing() -> None:
    op.create_table(
        'move_request',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('move', sa.String(24), nullable=False),
        sa.Column('reason', sa.String(400), nullable=False),
        sa.Column('requested_by', ROW_ID, nullable=False),
        sa.Column('requested_at', TIME, nullable=False),
        sa.Column('decided_by', ROW_ID, nullable=True),
        sa.Column('decided_at', TIME, nullable=True),
        sa.Column('granted', sa.Boolean(), nullable=True),
        sa.Column('answer', sa.String(400), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        *_key('move_request'),
        _link('move_request', 'case_id', 'claim_case', cascade=True),
        _link('move_request', 'requested_by', 'account'),
        _link('move_request', 'decided_by', 'account'),
        sa.CheckConstraint(
            'decided_by IS NULL OR decided_by <> requested_by', name='ck_move_request_nobody_grants_own_request'
        ),
        sa.CheckConstraint('(decided_by IS NULL) = (granted IS NULL)', name='ck_move_request_decision_has_person'),
    )
    op.create_index('ix_move_request_case_id', 'move_request', ['case_id'])
    op.create_index('uq_move_request_open', 'move_request', ['case_id', 'move'], unique=True, sqlite_where=UNDECIDED,
                    postgresql_where=UNDECIDED)  # fmt: skip
    op.create_table(
        'archive_record',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('contents', sa.JSON(), nullable=False),
        sa.Column('keep_until', sa.Date(), nullable=False),
        sa.Column('archived_by', ROW_ID, nullable=False),
        sa.Column('archived_at', TIME, nullable=False),
        *_key('archive_record'),
        _link('archive_record', 'case_id', 'claim_case', cascade=True),
        _link('archive_record', 'archived_by', 'account'),
    )
    op.create_index('ix_archive_record_case_id', 'archive_record', ['case_id'])
