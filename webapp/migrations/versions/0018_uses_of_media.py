"""Where files stand: which article names which file, kept so that asking costs the same in a paper of any size.

The database notes by triggers, in the same transaction, each article whose text or working copy was written, by
whatever way; webapp.library.uses reads those. Articles that were there before are noted here and read by
`standfirst work`.
"""

# ruff: noqa: S608, ISC004 (statements made of names that stand in this file)
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TEXTS = "body_html, appendix_html"
_TYPED = "fields, due_fields"


def upgrade() -> None:
    op.create_table(
        "media_use",
        sa.Column(
            "article_id", sa.Integer(), sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("file", sa.String(500), primary_key=True),
        sa.Column("whole", sa.String(500), nullable=False),
    )
    op.create_index("ix_media_use_file", "media_use", ["file", "article_id"])
    op.create_index("ix_media_use_whole", "media_use", ["whole", "article_id"])
    # No foreign key: a row may outlive its article for a moment, while the database itself deletes.
    op.create_table(
        "media_use_due",
        sa.Column("article_id", sa.Integer(), primary_key=True, autoincrement=False),
    )
    op.execute(
        "INSERT INTO media_use_due SELECT id FROM article"
        " WHERE body_html LIKE '%/media/%' OR body_html LIKE '%/wp-content/uploads/%'"
        " OR appendix_html LIKE '%/media/%' OR appendix_html LIKE '%/wp-content/uploads/%'"
        " OR EXISTS (SELECT 1 FROM working_copy w WHERE w.article_id = article.id)"
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("new", "changed", "typed", "retyped", "untyped"):
            op.execute(f"DROP TRIGGER media_use_{name}")
    else:
        op.execute("DROP FUNCTION media_use_article() CASCADE")
        op.execute("DROP FUNCTION media_use_copy() CASCADE")
    op.drop_table("media_use_due")
    op.drop_table("media_use")


def _due(number: str) -> str:
    return (
        f"BEGIN INSERT INTO media_use_due SELECT {number}"
        f" WHERE NOT EXISTS (SELECT 1 FROM media_use_due WHERE article_id = {number}); END"
    )


_SQLITE = [
    f"CREATE TRIGGER media_use_new AFTER INSERT ON article {_due('new.id')}",
    f"CREATE TRIGGER media_use_changed AFTER UPDATE OF {_TEXTS} ON article {_due('new.id')}",
    f"CREATE TRIGGER media_use_typed AFTER INSERT ON working_copy {_due('new.article_id')}",
    f"CREATE TRIGGER media_use_retyped AFTER UPDATE OF {_TYPED} ON working_copy {_due('new.article_id')}",
    f"CREATE TRIGGER media_use_untyped AFTER DELETE ON working_copy {_due('old.article_id')}",
]
_POSTGRESQL = [
    "CREATE FUNCTION media_use_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO media_use_due VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END $$",
    "CREATE FUNCTION media_use_copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO media_use_due VALUES (coalesce(NEW.article_id, OLD.article_id)) ON CONFLICT DO NOTHING;"
    " RETURN NULL; END $$",
    f"CREATE TRIGGER media_use_article AFTER INSERT OR UPDATE OF {_TEXTS} ON article"
    " FOR EACH ROW EXECUTE FUNCTION media_use_article()",
    f"CREATE TRIGGER media_use_copy AFTER INSERT OR DELETE OR UPDATE OF {_TYPED} ON working_copy"
    " FOR EACH ROW EXECUTE FUNCTION media_use_copy()",
]
