"""Sessions that can be listed and ended one by one; second factors with their recovery codes."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Json, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_session",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer(),
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "second_factor",
        sa.Column(
            "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("codes", Json, nullable=False),
        sa.Column("used_at_step", sa.BigInteger(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("second_factor")
    op.drop_table("staff_session")
