"""Keep skills, areas and shares of people, and how much work each is owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ROLES = (
    "'service', 'surveyor', 'assessor', 'adjuster', 'approver', 'finance', 'coordinator', 'manager', 'administrator',"
    " 'auditor'"
)


def upgrade() -> None:
    op.create_table(
        'work_profile',
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('skills', sa.JSON(), nullable=False),
        sa.Column('areas', sa.JSON(), nullable=False),
        sa.Column('weight', sa.Integer(), nullable=False),
        sa.Column('hard_capacity', sa.Integer(), nullable=True),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('hard_capacity > 0', name='ck_work_profile_hard_capacity_positive'),
        sa.CheckConstraint('weight BETWEEN 10 AND 200', name='ck_work_profile_weight_sensible'),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name='fk_work_profile_account_id', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_work_profile'),
        sa.UniqueConstraint('account_id', name='uq_work_profile_account_id'),
    )
    op.create_table(
        'work_credit',
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('role', sa.String(length=24), nullable=False),
        sa.Column('credit', sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f'role IN ({ROLES})', name='ck_work_credit_role_known'),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_work_credit_account_id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('account_id', 'role', name='pk_work_credit'),
    )


def downgrade() -> None:
    op.drop_table('work_credit')
    op.drop_table('work_profile')
