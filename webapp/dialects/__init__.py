"""The only place where SQLite and PostgreSQL differ. A site imports the dialect of its own alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)

from webapp.database import db, transaction


def name() -> str:
    """ "sqlite" or "postgresql"."""
    return db.engine.dialect.name


def insert(table: Any) -> Any:
    """An INSERT that knows on_conflict_do_nothing and on_conflict_do_update."""
    if name() == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


LAST_CHARACTER = "\U0010ffff"
SEARCHED = {"headline": ("headline", "A"), "standfirst": ("headline standfirst", "AB"), "body": ("", "")}
"""How far a search looks: the columns of SQLite's index, and the weights that stand for them in PostgreSQL's."""


def asked(terms: Sequence[tuple[Sequence[str], bool]]) -> dict[str, str]:
    """What to look for, as the parameters of statements with `matching`.

    A term is its words (letters and digits only: markup.search_words), one after the other, the last one the beginning
    of a word unless the term is exact.
    """
    if name() == "sqlite":
        all_terms = " AND ".join(f'"{" ".join(words)}"{"" if exact else "*"}' for words, exact in terms)
        return {
            _ASKED + part: f"{{{columns}}} : ({all_terms})" if columns else all_terms
            for part, (columns, _) in SEARCHED.items()
        }
    return {
        _ASKED + part: " & ".join(_phrase(words, weights, exact=exact) for words, exact in terms)
        for part, (_, weights) in SEARCHED.items()
    }


def matching(part: str, most: int) -> Select[Any]:
    """The ids (`article_id`) of articles in which all terms that are `asked` for occur, the highest first, at most so
    many. `part` is one of SEARCHED."""
    if name() == "sqlite":
        index = table(_INDEX, column(_INDEX), column("rowid"))
        number = index.c.rowid
        condition = index.c[_INDEX].op("MATCH")(bindparam(_ASKED + part, type_=String()))
    else:
        index = table(_INDEX, column("article_id"), column("words"))
        number = index.c.article_id
        condition = index.c.words.op("@@")(_query(part))
    query = select(number.label("article_id")).select_from(index).where(condition)
    return query.order_by(number.desc()).limit(at_most(most))


_INDEX = "article_search"
_ASKED = "asked_"


def _query(part: str) -> ColumnElement[Any]:
    from sqlalchemy.dialects import postgresql

    # It stands in the statement: how many articles have the words decides which way to them is the shortest.
    words = bindparam(_ASKED + part, type_=String(), literal_execute=True)
    return cast(words, postgresql.TSQUERY)


def _phrase(words: Sequence[str], weights: str, *, exact: bool) -> str:
    marks = [weights] * (len(words) - 1) + [weights if exact else f"*{weights}"]
    parts = [f"'{word}'{f':{mark}' if mark else ''}" for word, mark in zip(words, marks, strict=True)]
    return f"({' <-> '.join(parts)})"


def matching_by_reach(most: int) -> Select[Any, Any]:
    """The newest of `matching`, each with its `reach`: 2 where all terms stand in its headline, 1 where they do in it
    and the standfirst, else 0."""
    parts = ("headline", "standfirst")
    if name() == "sqlite":
        newest = matching("body", most).subquery("newest")
        reached = [newest.c.article_id.in_(matching(part, most)) for part in parts]
    else:
        # The index does not know where in an article a word stands; its row does, and is at hand here.
        newest = matching("body", most).add_columns(column("words")).subquery("newest")
        reached = [newest.c.words.op("@@", is_comparison=True)(_query(part)) for part in parts]
    found = case((reached[0], 2), (reached[1], 1), else_=0)
    return select(newest.c.article_id, found.label("reach"))


def at_most(number: int) -> ColumnElement[int]:
    """A limit that stands in the statement itself.

    PostgreSQL plans a statement anew each time for as long as a plan for any limit looks dearer than one for this one;
    for a page of several lists that takes longer than reading them.
    """
    return literal_column(str(int(number)), Integer)


def begins_with(column: SQLColumnExpression[str], text: str) -> ColumnElement[bool]:
    """Whether a text begins with `text`, by an index of its characters (text_pattern_ops on PostgreSQL, whose own
    order of letters knows no beginnings)."""
    least, beyond = text, text + LAST_CHARACTER
    if name() == "sqlite":
        return and_(column >= least, column < beyond)
    return and_(column.op("~>=~", is_comparison=True)(least), column.op("~<~", is_comparison=True)(beyond))


def lock(*keys: int) -> None:
    """Inside transaction(): waits until no other transaction holds the locks `keys` (63-bit numbers), one after the
    other in this order.

    SQLite has one writer at a time anyway.
    """
    if name() == "postgresql":
        db.session.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))


def next_id(name_of_table: str) -> ColumnElement[int]:
    """For a query inside transaction(): the id that the next row of a table with ids of its own is to be given.

    PostgreSQL gives it to nobody else. On SQLite nobody else writes until the transaction ends; the row has to be
    added in it, and no other before.
    """
    if name() == "postgresql":
        return func.nextval(func.pg_get_serial_sequence(name_of_table, "id"))
    sequences = table("sqlite_sequence", column("name"), column("seq", Integer()))
    last = select(func.max(sequences.c.seq)).where(sequences.c.name == name_of_table)
    return func.coalesce(last.scalar_subquery(), 0) + 1


def analyse() -> None:
    """Inside transaction(): lets the database look at its tables again, after very much was written.

    SQLite looks at a thousand rows of each index instead of all, which is as good and takes no minutes.
    """
    if name() == "sqlite":
        db.session.execute(text("PRAGMA analysis_limit = 1000"))
    db.session.execute(text("ANALYZE"))


GROWN = (1_000, 10_000, 100_000)
"""After so many rows a database looks at its tables again, where very many are written in one go."""


def analyse_grown(before: int, after: int) -> None:
    """Between transactions, while rows are written: the same when a table has grown to one of GROWN.

    PostgreSQL keeps what it planned for a connection, its checks of foreign keys above all, until a table is
    analysed: what was planned for an empty one goes through more and more rows.
    """
    if any(before < size <= after for size in GROWN):
        with transaction(unseen=True):
            analyse()


def advance_sequence(table: str, column: str = "id") -> None:
    """After ids were given by hand: the next one made by the database is higher than all there are."""
    if name() == "postgresql":
        highest = func.coalesce(select(func.max(db.metadata.tables[table].c[column])).scalar_subquery(), 0)
        sequence = func.pg_get_serial_sequence(table, column)
        db.session.execute(select(func.setval(sequence, func.greatest(highest, 1), highest > 0)))


def raise_ids(table: str, at_least: int) -> None:
    """Inside transaction(): from now on the database gives ids above `at_least`, and never lower ones than before.

    An import calls it first, so that a reader's comment never takes an id that the import is about to keep.
    """
    if name() == "postgresql":
        sequence = func.pg_get_serial_sequence(table, "id")
        db.session.execute(select(func.setval(sequence, func.greatest(func.nextval(sequence), at_least))))
        return
    _make_sqlite_sequence(table)
    raised = text("UPDATE sqlite_sequence SET seq = max(seq, :at_least) WHERE name = :table")
    db.session.execute(raised, {"at_least": at_least, "table": table})


def take_ids(table: str, count: int) -> list[int]:
    """Inside transaction(): `count` ids of the table's own that nobody else will get, in rising order."""
    if name() == "postgresql":
        sequence = func.pg_get_serial_sequence(table, "id")
        rows = select(func.nextval(sequence)).select_from(func.generate_series(1, count).alias())
        return sorted(db.session.scalars(rows))
    _make_sqlite_sequence(table)
    taken = text("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = :table RETURNING seq")
    last = db.session.execute(taken, {"count": count, "table": table}).scalar_one()
    return list(range(last - count + 1, last + 1))


def _make_sqlite_sequence(table: str) -> None:
    """SQLite makes the row only with the table's first insert; sqlite_sequence has no unique key to rely on."""
    made = text(
        "INSERT INTO sqlite_sequence (name, seq)"
        " SELECT :table, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)"
    )
    db.session.execute(made, {"table": table})
