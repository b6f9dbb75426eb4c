"""What staff decided on is marked at the comment itself, so that a row of the queue reads as much in any paper.

The database marks it by a trigger, in the transaction that writes the decision into the log.
"""

# ruff: noqa: S608, ISC004 (statements made of names that stand in this file)
import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DECISIONS = "('approval', 'hold', 'spam', 'trash', 'undo')"


def upgrade() -> None:
    op.add_column("comment", sa.Column("is_decided", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE comment SET is_decided = true WHERE id IN"
        f" (SELECT comment_id FROM moderation_entry WHERE account_id IS NOT NULL AND decision IN {DECISIONS})"
    )
    op.create_index(
        "ix_comment_decided",
        "comment",
        ["writer_hash", "created_at", "id", "status", "is_withdrawn", "is_decided"],
        sqlite_where=sa.text("is_decided = 1"),
        postgresql_where=sa.text("is_decided"),
    )
    op.drop_index("ix_moderation_entry_account_id", "moderation_entry")
    op.create_index("ix_moderation_entry_account", "moderation_entry", ["account_id", "comment_id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER comment_decided")
    else:
        op.execute("DROP FUNCTION comment_decided() CASCADE")
    op.drop_index("ix_moderation_entry_account", "moderation_entry")
    op.create_index("ix_moderation_entry_account_id", "moderation_entry", ["account_id"])
    op.drop_index("ix_comment_decided", "comment")
    op.drop_column("comment", "is_decided")


_WHEN = f"WHEN (new.account_id IS NOT NULL AND new.decision IN {DECISIONS})"
_MARK = "UPDATE comment SET is_decided = true WHERE id = new.comment_id AND NOT is_decided;"
_SQLITE = [f"CREATE TRIGGER comment_decided AFTER INSERT ON moderation_entry {_WHEN} BEGIN {_MARK} END"]
_POSTGRESQL = [
    f"CREATE FUNCTION comment_decided() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_MARK} RETURN NULL; END $$",
    f"CREATE TRIGGER comment_decided AFTER INSERT ON moderation_entry FOR EACH ROW {_WHEN}"
    " EXECUTE FUNCTION comment_decided()",
]
