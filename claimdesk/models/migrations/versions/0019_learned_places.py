"""Where papers of an issuer hold their values, as people of the office found them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'learned_place',
        sa.Column('office_id', ROW_ID, nullable=False),
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('kind', sa.String(24), nullable=False),
        sa.Column('issuer', sa.String(80), nullable=False),
        sa.Column('issuer_name', sa.String(120), nullable=False),
        sa.Column('title', sa.String(80), nullable=False),
        sa.Column('field', sa.String(40), nullable=False),
        sa.Column('label', sa.String(40), nullable=False),
        sa.Column('side', sa.String(5), nullable=False),
        sa.Column('x', sa.Double(), nullable=False),
        sa.Column('y', sa.Double(), nullable=False),
        sa.Column('width', sa.Double(), nullable=False),
        sa.Column('height', sa.Double(), nullable=False),
        sa.Column('learned_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('learned_by', ROW_ID, nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(['office_id'], ['office.id'], name='fk_learned_place_office_id'),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name='fk_learned_place_document_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['learned_by'], ['account.id'], name='fk_learned_place_learned_by'),
        sa.PrimaryKeyConstraint('id', name='pk_learned_place'),
        sa.UniqueConstraint('document_id', 'field', name='uq_learned_place_document_id_field'),
    )
    op.create_index('ix_learned_place_issuer', 'learned_place', ['office_id', 'kind', 'issuer'])
    op.create_index('ix_learned_place_title', 'learned_place', ['office_id', 'kind', 'title'])


def downgrade() -> None:
    op.drop_table('learned_place')
