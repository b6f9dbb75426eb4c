"""Remember the sizes that were made of a picture, and its colour at large."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = {"rendition": 16, "rendition_problem": 200, "tint": 3}


def upgrade() -> None:
    for name, length in COLUMNS.items():
        op.add_column("media", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("media", name)
