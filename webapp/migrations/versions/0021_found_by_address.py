"""The desk finds an article by the beginning of its slug, and somebody's own ones, along an index."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_article_slug", "article", ["slug"], postgresql_ops={"slug": "text_pattern_ops"})
    op.drop_index("ix_article_account_id", "article")
    op.create_index("ix_article_account", "article", ["account_id", "id", "status"])


def downgrade() -> None:
    op.drop_index("ix_article_account", "article")
    op.create_index("ix_article_account_id", "article", ["account_id"])
    op.drop_index("ix_article_slug", "article")
