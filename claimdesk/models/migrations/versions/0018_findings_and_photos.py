"""What a paper says otherwise than its case is looked at with a reason; photos are measured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

BANDS = tuple(f'band_{place}' for place in range(8))
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'photo_measure',
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('page_index', sa.Integer(), nullable=False),
        sa.Column('rotation', sa.Integer(), nullable=False),
        sa.Column('sharpness', sa.Integer(), nullable=False),
        sa.Column('brightness', sa.Integer(), nullable=False),
        sa.Column('dark', sa.Integer(), nullable=False),
        sa.Column('bright', sa.Integer(), nullable=False),
        sa.Column('plates', sa.JSON(), nullable=True),
        sa.Column('look', sa.LargeBinary(16), nullable=False),
        *(sa.Column(band, sa.SmallInteger(), nullable=False) for band in BANDS),
        sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name='fk_photo_measure_sha256', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('sha256', 'page_index', name='pk_photo_measure'),
    )
    for band in BANDS:
        op.create_index(f'ix_photo_measure_{band}', 'photo_measure', [band])
    op.create_table(
        'finding_seen',
        sa.Column('case_id', ROW_ID, nullable=False),
        sa.Column('document_id', ROW_ID, nullable=False),
        sa.Column('code', sa.String(32), nullable=False),
        sa.Column('mark', sa.String(16), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(200), nullable=False),
        sa.Column('checked_by', ROW_ID, nullable=False),
        sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', ROW_ID, autoincrement=True, nullable=False),
        sa.CheckConstraint("reason <> ''", name='ck_finding_seen_seen_with_reason'),
        sa.ForeignKeyConstraint(
            ['case_id'], ['claim_case.id'], name='fk_finding_seen_case_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['document_id'], ['document.id'], name='fk_finding_seen_document_id', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['checked_by'], ['account.id'], name='fk_finding_seen_checked_by'),
        sa.PrimaryKeyConstraint('id', name='pk_finding_seen'),
        sa.UniqueConstraint('document_id', 'case_id', 'mark', name='uq_finding_seen_document_id_case_id_mark'),
    )
    op.create_index('ix_finding_seen_case_id', 'finding_seen', ['case_id'])


def downgrade() -> None:
    op.drop_table('finding_seen')
    op.drop_table('photo_measure')
