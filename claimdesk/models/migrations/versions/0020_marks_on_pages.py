"""People mark pages for copies: highlights, boxes, notes, and places that are blacked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'page_mark',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('box', sa.JSON(), nullable=False),
        sa.Column('note', sa.String(400), nullable=False),
        sa.Column('made_by', ROW_ID, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('highlight', 'box', 'note', 'blackout')", name='ck_page_mark_kind_known'),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name='fk_page_mark_case_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name='fk_page_mark_sha256'),
        sa.ForeignKeyConstraint(['made_by'], ['account.id'], name='fk_page_mark_made_by'),
        sa.PrimaryKeyConstraint('id', name='pk_page_mark'),
    )
    op.create_index('ix_page_mark_case_id', 'page_mark', ['case_id'])


def downgrade() -> None:
    op.drop_table('page_mark')
