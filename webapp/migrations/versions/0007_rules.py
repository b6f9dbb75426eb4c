"""Scores and pins of comments; switches, blocked networks, and what decisions taught."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Json, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _to(table: str, deletes: str = "CASCADE") -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete=deletes)


def upgrade() -> None:
    op.add_column("comment", sa.Column("is_pinned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("comment", sa.Column("score", sa.Integer(), nullable=True))
    op.add_column("comment", sa.Column("band", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_comment_bands", "comment", ["status", "band", "created_at", "id"])
    pinned = sa.text("is_pinned")
    op.create_index(
        "ix_comment_pinned",
        "comment",
        ["article_id"],
        unique=True,
        sqlite_where=pinned,
        postgresql_where=pinned,
    )
    op.create_index("ix_comment_network", "comment", ["network_hash", "created_at"])
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("article_id", sa.Integer(), _to("article"), nullable=True),
        sa.Column("category_id", sa.Integer(), _to("category"), nullable=True),
        sa.Column("tag_id", sa.Integer(), _to("tag"), nullable=True),
        sa.Column("holds_all", sa.Boolean(), nullable=False),
        sa.Column("holds_links", sa.Boolean(), nullable=False),
        sa.Column("slow_seconds", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("account_id", sa.Integer(), _to("account", "SET NULL"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
    )
    op.create_index("ix_restriction_in_force", "restriction", ["ended_at", "ends_at"])
    op.create_table(
        "blocked_network",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("daily_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("lasting_hash", sa.String(64), nullable=True, index=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("account_id", sa.Integer(), _to("account", "SET NULL"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("quality", Json, nullable=False),
    )


def downgrade() -> None:
    for table in ("lesson", "blocked_network", "restriction"):
        op.drop_table(table)
    op.drop_index("ix_comment_network", table_name="comment")
    op.drop_index("ix_comment_pinned", table_name="comment")
    op.drop_index("ix_comment_bands", table_name="comment")
    for column in ("band", "score", "is_pinned"):
        op.drop_column("comment", column)
