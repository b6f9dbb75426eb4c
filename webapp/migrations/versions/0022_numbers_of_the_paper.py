"""The hours of the whole paper are added up as they are counted, so that its numbers read as much in any paper.

The database adds by triggers, in the statement that counts for an article. Comments and flags are found by their time.
"""

# ruff: noqa: S608, ISC004 (statements made of names that stand in this file)
import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PARTS = 8


def upgrade() -> None:
    op.create_table(
        "site_hour",
        sa.Column("hour", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("metric", sa.String(16), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.execute(
        "INSERT INTO site_hour (hour, metric, part, count)"
        f" SELECT hour, metric, article_id % {PARTS}, sum(count) FROM tally_hour"
        f" GROUP BY hour, metric, article_id % {PARTS}"
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    op.create_index("ix_comment_created", "comment", ["created_at", "article_id", "kind", "status"])
    op.create_index("ix_comment_flag_created", "comment_flag", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_comment_flag_created", "comment_flag")
    op.drop_index("ix_comment_created", "comment")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER site_hour_new")
        op.execute("DROP TRIGGER site_hour_more")
    else:
        op.execute("DROP FUNCTION site_hour_add() CASCADE")
    op.drop_table("site_hour")


def _add(more: str) -> str:
    # WHERE true: without it SQLite takes ON CONFLICT for the ON of a join.
    return (
        "INSERT INTO site_hour (hour, metric, part, count)"
        f" SELECT new.hour, new.metric, new.article_id % {PARTS}, {more}"
        " WHERE true ON CONFLICT (hour, metric, part) DO UPDATE SET count = site_hour.count + excluded.count;"
    )


_SQLITE = [
    f"CREATE TRIGGER site_hour_new AFTER INSERT ON tally_hour BEGIN {_add('new.count')} END",
    "CREATE TRIGGER site_hour_more AFTER UPDATE OF count ON tally_hour"
    f" BEGIN {_add('new.count - old.count')} END",
]
_POSTGRESQL = [
    "CREATE FUNCTION site_hour_add() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'INSERT' THEN {_add('new.count')} ELSE {_add('new.count - old.count')} END IF;"
    " RETURN NULL; END $$",
    "CREATE TRIGGER site_hour_add AFTER INSERT OR UPDATE OF count ON tally_hour"
    " FOR EACH ROW EXECUTE FUNCTION site_hour_add()",
]
