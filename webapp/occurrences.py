"""What happened to a key within a window: once-only counting and throttles, exact on every worker.

Kept in the database, or in Redis where STANDFIRST_REDIS_URL is set. Keys are hashes; nothing here names anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, case, delete, select, update

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import Occurrence
from webapp.models.base import UTCDateTime
from webapp.settings import setting
from webapp.visitors import fixed

_TABLE: Any = Occurrence.__table__


def is_first(what: str, key: str, seconds: int) -> bool:
    """Whether `what` has not happened to `key` within the last `seconds`; from now on it has.

    Inside transaction() and without Redis, taking it back is rolling back.
    """
    return hit(what, key, seconds)[0] == 1


def hit(what: str, key: str, seconds: int) -> tuple[int, int]:
    """Counts one occurrence. Returns how many there were in the window, this one among them, and the window's
    remaining seconds (at least 1). The window begins with the first occurrence and does not slide."""
    name = fixed(what, key)
    store = redis_client(setting("REDIS_URL"))
    return _hit_redis(store, name, seconds) if store else _hit_database(name, seconds)


def forget(what: str, key: str) -> None:
    """Clears the window, for example after a sign-in that succeeded."""
    name = fixed(what, key)
    store = redis_client(setting("REDIS_URL"))
    if store:
        store.delete(f"standfirst:{name}")
        return
    with transaction(unseen=True):
        db.session.execute(delete(Occurrence).where(Occurrence.key == name))


def happened(what: str, key: str) -> bool:
    """Whether `what` is remembered of `key` now. Counts nothing."""
    name = fixed(what, key)
    store = redis_client(setting("REDIS_URL"))
    if store:
        return bool(store.exists(f"standfirst:{name}"))
    query = select(Occurrence.key).where(Occurrence.key == name, Occurrence.expires_at > clock.now())
    return db.session.scalar(query) is not None


def take_back(what: str, key: str) -> None:
    """Makes one hit undone, where it turned out not to count; the window stays as it is."""
    name = fixed(what, key)
    store = redis_client(setting("REDIS_URL"))
    if store:
        store.decr(f"standfirst:{name}")
        return
    lower = update(Occurrence).where(Occurrence.key == name, Occurrence.count > 0)
    with transaction(unseen=True):
        db.session.execute(lower.values(count=Occurrence.count - 1))


def lasting(what: str, keys: Collection[str]) -> dict[str, tuple[int, datetime]]:
    """Inside transaction(): count and end of what is remembered of some keys, be it over or not.

    This and let_last() are always the database's own, also where Redis is: what depends on them is written there, in
    the same transaction, and can be done again after one that failed.
    """
    names = {fixed(what, key): key for key in keys}
    if not names:
        return {}
    rows = db.session.connection().execute(_lasting_query(), {"keys": list(names)})
    return {names[row.key]: (row.steps, row.expires_at) for row in rows}


@cache
def _lasting_query() -> Any:
    query = select(_TABLE.c.key, _TABLE.c.count.label("steps"), _TABLE.c.expires_at)
    return query.where(_TABLE.c.key.in_(bindparam("keys", expanding=True)))


def let_last(what: str, remembered: Mapping[str, tuple[int, datetime]]) -> None:
    """Remembers count and end of each key from now on, whatever was known of it before."""
    rows = [
        {"key": fixed(what, key), "count": count, "expires_at": ends}
        for key, (count, ends) in remembered.items()
    ]
    if not rows:
        return
    with transaction(unseen=True):
        db.session.connection().execute(_letting_last(dialects.name()), rows)
        if any(_sweeps(row["key"]) for row in rows):
            _sweep(clock.now())


@cache
def _letting_last(_database: str) -> Any:
    fresh = insert(_TABLE)
    return fresh.on_conflict_do_update(
        index_elements=[_TABLE.c.key],
        set_={"count": fresh.excluded.count, "expires_at": fresh.excluded.expires_at},
    )


def _hit_database(name: str, seconds: int) -> tuple[int, int]:
    now = clock.now()
    ends = now + timedelta(seconds=seconds)
    row = {"key": name, "count": 1, "expires_at": ends, "moment": now}
    with transaction(unseen=True):
        done = db.session.connection().execute(_hitting(dialects.name()), row)
        count, expires_at = done.one()  # pyright: ignore[reportAssignmentType, reportGeneralTypeIssues]
        if _sweeps(name):
            _sweep(now)
    return count, max(1, int((expires_at - now).total_seconds()))


def _sweeps(name: str) -> bool:
    """Now and then, by chance of the key, what is over is swept out."""
    return name.startswith("00")


def _sweep(now: datetime) -> None:
    # Waits for nobody who has one of these rows and may want another.
    over = select(_TABLE.c.key).where(_TABLE.c.expires_at <= now).with_for_update(skip_locked=True)
    db.session.connection().execute(delete(_TABLE).where(_TABLE.c.key.in_(over)))


@cache
def _hitting(_database: str) -> Any:
    """The statement that counts. Made once for each kind of database, since every share and comment needs it."""
    fresh = insert(_TABLE).values(
        key=bindparam("key"), count=bindparam("count"), expires_at=bindparam("expires_at")
    )
    is_over = _TABLE.c.expires_at <= bindparam("moment", type_=UTCDateTime())
    return fresh.on_conflict_do_update(
        index_elements=[_TABLE.c.key],
        set_={
            "count": case((is_over, 1), else_=_TABLE.c.count + 1),
            "expires_at": case((is_over, fresh.excluded.expires_at), else_=_TABLE.c.expires_at),
        },
    ).returning(_TABLE.c.count, _TABLE.c.expires_at)


def _hit_redis(store: Any, name: str, seconds: int) -> tuple[int, int]:
    key = f"standfirst:{name}"
    pipe = store.pipeline()
    pipe.set(key, 0, ex=seconds, nx=True)
    pipe.incr(key)
    pipe.ttl(key)
    _, count, left = pipe.execute()
    return int(count), max(1, int(left))


@lru_cache(maxsize=4)
def redis_client(url: str) -> Any | None:
    """The client of the Redis at `url`, None without one."""
    if not url:
        return None
    # Late, since most sites have no Redis and its client is slow to import.
    import redis

    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
