"""Documents say which cover sheet lay on them; who has a document on the bench is known to every desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('document', sa.Column('cover', sa.String(120), nullable=False, server_default=''))
    op.create_table(
        'document_hold',
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('account_id', ROW_ID, nullable=False),
        sa.Column('holder', sa.String(60), nullable=False),
        sa.Column('held_until', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name='fk_document_hold_document_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_document_hold_account_id'),
        sa.PrimaryKeyConstraint('document_id', name='pk_document_hold'),
    )


def downgrade() -> None:
    op.drop_table('document_hold')
    op.drop_column('document', 'cover')
