"""Surveyors dispatched, losses reviewed, letters kept; quantities and medical classes of loss items; sketches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = sa.DateTime(timezone=True)
OLD_KINDS = (
    'parts', 'labour', 'materials', 'towing', 'medical', 'lost_income', 'nursing', 'building', 'contents',
    'third_party', 'salvage', 'other',
)  # fmt: skip
NEW_KINDS = (
    'parts', 'labour', 'materials', 'towing', 'medical', 'lost_income', 'nursing', 'hospital_meals', 'nutrition',
    'travel', 'aids', 'disability', 'death', 'funeral', 'dependants', 'solace', 'appraisal', 'building', 'contents',
    'machinery', 'third_party', 'salvage', 'other',
)  # fmt: skip
LINES = ('id', 'version', 'case_id', 'position', 'kind', 'name', 'claimed', 'confirmed', 'document_id', 'note')


def upgrade() -> None:
    op.add_column('checklist_item', sa.Column('name', sa.String(120), nullable=False, server_default=''))
    for column in ('answers', 'sketch'):
        op.add_column('survey_report', sa.Column(column, sa.JSON(), nullable=False, server_default='{}'))
    _dispatch()
    _review()
    _letter()
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_lines(NEW_KINDS, new=True)
        return
    _kinds(NEW_KINDS)
    for added in _new_columns():
        op.add_column('loss_item', added)
    op.create_check_constraint('ck_loss_item_medical_class_known', 'loss_item', "medical_class IN ('a', 'b', 'c')")
    op.create_check_constraint('ck_loss_item_quantity_positive', 'loss_item', 'quantity > 0')


def downgrade() -> None:
    new = ', '.join(f"'{kind}'" for kind in NEW_KINDS if kind not in OLD_KINDS)
    op.execute(f"UPDATE loss_item SET kind = 'other' WHERE kind IN ({new})")
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_lines(OLD_KINDS, new=False)
    else:
        _kinds(OLD_KINDS)
        op.drop_constraint('ck_loss_item_medical_class_known', 'loss_item')
        op.drop_constraint('ck_loss_item_quantity_positive', 'loss_item')
        for added in _new_columns():
            op.drop_column('loss_item', added.name)
    for table in ('letter', 'loss_review', 'survey_dispatch'):
        op.drop_table(table)
    for column in ('sketch', 'answers'):
        op.drop_column('survey_report', column)
    op.drop_column('checklist_item', 'name')


def _link(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{target}.id'], name=f'fk_{table}_{column}', ondelete='CASCADE' if cascade else None
    )


def _key(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint('id', name=f'pk_{table}'),
    )


def _one_of(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f'{column} IN {_listed(words)}', name=f'ck_{table}_{column}_known')


def _listed(words: tuple[str, ...]) -> str:
    return f'({", ".join(repr(word) for word in words)})'


def _dispatch() -> None:
    op.create_table(
        'survey_dispatch',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('surveyor_id', ROW_ID, nullable=False),
        sa.Column('appointment_at', TIME, nullable=True),
        sa.Column('place', sa.String(200), nullable=False),
        sa.Column('note', sa.String(400), nullable=False),
        sa.Column('dispatched_by', ROW_ID, nullable=True),
        sa.Column('dispatched_at', TIME, nullable=False),
        sa.Column('answered_at', TIME, nullable=True),
        sa.Column('reason', sa.String(200), nullable=False),
        sa.Column('contacted_at', TIME, nullable=True),
        sa.Column('contact_note', sa.String(400), nullable=False),
        sa.Column('finished_at', TIME, nullable=True),
        *_key('survey_dispatch'),
        _link('survey_dispatch', 'case_id', 'claim_case', cascade=True),
        _link('survey_dispatch', 'surveyor_id', 'account'),
        _link('survey_dispatch', 'dispatched_by', 'account'),
        _one_of('survey_dispatch', 'kind', ('motor', 'property', 'injury')),
        _one_of('survey_dispatch', 'state', ('offered', 'accepted', 'declined', 'done', 'withdrawn')),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name='ck_survey_dispatch_declined_with_reason'),
    )
    op.create_index('ix_survey_dispatch_case_id', 'survey_dispatch', ['case_id'])
    op.create_index('ix_survey_dispatch_surveyor_id', 'survey_dispatch', ['surveyor_id'])


def _review() -> None:
    op.create_table(
        'loss_review',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('state', sa.String(24), nullable=False),
        sa.Column('question', sa.String(400), nullable=False),
        sa.Column('asked_by', ROW_ID, nullable=False),
        sa.Column('asked_at', TIME, nullable=False),
        sa.Column('reviewed_by', ROW_ID, nullable=True),
        sa.Column('reviewed_at', TIME, nullable=True),
        sa.Column('answer', sa.String(400), nullable=False),
        sa.Column('changes', sa.JSON(), nullable=False),
        *_key('loss_review'),
        _link('loss_review', 'case_id', 'claim_case', cascade=True),
        _link('loss_review', 'asked_by', 'account'),
        _link('loss_review', 'reviewed_by', 'account'),
        _one_of('loss_review', 'kind', ('price_check', 'reinspection')),
        _one_of('loss_review', 'state', ('open', 'agreed', 'changed', 'withdrawn')),
        sa.CheckConstraint(
            'reviewed_by IS NULL OR reviewed_by <> asked_by', name='ck_loss_review_second_person_reviews'
        ),
    )
    op.create_index('ix_loss_review_case_id', 'loss_review', ['case_id'])


def _letter() -> None:
    op.create_table(
        'letter',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('number', sa.String(32), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.Column('addressee', sa.String(120), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('details', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(400), nullable=False),
        sa.Column('channel', sa.String(24), nullable=False),
        sa.Column('sent_by', ROW_ID, nullable=False),
        sa.Column('sent_at', TIME, nullable=False),
        sa.Column('arrived_at', TIME, nullable=True),
        sa.Column('document_id', ROW_ID, nullable=True),
        *_key('letter'),
        _link('letter', 'office_id', 'office'),
        _link('letter', 'case_id', 'claim_case', cascade=True),
        _link('letter', 'sent_by', 'account'),
        _link('letter', 'document_id', 'document'),
        sa.UniqueConstraint('number', name='uq_letter_number'),
        _one_of(
            'letter',
            'kind',
            ('report_record', 'survey_report', 'loss_list', 'supplement', 'payment_notice', 'refusal', 'urging',
             'archive_index'),
        ),
        _one_of('letter', 'channel', ('phone', 'sms', 'email', 'letter', 'visit', 'note')),
    )  # fmt: skip
    op.create_index('ix_letter_case_id', 'letter', ['case_id'])


def _new_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column('whose', sa.String(60), nullable=False, server_default=''),
        sa.Column('quantity', sa.Integer(), nullable=False, server_default='10000'),
        sa.Column('unit', sa.String(12), nullable=False, server_default=''),
        sa.Column('unit_price', sa.BigInteger(), nullable=True),
        sa.Column('medical_class', sa.String(24), nullable=True),
        sa.Column('own_share', sa.Integer(), nullable=True),
    )


def _kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint('ck_loss_item_kind_known', 'loss_item')
    op.create_check_constraint('ck_loss_item_kind_known', 'loss_item', f'kind IN {_listed(kinds)}')


def _rebuild_lines(kinds: tuple[str, ...], *, new: bool) -> None:
    # SQLite changes no constraint of a table, so the table is made anew and its rows move over; nothing refers to it.
    op.drop_index('ix_loss_item_case_id', table_name='loss_item')
    op.rename_table('loss_item', 'loss_item_before')
    more = (
        (
            *_new_columns(),
            sa.CheckConstraint("medical_class IN ('a', 'b', 'c')", name='ck_loss_item_medical_class_known'),
            sa.CheckConstraint('quantity > 0', name='ck_loss_item_quantity_positive'),
        )
        if new
        else ()
    )
    op.create_table(
        'loss_item',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('claimed', sa.BigInteger(), nullable=False),
        sa.Column('confirmed', sa.BigInteger(), nullable=True),
        sa.Column('document_id', ROW_ID, nullable=True),
        sa.Column('note', sa.String(200), nullable=False),
        *_key('loss_item'),
        _one_of('loss_item', 'kind', kinds),
        sa.CheckConstraint('claimed >= 0', name='ck_loss_item_claimed_not_negative'),
        sa.CheckConstraint('confirmed >= 0', name='ck_loss_item_confirmed_not_negative'),
        _link('loss_item', 'case_id', 'claim_case', cascade=True),
        _link('loss_item', 'document_id', 'document'),
        *more,
    )
    columns = ', '.join(LINES)
    op.execute(f'INSERT INTO loss_item ({columns}) SELECT {columns} FROM loss_item_before')
    op.drop_table('loss_item_before')
    op.create_index('ix_loss_item_case_id', 'loss_item', ['case_id'])
