"""Remember which articles the newsroom pinned on the front page, and where."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("front_place", sa.Integer(), nullable=True))
    op.create_index("ix_article_front_place", "article", ["front_place"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_article_front_place", table_name="article")
    op.drop_column("article", "front_place")
