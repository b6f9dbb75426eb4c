"""Mail that waits to be sent; proved addresses and names; replies that their writers are told about."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Json, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("recipient", sa.String(254), nullable=False, index=True),
        sa.Column("subject", sa.String(250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True, index=True),
        sa.Column("problem", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unclear')",
            name=op.f("ck_outgoing_mail_state"),
        ),
    )
    op.create_index("ix_outgoing_mail_due", "outgoing_mail", ["state", "due_at"])
    op.create_table(
        "proved_address",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(245), nullable=False),
        sa.Column("name_key", sa.String(245), nullable=True, unique=True),
        sa.Column("proved_at", UTCDateTime(), nullable=False),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
    )
    op.create_table(
        "proved_writer",
        sa.Column(
            "address_id",
            sa.Integer(),
            sa.ForeignKey("proved_address.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("writer_hash", sa.String(64), primary_key=True),
    )
    op.create_index("ix_proved_writer_writer", "proved_writer", ["writer_hash"])
    op.create_table(
        "reply_notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "comment_id", sa.Integer(), sa.ForeignKey("comment.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "address_id", sa.Integer(), sa.ForeignKey("proved_address.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("is_daily", sa.Boolean(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("mailed_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("comment_id", "address_id", name="uq_reply_notice_once"),
    )
    op.create_index("ix_reply_notice_waiting", "reply_notice", ["mailed_at", "due_at"])
    op.add_column("comment", sa.Column("is_proved", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("comment", sa.Column("notify", sa.String(8), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("comment", "notify")
    op.drop_column("comment", "is_proved")
    for table in ("reply_notice", "proved_writer", "proved_address", "outgoing_mail"):
        op.drop_table(table)
