"""Where a file that was cut out of a sheet lay on it, so that the sheet can be put together again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'piece_of_page',
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('from_sha256', sa.String(64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('rotation', sa.Integer(), nullable=False),
        sa.Column('corners', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name='fk_piece_of_page_sha256'),
        sa.ForeignKeyConstraint(['from_sha256'], ['stored_file.sha256'], name='fk_piece_of_page_from_sha256'),
        sa.PrimaryKeyConstraint('sha256', name='pk_piece_of_page'),
    )
    op.create_index('ix_piece_of_page_from_sha256', 'piece_of_page', ['from_sha256'])


def downgrade() -> None:
    op.drop_table('piece_of_page')
