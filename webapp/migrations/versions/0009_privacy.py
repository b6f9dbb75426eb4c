"""Wishes about people's own data; the log is counted by month."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("wish", sa.String(16), nullable=False),
        sa.Column("proved_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column(
            "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True
        ),
        sa.Column("touched", sa.Integer(), nullable=False),
        sa.CheckConstraint("wish IN ('export', 'erasure')", name=op.f("ck_privacy_request_wish")),
    )
    op.create_index("ix_moderation_entry_created", "moderation_entry", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_moderation_entry_created", table_name="moderation_entry")
    op.drop_table("privacy_request")
