"""The advances that wait for an approver are found at once."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

WAITING = "kind = 'advance' AND state = 'pending'"


def upgrade() -> None:
    op.create_index(
        'ix_calculation_advance', 'calculation', ['id'], sqlite_where=text(WAITING), postgresql_where=text(WAITING)
    )


def downgrade() -> None:
    op.drop_index('ix_calculation_advance', 'calculation')
