"""The media library: who brought a file, its licence, the point of a picture that a cut has to keep."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media", sa.Column("licence", sa.String(200), server_default="", nullable=False))
    op.add_column("media", sa.Column("focus_x", sa.Integer(), server_default="50", nullable=False))
    op.add_column("media", sa.Column("focus_y", sa.Integer(), server_default="50", nullable=False))
    op.add_column("media", sa.Column("account_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("account_id", "focus_y", "focus_x", "licence"):
        op.drop_column("media", name)
