"""The entries of one row are found by an index, so that rows can be compared with the trail."""

from __future__ import annotations

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_audit_entry_row', 'audit_entry', ['kind', 'row_id', 'id'])


def downgrade() -> None:
    op.drop_index('ix_audit_entry_row', 'audit_entry')
