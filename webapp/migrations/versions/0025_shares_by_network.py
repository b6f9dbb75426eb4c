"""How often an article was shared on each network stands in rows of its own: each page shows it, and the hours it was
added up from are hundreds for an article that was shared a lot."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_total",
        sa.Column(
            "article_id", sa.Integer(), sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("network", sa.String(16), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name="not_negative"),
    )
    op.execute(
        "INSERT INTO share_total (article_id, network, count) SELECT article_id, metric, sum(count) FROM"
        " (SELECT article_id, metric, count FROM tally_hour WHERE metric <> 'view'"
        " UNION ALL SELECT article_id, metric, count FROM tally_day WHERE metric <> 'view') AS counted"
        " GROUP BY article_id, metric"
    )


def downgrade() -> None:
    op.drop_table("share_total")
