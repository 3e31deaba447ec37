"""What cards and licences say: when a person was born, whose the vehicle is, the number of its engine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('party', sa.Column('born_on', sa.Date(), nullable=True))
    for column, length in (('vehicle_owner', 60), ('engine_number', 24)):
        op.add_column('case_motor', sa.Column(column, sa.String(length=length), nullable=False, server_default=''))


def downgrade() -> None:
    for column in ('engine_number', 'vehicle_owner'):
        op.drop_column('case_motor', column)
    op.drop_column('party', 'born_on')
