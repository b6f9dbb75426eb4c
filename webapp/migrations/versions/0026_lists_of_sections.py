"""The list of a category with all below it is one walk along one index, as that of a tag is, however deep one reads.

`category_above` has each category with itself and all above it, `article_listing` each article with all of these. The
database keeps both by triggers: where a category stands follows from its parent alone, not from its address.
"""

# ruff: noqa: S608, ISC004 (statements made of names that stand in this file)
import sqlalchemy as sa
from alembic import op

from webapp.models.base import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_above",
        _number("category_id", sa.ForeignKey("category.id", ondelete="CASCADE")),
        _number("above_id", sa.ForeignKey("category.id", ondelete="CASCADE")),
    )
    op.create_table(
        "article_listing",
        _number("article_id", sa.ForeignKey("article.id", ondelete="CASCADE")),
        _number("above_id", sa.ForeignKey("category.id", ondelete="CASCADE")),
        sa.Column("listed_at", UTCDateTime(), nullable=True),
    )
    op.execute(
        "INSERT INTO category_above (category_id, above_id) WITH RECURSIVE up (category_id, above_id) AS"
        " (SELECT id, id FROM category UNION SELECT up.category_id, c.parent_id FROM up"
        " JOIN category c ON c.id = up.above_id WHERE c.parent_id IS NOT NULL)"
        " SELECT category_id, above_id FROM up"
    )
    op.execute(f"{_LIST} SELECT DISTINCT j.article_id, u.above_id, j.listed_at FROM {_MEMBERS}")
    op.create_index("ix_category_above_above_id", "category_above", ["above_id"])
    op.create_index("ix_article_listing_listed", "article_listing", ["above_id", "listed_at", "article_id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The other two go with category_above.
        for name in ("above_new", "above_moved", "listing_joined", "listing_left", "listing_given"):
            table = "category" if name.startswith("above") else "article"
            op.execute(f"DROP TRIGGER {table}_{name}")
    else:
        for name in ("above_keep", "listing_move", "listing_join", "listing_leave", "listing_give"):
            table = "category" if name.startswith("above") else "article"
            op.execute(f"DROP FUNCTION {table}_{name}() CASCADE")
    op.drop_table("article_listing")
    op.drop_table("category_above")


def _number(name: str, *more: sa.ForeignKey) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), *more, primary_key=True, autoincrement=False)


_LIST = "INSERT INTO article_listing (article_id, above_id, listed_at)"
_MEMBERS = "article_category j JOIN category_above u ON u.category_id = j.category_id"

_ITSELF = "INSERT INTO category_above (category_id, above_id) VALUES (new.id, new.id);"
_UNDER_PARENT = (
    "INSERT INTO category_above (category_id, above_id) SELECT low.category_id, high.above_id"
    " FROM category_above low, category_above high"
    " WHERE low.above_id = new.id AND high.category_id = new.parent_id;"
)
"""It and all below it stand below its parent and all above that one."""
_INSIDE = "(SELECT category_id FROM category_above WHERE above_id = new.id)"
_FROM_PARENT = f"DELETE FROM category_above WHERE category_id IN {_INSIDE} AND above_id NOT IN {_INSIDE};"

_JOINED = (
    f"{_LIST} SELECT new.article_id, u.above_id, a.listed_at"
    " FROM category_above u JOIN article a ON a.id = new.article_id WHERE u.category_id = new.category_id"
    " ON CONFLICT DO NOTHING;"
)
_LEFT = (
    "DELETE FROM article_listing WHERE article_id = old.article_id AND above_id NOT IN"
    f" (SELECT u.above_id FROM {_MEMBERS} WHERE j.article_id = old.article_id);"
)
_PLACED = (
    f"{_LIST} SELECT j.article_id, new.above_id, j.listed_at"
    " FROM article_category j WHERE j.category_id = new.category_id ON CONFLICT DO NOTHING;"
)
_REMOVED = (
    "DELETE FROM article_listing WHERE above_id = old.above_id"
    " AND article_id IN (SELECT article_id FROM article_category WHERE category_id = old.category_id)"
    f" AND NOT EXISTS (SELECT 1 FROM {_MEMBERS}"
    " WHERE j.article_id = article_listing.article_id AND u.above_id = old.above_id);"
)
"""An article stays where it stands by another of its categories as well."""
_GIVEN = "UPDATE article_listing SET listed_at = new.listed_at WHERE article_id = new.id;"
_SEEN = "kind, status, published_at"

_SQLITE = [
    f"CREATE TRIGGER category_above_new AFTER INSERT ON category BEGIN {_ITSELF} {_UNDER_PARENT} END",
    "CREATE TRIGGER category_above_moved AFTER UPDATE OF parent_id ON category"
    f" WHEN new.parent_id IS NOT old.parent_id BEGIN {_FROM_PARENT} {_UNDER_PARENT} END",
    f"CREATE TRIGGER article_listing_placed AFTER INSERT ON category_above BEGIN {_PLACED} END",
    f"CREATE TRIGGER article_listing_removed AFTER DELETE ON category_above BEGIN {_REMOVED} END",
    f"CREATE TRIGGER article_listing_joined AFTER INSERT ON article_category BEGIN {_JOINED} END",
    f"CREATE TRIGGER article_listing_left AFTER DELETE ON article_category BEGIN {_LEFT} END",
    f"CREATE TRIGGER article_listing_given AFTER UPDATE OF {_SEEN} ON article BEGIN {_GIVEN} END",
]


def _function(name: str, *statements: str) -> str:
    body = " ".join(statements)
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


def _trigger(name: str, event: str) -> str:
    return f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW EXECUTE FUNCTION {name}()"


# Whoever gives an article another category meanwhile waits, or is waited for: neither would see what the other does.
_ALONE = "LOCK TABLE article_category IN SHARE ROW EXCLUSIVE MODE;"

_POSTGRESQL = [
    _function(
        "category_above_keep",
        f"IF TG_OP = 'INSERT' THEN {_ITSELF} ELSE {_ALONE} {_FROM_PARENT} END IF;",
        _UNDER_PARENT,
    ),
    "CREATE TRIGGER category_above_new AFTER INSERT ON category"
    " FOR EACH ROW EXECUTE FUNCTION category_above_keep()",
    "CREATE TRIGGER category_above_moved AFTER UPDATE OF parent_id ON category"
    " FOR EACH ROW WHEN (new.parent_id IS DISTINCT FROM old.parent_id) EXECUTE FUNCTION category_above_keep()",
    _function("article_listing_move", f"IF TG_OP = 'INSERT' THEN {_PLACED} ELSE {_REMOVED} END IF;"),
    _trigger("article_listing_move", "INSERT OR DELETE ON category_above"),
    _function("article_listing_join", _JOINED),
    _trigger("article_listing_join", "INSERT ON article_category"),
    _function("article_listing_leave", _LEFT),
    _trigger("article_listing_leave", "DELETE ON article_category"),
    _function("article_listing_give", _GIVEN),
    _trigger("article_listing_give", f"UPDATE OF {_SEEN} ON article"),
]
