"""Papers other than invoices keep the fields that a person confirmed; lines of medical papers their class."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('document', sa.Column('fields', sa.JSON(), nullable=True))
    op.add_column('invoice_line', sa.Column('medical_class', sa.String(8), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('invoice_line', 'medical_class')
    op.drop_column('document', 'fields')
