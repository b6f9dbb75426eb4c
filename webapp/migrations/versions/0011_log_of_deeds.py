"""The log tells of what staff do to things that are no comments, too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    subject = sa.Column("subject", sa.String(80), server_default="", nullable=False)
    op.add_column("moderation_entry", subject)


def downgrade() -> None:
    # An entry about something else has no comment, so the tables before would have nothing to say of it.
    op.execute("DELETE FROM moderation_entry WHERE subject <> ''")
    op.drop_column("moderation_entry", "subject")
