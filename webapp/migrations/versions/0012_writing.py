"""The desk writes: working copies, versions, who is there; authors as a role."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Json, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHANGES = "IN ('first', 'typo', 'update', 'correction')"
ROLES = "role IN ('moderator', 'editor', 'admin')"
ALL_ROLES = "role IN ('author', 'moderator', 'editor', 'admin')"


def _columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("handed_over_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("corrections", Json, server_default="[]", nullable=False),
        sa.Column("search_description", sa.String(320), server_default="", nullable=False),
        sa.Column("related_pins", Json, server_default="[]", nullable=False),
        sa.Column("gone_note", sa.String(500), server_default="", nullable=False),
    )


def _of(table: str, deletes: str, *, name: str = "", **options: bool) -> sa.Column:
    key = sa.ForeignKey(f"{table}.id", ondelete=deletes)
    return sa.Column(name or f"{table}_id", sa.Integer(), key, **options)


def upgrade() -> None:
    _roles(ALL_ROLES)
    for name, table in (("account_id", "account"), ("share_media_id", "media")):
        _refer("article", name, table)
        op.create_index(f"ix_article_{name}", "article", [name])
    for column in _columns():
        op.add_column("article", column)
    op.add_column("comment", sa.Column("seen_version", sa.Integer(), nullable=True))
    op.create_table(
        "working_copy",
        _of("article", "CASCADE", primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        _of("account", "SET NULL", nullable=True),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("due_fields", Json, nullable=True),
        sa.Column("due_change", sa.String(16), server_default="typo", nullable=False),
        sa.Column("due_note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(f"due_change {CHANGES}", name=op.f("ck_working_copy_due_change")),
    )
    op.create_index("ix_working_copy_due", "working_copy", ["due_at"])
    op.create_table(
        "article_version",
        _of("article", "CASCADE", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        _of("account", "SET NULL", nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(f"change {CHANGES}", name=op.f("ck_article_version_change")),
    )
    op.create_table(
        "presence",
        _of("article", "CASCADE", primary_key=True),
        _of("account", "CASCADE", primary_key=True),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
    )


def _refer(table: str, name: str, target: str) -> None:
    """Adds a column that refers to another table. SQLite takes it in place only as one statement of its own."""
    if op.get_bind().dialect.name == "sqlite":
        made = f"fk_{table}_{name} REFERENCES {target} (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER CONSTRAINT {made}")
        return
    op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{name}"), table, target, [name], ["id"])


def _roles(condition: str) -> None:
    # On SQLite the table is written anew; foreign keys are off meanwhile (webapp.schema), so nothing else notices.
    with op.batch_alter_table("account", table_kwargs={"sqlite_autoincrement": True}) as account:
        account.drop_constraint(op.f("ck_account_role"), type_="check")
        account.create_check_constraint(op.f("ck_account_role"), condition)


def downgrade() -> None:
    for table in ("presence", "article_version", "working_copy"):
        op.drop_table(table)
    op.drop_column("comment", "seen_version")
    for column in reversed(_columns()):
        op.drop_column("article", column.name)
    for name in ("share_media_id", "account_id"):
        op.drop_index(f"ix_article_{name}", table_name="article")
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(op.f(f"fk_article_{name}"), "article", type_="foreignkey")
        op.drop_column("article", name)
    # Who may write drafts only has no place in the roles before.
    op.execute("DELETE FROM account WHERE role = 'author'")
    _roles(ROLES)
