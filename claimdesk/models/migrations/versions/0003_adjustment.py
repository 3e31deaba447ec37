"""Advance payments among the calculations, and what each calculation takes of a cover's limit and deductible."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    # SQLite takes a check only along with its column, so the statement is written out.
    op.execute(
        "ALTER TABLE calculation ADD COLUMN kind VARCHAR(24) DEFAULT 'final' NOT NULL"
        " CONSTRAINT ck_calculation_kind_known CHECK (kind IN ('final', 'advance'))"
    )
    op.add_column('calculation', sa.Column('advanced', sa.BigInteger(), nullable=False, server_default='0'))
    op.add_column('calculation', sa.Column('reversed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        'calculation', sa.Column('reversal_reason', sa.String(length=400), nullable=False, server_default='')
    )
    op.create_table(
        'cover_use',
        sa.Column('calculation_id', ROW_ID, nullable=False),
        sa.Column('coverage_id', ROW_ID, nullable=False),
        sa.Column('scope', sa.String(length=160), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('deductible', sa.BigInteger(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ['calculation_id'], ['calculation.id'], name='fk_cover_use_calculation_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['coverage_id'], ['coverage.id'], name='fk_cover_use_coverage_id'),
        sa.PrimaryKeyConstraint('id', name='pk_cover_use'),
    )
    op.create_index('ix_cover_use_calculation_id', 'cover_use', ['calculation_id'])
    op.create_index('ix_cover_use_scope', 'cover_use', ['coverage_id', 'scope'])


def downgrade() -> None:
    op.drop_index('ix_cover_use_scope', table_name='cover_use')
    op.drop_index('ix_cover_use_calculation_id', table_name='cover_use')
    op.drop_table('cover_use')
    for column in ('reversal_reason', 'reversed_at', 'advanced', 'kind'):
        op.drop_column('calculation', column)
