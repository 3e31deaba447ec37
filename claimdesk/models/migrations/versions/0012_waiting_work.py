"""What waits beside the steps of cases is found at once, however much has been done: small indexes over the open rows."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

INDEXES = (
    ('ix_survey_dispatch_live', 'survey_dispatch', 'surveyor_id', "state IN ('offered', 'accepted')"),
    ('ix_loss_review_open', 'loss_review', 'id', "state = 'open'"),
    ('ix_payee_account_unchecked', 'payee_account', 'id', 'needs_check AND checked_by IS NULL'),
    ('ix_payment_prepared', 'payment', 'batch_id', "state = 'prepared'"),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=text(where), postgresql_where=text(where))


def downgrade() -> None:
    for name, table, _column, _where in reversed(INDEXES):
        op.drop_index(name, table)
