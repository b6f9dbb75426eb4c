"""PostgreSQL keeps the words of an article in the row itself, and packs them so that they are read quickly.

A search for a common word reads some thousand of them from the newest on; fetched from beside the table each took three
times as long. SQLite's index keeps none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _rewrite("main", "lz4" if _knows_lz4() else "default")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _rewrite("extended", "default")


def _knows_lz4() -> bool:
    """Some are built without it."""
    names = sa.text("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'")
    return "lz4" in (op.get_bind().scalar(names) or ())


def _rewrite(storage: str, packing: str) -> None:
    """Into a new table: the old rows would be kept as they were, and changed ones would leave half of it empty."""
    op.execute("CREATE TABLE article_search_new (article_id integer NOT NULL, words tsvector NOT NULL)")
    op.execute(f"ALTER TABLE article_search_new ALTER words SET STORAGE {storage}")
    op.execute(f"ALTER TABLE article_search_new ALTER words SET COMPRESSION {packing}")
    # Put together with nothing, words are unpacked and packed again.
    op.execute(
        "INSERT INTO article_search_new SELECT article_id, words || ''::tsvector FROM article_search"
        " ORDER BY article_id"
    )
    op.execute("DROP TABLE article_search")
    op.execute("ALTER TABLE article_search_new RENAME TO article_search")
    op.execute("ALTER TABLE article_search ADD PRIMARY KEY (article_id)")
    op.execute(
        "ALTER TABLE article_search ADD FOREIGN KEY (article_id) REFERENCES article (id) ON DELETE CASCADE"
    )
    op.execute("CREATE INDEX ix_article_search_words ON article_search USING gin (words)")
    op.execute("ANALYZE article_search")
