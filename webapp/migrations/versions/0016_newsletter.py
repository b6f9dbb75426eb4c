"""The newsletter, and which mail belongs to which edition."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UTCDateTime, one_of
from webapp.models.newsletter import EditionState, SubscriberState

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("bounced_at", UTCDateTime(), nullable=True),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.CheckConstraint(one_of("state", SubscriberState), name="state"),
    )
    op.create_index("ix_subscriber_state", "subscriber", ["state", "id"])
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("rule_key", sa.String(40), nullable=True, unique=True),
        sa.Column(
            "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True, index=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.CheckConstraint(one_of("state", EditionState), name="state"),
    )
    op.create_table(
        "edition_article",
        sa.Column(
            "edition_id", sa.Integer(), sa.ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column(
            "article_id",
            sa.Integer(),
            sa.ForeignKey("article.id", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.add_column("outgoing_mail", sa.Column("batch", sa.String(40), nullable=True))
    op.create_index("ix_outgoing_mail_batch", "outgoing_mail", ["batch", "state"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_batch", "outgoing_mail")
    op.drop_column("outgoing_mail", "batch")
    op.drop_table("edition_article")
    op.drop_table("edition")
    op.drop_table("subscriber")
