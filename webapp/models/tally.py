"""Views and shares, counted by article, metric and hour, later folded into days; where readers came from and how far
they read, by day; and what counting remembers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import Json, UTCDateTime

VIEW = "view"
"""The metric of a view. A share's metric is the name of its network ("x", "mastodon", …)."""


class TallyHour(Model):
    """How often `metric` happened to an article in one hour (clock.hour_of). Kept for 31 days."""

    __tablename__ = "tally_hour"
    __table_args__ = (
        CheckConstraint("count >= 0", name="not_negative"),
        # Trending reads one window of hours in one go, covered by this index.
        Index("ix_tally_hour_window", "hour", "article_id", "metric", "count"),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(16), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class SiteHour(Model):
    """The same of the whole paper, kept as long: the database itself adds it up (migration 0022). An article that is
    deleted leaves what it was read in it."""

    __tablename__ = "site_hour"

    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    metric: Mapped[str] = mapped_column(String(16), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Articles are dealt out to a few parts, so that readers of different ones seldom wait for each other."""
    count: Mapped[int] = mapped_column()


class TallyDay(Model):
    """The same by day (clock.day_of), for all that is older than 31 days."""

    __tablename__ = "tally_day"
    __table_args__ = (CheckConstraint("count >= 0", name="not_negative"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class ShareTotal(Model):
    """How often an article was shared on one network; all of an article's sum up to its `share_count`. Each page shows
    them, and the hours they are made of are many."""

    __tablename__ = "share_total"
    __table_args__ = (CheckConstraint("count >= 0", name="not_negative"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class ReferrerDay(Model):
    """How many of an article's views came from one host on a day of the paper's own clock (days since 1970). The hosts
    of a day sum up to its views, from the day on that they are counted. Kept for sharing.rules.KEPT_DAYS."""

    __tablename__ = "referrer_day"
    __table_args__ = (
        CheckConstraint("count >= 0", name="not_negative"),
        # The paper's numbers read a window of days, covered by this index.
        Index("ix_referrer_day_window", "day", "host", "article_id", "count"),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(100), primary_key=True)
    """A host name, or one of sharing.rules.APART, which no host is called."""
    count: Mapped[int] = mapped_column(default=0)


class DepthDay(Model):
    """How many of an article's counted views reached `depth` per cent of its text, by day as ReferrerDay. Whoever
    reached 75 is counted at 25 and 50 as well."""

    __tablename__ = "depth_day"
    __table_args__ = (
        CheckConstraint("count >= 0", name="not_negative"),
        Index("ix_depth_day_window", "day", "depth", "article_id", "count"),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    depth: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class TrendingList(Model):
    """A ranking as it was a moment ago: what it is made of is far too much to add up for every reader."""

    __tablename__ = "trending_list"

    window_hours: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0: of all categories; -1: not by score but by views (sharing.most_read)."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ranking: Mapped[list[list[int]]] = mapped_column(Json)
    """[article, score, views], the best first."""


class Occurrence(Model):
    """Something that happened to a hashed key and is remembered until `expires_at`: a view, a try to sign in.

    `count` is how often since `started_at`. No address and no name stands here, only keyed hashes.
    """

    __tablename__ = "occurrence"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class DailyKey(Model):
    """The random key with which this day's visitors are hashed. Older ones are thrown away."""

    __tablename__ = "daily_key"

    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64))
