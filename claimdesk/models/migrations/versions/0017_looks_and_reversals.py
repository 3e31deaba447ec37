"""Pages are compared by what they look like; a credit note says which invoice it takes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BANDS = tuple(f'band_{place}' for place in range(8))
REVERSING = sa.text("reverses <> ''")


def upgrade() -> None:
    op.create_table(
        'page_look',
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('rotation', sa.Integer(), nullable=False),
        sa.Column('bits', sa.LargeBinary(24), nullable=True),
        *(sa.Column(band, sa.SmallInteger(), nullable=True) for band in BANDS),
        sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name='fk_page_look_sha256', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('sha256', 'page_index', 'rotation', name='pk_page_look'),
    )
    for band in BANDS:
        op.create_index(f'ix_page_look_{band}', 'page_look', [band])
    op.add_column('invoice', sa.Column('reverses', sa.String(48), nullable=False, server_default=''))
    op.create_index(
        'ix_invoice_reverses', 'invoice', ['reverses'], sqlite_where=REVERSING, postgresql_where=REVERSING
    )


def downgrade() -> None:
    op.drop_index('ix_invoice_reverses', 'invoice')
    op.drop_column('invoice', 'reverses')
    op.drop_table('page_look')
