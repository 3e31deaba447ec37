"""Find confirmed invoices by the tax number and the name of buyer and seller."""

from __future__ import annotations

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for side in ('seller', 'buyer'):
        op.create_index(f'ix_invoice_{side}_tax_id', 'invoice', [f'{side}_tax_id', f'{side}_name'])
        op.create_index(f'ix_invoice_{side}_name', 'invoice', [f'{side}_name', f'{side}_tax_id'])


def downgrade() -> None:
    for side in ('seller', 'buyer'):
        op.drop_index(f'ix_invoice_{side}_name', 'invoice')
        op.drop_index(f'ix_invoice_{side}_tax_id', 'invoice')
