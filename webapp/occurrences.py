"""What happened to a key within a window: once-only counting and throttles, exact on every worker.

Kept in the database, or in Redis where STANDFIRST_REDIS_URL is set. Keys are hashes; nothing here names anybody.
"""

from __future__ import annotations

from datetime import timedelta
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


def open_course(what: str, key: str, seconds: int) -> None:
    """Lets `key` go forward, from 0 on, for so many seconds; anew where it did before.

    Courses are always kept in the database: what counts their steps is written there, in the same transaction.
    """
    ends = clock.now() + timedelta(seconds=seconds)
    row = {"key": fixed(what, key), "count": 0, "expires_at": ends}
    with transaction(unseen=True):
        db.session.connection().execute(_opening(dialects.name()), row)


@cache
def _opening(_database: str) -> Any:
    fresh = insert(_TABLE)
    return fresh.on_conflict_do_update(
        index_elements=[_TABLE.c.key], set_={"count": 0, "expires_at": fresh.excluded.expires_at}
    )


def advance(what: str, key: str, to: int) -> int | None:
    """Inside transaction(): takes the course of `key` forward to `to` and returns where it stood before. None, and
    nothing is changed, where no course is open or it stands there already."""
    mine = Occurrence.key == fixed(what, key)
    query = select(Occurrence.count).where(mine, Occurrence.expires_at > clock.now())
    before = db.session.scalar(query.with_for_update())
    if before is None or before >= to:
        return None
    change = update(Occurrence).where(mine).values(count=to)
    db.session.execute(change.execution_options(synchronize_session=False))
    return before


def _hit_database(name: str, seconds: int) -> tuple[int, int]:
    now = clock.now()
    ends = now + timedelta(seconds=seconds)
    row = {"key": name, "count": 1, "expires_at": ends, "moment": now}
    with transaction(unseen=True):
        done = db.session.connection().execute(_hitting(dialects.name()), row)
        count, expires_at = done.one()  # pyright: ignore[reportAssignmentType, reportGeneralTypeIssues]
        # Now and then, by chance of the key, what is over is swept out.
        if name.startswith("00"):
            db.session.execute(delete(Occurrence).where(Occurrence.expires_at <= now))
    return count, max(1, int((expires_at - now).total_seconds()))


@cache
def _hitting(_database: str) -> Any:
    """The statement that counts. Made once for each kind of database, since every view needs it."""
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
