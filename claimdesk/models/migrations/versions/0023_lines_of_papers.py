"""The lines of a paper that is no invoice, as a person confirmed them: of an expense list, of a repair estimate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('document', sa.Column('lines', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('document', 'lines')
