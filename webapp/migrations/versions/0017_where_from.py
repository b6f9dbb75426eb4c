"""Where readers came from, and how far they read: numbers by article and day."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    article = sa.ForeignKey("article.id", ondelete="CASCADE")
    op.create_table(
        "referrer_day",
        sa.Column("article_id", sa.Integer(), article, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True),
        sa.Column("host", sa.String(100), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_referrer_day_not_negative")),
    )
    op.create_index("ix_referrer_day_window", "referrer_day", ["day", "host", "article_id", "count"])
    article = sa.ForeignKey("article.id", ondelete="CASCADE")
    op.create_table(
        "depth_day",
        sa.Column("article_id", sa.Integer(), article, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True),
        sa.Column("depth", sa.Integer(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_depth_day_not_negative")),
    )
    op.create_index("ix_depth_day_window", "depth_day", ["day", "depth", "article_id", "count"])


def downgrade() -> None:
    op.drop_table("depth_day")
    op.drop_table("referrer_day")
