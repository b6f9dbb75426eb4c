"""The sitemap's parts find their latest change at the end of an index, whatever the size of the paper."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PART = "id / 5000"
OPEN = "listed_at IS NOT NULL AND password_hash IS NULL"
CHANGED = f"{OPEN} AND updated_at IS NOT NULL"


def upgrade() -> None:
    op.drop_index("ix_article_updated", "article")
    stored = op.get_bind().dialect.name == "postgresql" or None
    op.add_column("article", sa.Column("sitemap_part", sa.Integer(), sa.Computed(PART, persisted=stored)))
    for name, column, where in (
        ("ix_article_part_listed", "listed_at", OPEN),
        ("ix_article_part_updated", "updated_at", CHANGED),
    ):
        some = sa.text(where)
        op.create_index(name, "article", ["sitemap_part", column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index("ix_article_part_updated", "article")
    op.drop_index("ix_article_part_listed", "article")
    op.drop_column("article", "sitemap_part")
    known = sa.text("updated_at IS NOT NULL")
    op.create_index(
        "ix_article_updated", "article", ["updated_at", "id"], sqlite_where=known, postgresql_where=known
    )
