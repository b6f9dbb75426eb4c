"""Lists along one index each, a search index, stored related articles: a large paper is as fast as a small one.

The database keeps `listed_at` in the tables that join articles to authors, categories and tags, and the search index,
by triggers: whoever writes an article, by whatever way, writes them in the same transaction.
"""

# ruff: noqa: S608, ISC004 (statements made of names that stand in this file)
import sqlalchemy as sa
from alembic import op

from webapp import markup
from webapp.models.base import Json, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JOINS = ("author", "category", "tag")
LISTED_AT = "CASE WHEN kind = 'article' AND status IN ('published', 'scheduled') THEN published_at END"
BATCH = 500
_SOME = {
    "ix_article_front_place": (["front_place"], "front_place IS NOT NULL", True),
    "ix_article_pages": (["published_at", "id"], "kind = 'page'", False),
    "ix_article_locked": (["id"], "password_hash IS NOT NULL", False),
    "ix_article_updated": (["updated_at", "id"], "updated_at IS NOT NULL", False),
    "ix_comment_mentions": (["article_id"], "kind <> 'comment'", False),
    "ix_comment_flagged": (["status", "created_at", "id"], "flag_count > 0", False),
}
"""Indexes of some rows: columns, condition, and whether each value stands there once."""


def _table(index: str) -> str:
    return index.split("_")[1]


def upgrade() -> None:
    op.add_column("article", sa.Column("search_standfirst", sa.Text(), nullable=False, server_default=""))
    # SQLite adds a column only when it is worked out on reading; this PostgreSQL knows only stored ones.
    stored = op.get_bind().dialect.name == "postgresql" or None
    op.add_column("article", sa.Column("listed_at", UTCDateTime(), sa.Computed(LISTED_AT, persisted=stored)))
    op.drop_index("ix_article_kind_published", table_name="article")
    op.create_index("ix_article_listed", "article", ["listed_at", "id"])
    op.create_index("ix_article_found", "article", ["id", "status", "published_at"])
    op.drop_index("ix_article_front_place", table_name="article")
    for name, (columns, where, unique) in _SOME.items():
        condition = sa.text(where)
        op.create_index(
            name, _table(name), columns, unique=unique, sqlite_where=condition, postgresql_where=condition
        )
    for name in JOINS:
        op.add_column(f"article_{name}", sa.Column("listed_at", UTCDateTime(), nullable=True))
        op.execute(
            f"UPDATE article_{name} SET listed_at ="
            f" (SELECT a.listed_at FROM article a WHERE a.id = article_{name}.article_id)"
        )
        op.drop_index(f"ix_article_{name}_{name}_id", table_name=f"article_{name}")
        op.create_index(
            f"ix_article_{name}_listed", f"article_{name}", [f"{name}_id", "listed_at", "article_id"]
        )
    op.drop_index("ix_comment_discussion", table_name="comment")
    threads = ["article_id", "status", "path", "kind", "root_id"]
    op.create_index("ix_comment_discussion", "comment", threads)
    op.create_table(
        "article_related",
        sa.Column(
            "article_id", sa.Integer(), sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column(
            "related_id",
            sa.Integer(),
            sa.ForeignKey("article.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    # No foreign key: a row may outlive its article for a moment, while the database itself deletes.
    op.create_table(
        "article_relating",
        sa.Column("article_id", sa.Integer(), primary_key=True, autoincrement=False),
    )
    op.create_table(
        "trending_list",
        sa.Column("window_hours", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("category_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ranking", Json, nullable=False),
    )
    op.execute("INSERT INTO article_relating SELECT id FROM article WHERE kind = 'article'")
    _fill_words()
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        op.execute(statement)


def _fill_words() -> None:
    article = sa.table(
        "article",
        *(sa.column(name) for name in ("id", "headline", "standfirst", "excerpt", "body_html")),
        *(sa.column(name) for name in ("search_headline", "search_standfirst", "search_text")),
    )
    bind, after = op.get_bind(), 0
    while True:
        rows = bind.execute(
            sa.select(article.c.id, article.c.headline, article.c.standfirst, article.c.excerpt, article.c.body_html)
            .where(article.c.id > after)
            .order_by(article.c.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        if not rows:
            return
        after = rows[-1].id
        for row in rows:
            words = {
                "search_headline": markup.search_words(row.headline),
                "search_standfirst": markup.search_words(row.standfirst),
                "search_text": markup.search_words(f"{row.excerpt} {markup.plain_text(row.body_html)}"),
            }
            bind.execute(sa.update(article).where(article.c.id == row.id).values(words))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER article_search_{name}")
        for name in JOINS:
            op.execute(f"DROP TRIGGER article_{name}_listed_insert")
            op.execute(f"DROP TRIGGER article_{name}_listed_update")
        for event in ("new", "changed", "tagged", "untagged"):
            op.execute(f"DROP TRIGGER article_relating_{event}")
        op.execute("DROP TABLE article_search")
    else:
        op.execute("DROP TABLE article_search")
        op.execute("DROP FUNCTION article_search_fill() CASCADE")
        op.execute("DROP FUNCTION article_listed_take() CASCADE")
        op.execute("DROP FUNCTION article_listed_give() CASCADE")
        op.execute("DROP FUNCTION article_relating_article() CASCADE")
        op.execute("DROP FUNCTION article_relating_tag() CASCADE")
    op.drop_index("ix_comment_discussion", table_name="comment")
    op.create_index("ix_comment_discussion", "comment", ["article_id", "status", "path"])
    op.drop_table("trending_list")
    op.drop_table("article_relating")
    op.drop_table("article_related")
    for name in JOINS:
        op.drop_index(f"ix_article_{name}_listed", table_name=f"article_{name}")
        op.create_index(f"ix_article_{name}_{name}_id", f"article_{name}", [f"{name}_id"])
        op.drop_column(f"article_{name}", "listed_at")
    for name in _SOME:
        op.drop_index(name, table_name=_table(name))
    op.create_index("ix_article_front_place", "article", ["front_place"], unique=True)
    op.drop_index("ix_article_found", table_name="article")
    op.drop_index("ix_article_listed", table_name="article")
    op.create_index("ix_article_kind_published", "article", ["kind", "published_at", "id"])
    op.drop_column("article", "listed_at")
    op.drop_column("article", "search_standfirst")


def _words(row: str) -> str:
    """The three columns of the index: of what asks for a password the headline alone."""
    hidden = f"CASE WHEN {row}.password_hash IS NULL THEN {row}.%s ELSE '' END"
    return f"{row}.search_headline, {hidden % 'search_standfirst'}, {hidden % 'search_text'}"


_OUT = (
    "INSERT INTO article_search(article_search, rowid, headline, standfirst, body)"
    f" VALUES ('delete', old.id, {_words('old')});"
)
_IN = f"INSERT INTO article_search(rowid, headline, standfirst, body) VALUES (new.id, {_words('new')});"
_FIELDS = "search_headline, search_standfirst, search_text, password_hash"

_SEEN = "search_headline, kind, status, published_at"
"""What makes an article's related ones others."""


def _due(number: str) -> str:
    return (
        f"INSERT INTO article_relating SELECT {number}"
        f" WHERE NOT EXISTS (SELECT 1 FROM article_relating WHERE article_id = {number});"
    )


_SQLITE = [
    # The words themselves stand in the article already, so the index keeps none ("contentless").
    "CREATE VIRTUAL TABLE article_search USING fts5(headline, standfirst, body, content='', prefix='2 3',"
    " tokenize='unicode61 remove_diacritics 0')",
    "INSERT INTO article_search(rowid, headline, standfirst, body)"
    f" SELECT a.id, {_words('a')} FROM article a",
    f"CREATE TRIGGER article_search_insert AFTER INSERT ON article BEGIN {_IN} END",
    f"CREATE TRIGGER article_search_update AFTER UPDATE OF {_FIELDS} ON article BEGIN {_OUT} {_IN} END",
    f"CREATE TRIGGER article_search_delete AFTER DELETE ON article BEGIN {_OUT} END",
    f"CREATE TRIGGER article_relating_new AFTER INSERT ON article WHEN new.kind = 'article'"
    f" BEGIN {_due('new.id')} END",
    f"CREATE TRIGGER article_relating_changed AFTER UPDATE OF {_SEEN} ON article WHEN new.kind = 'article'"
    f" BEGIN {_due('new.id')} END",
    f"CREATE TRIGGER article_relating_tagged AFTER INSERT ON article_tag BEGIN {_due('new.article_id')} END",
    f"CREATE TRIGGER article_relating_untagged AFTER DELETE ON article_tag BEGIN {_due('old.article_id')} END",
    *(
        statement
        for name in JOINS
        for statement in (
            f"CREATE TRIGGER article_{name}_listed_insert AFTER INSERT ON article_{name} BEGIN"
            f" UPDATE article_{name} SET listed_at = (SELECT a.listed_at FROM article a WHERE a.id = new.article_id)"
            f" WHERE article_id = new.article_id AND {name}_id = new.{name}_id; END",
            f"CREATE TRIGGER article_{name}_listed_update AFTER UPDATE OF kind, status, published_at ON article BEGIN"
            f" UPDATE article_{name} SET listed_at = new.listed_at WHERE article_id = new.id; END",
        )
    ),
]

# PostgreSQL's index refuses texts of more than a megabyte, so of a very long one only the beginning is searched.
_VECTOR = (
    "setweight(to_tsvector('simple', left({0}.search_headline, 10000)), 'A')"
    " || setweight(to_tsvector('simple', CASE WHEN {0}.password_hash IS NULL"
    " THEN left({0}.search_standfirst, 20000) ELSE '' END), 'B')"
    " || setweight(to_tsvector('simple', CASE WHEN {0}.password_hash IS NULL"
    " THEN left({0}.search_text, 150000) ELSE '' END), 'C')"
)
_POSTGRESQL = [
    "CREATE TABLE article_search (article_id integer PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,"
    " words tsvector NOT NULL)",
    f"INSERT INTO article_search SELECT a.id, {_VECTOR.format('a')} FROM article a",
    "CREATE INDEX ix_article_search_words ON article_search USING gin (words)",
    "CREATE FUNCTION article_search_fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" INSERT INTO article_search VALUES (NEW.id, {_VECTOR.format('NEW')})"
    " ON CONFLICT (article_id) DO UPDATE SET words = EXCLUDED.words; RETURN NULL; END $$",
    f"CREATE TRIGGER article_search_fill AFTER INSERT OR UPDATE OF {_FIELDS} ON article"
    " FOR EACH ROW EXECUTE FUNCTION article_search_fill()",
    "CREATE FUNCTION article_listed_take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " NEW.listed_at := (SELECT a.listed_at FROM article a WHERE a.id = NEW.article_id); RETURN NEW; END $$",
    "CREATE FUNCTION article_listed_give() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    + "".join(
        f" UPDATE article_{name} SET listed_at = NEW.listed_at WHERE article_id = NEW.id;" for name in JOINS
    )
    + " RETURN NULL; END $$",
    "CREATE TRIGGER article_listed_give AFTER UPDATE OF kind, status, published_at ON article"
    " FOR EACH ROW EXECUTE FUNCTION article_listed_give()",
    *(
        f"CREATE TRIGGER article_listed_take BEFORE INSERT ON article_{name}"
        " FOR EACH ROW EXECUTE FUNCTION article_listed_take()"
        for name in JOINS
    ),
    "CREATE FUNCTION article_relating_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO article_relating VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END $$",
    "CREATE FUNCTION article_relating_tag() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO article_relating VALUES (coalesce(NEW.article_id, OLD.article_id)) ON CONFLICT DO NOTHING;"
    " RETURN NULL; END $$",
    f"CREATE TRIGGER article_relating_changed AFTER INSERT OR UPDATE OF {_SEEN} ON article"
    " FOR EACH ROW WHEN (NEW.kind = 'article') EXECUTE FUNCTION article_relating_article()",
    "CREATE TRIGGER article_relating_tagged AFTER INSERT OR DELETE ON article_tag"
    " FOR EACH ROW EXECUTE FUNCTION article_relating_tag()",
]
