"""What a discussion is made of and the rules it goes by: no Flask, no SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SEGMENT = 16
"""Characters that each level has in `Comment.path`."""

ORDERS = {"oldest": "Oldest", "newest": "Newest", "liked": "Most liked"}
"""The orders of threads, by the word in the address, and what readers call them."""


@dataclass(frozen=True)
class Closed:
    """A discussion that takes no comments: since when, where its age closed it; until when, where nobody is on duty;
    else by the newsroom's hand."""

    at: datetime | None = None
    days: int | None = None
    opens_at: datetime | None = None
    """It is closed for a while only: nobody is on duty until then."""


def closed(
    *, is_open: bool, published_at: datetime | None, after_days: int | None, now: datetime
) -> Closed | None:
    """Whether, and why, nothing more may be said under an article."""
    if not is_open:
        return Closed()
    if after_days is None or published_at is None:
        return None
    end = published_at + timedelta(days=after_days)
    return Closed(end, after_days) if end <= now else None


@dataclass(frozen=True)
class Draft:
    """A comment that has passed the form: its fields clean, its text both as written and as safe HTML."""

    parent_id: int | None
    name: str
    email: str
    website: str
    source: str
    html: str
    text: str
    notify: str = ""
    """Whether the writer wants to hear of replies: empty, `at once` or `daily`."""
    seen_version: int | None = None
    """The article's version that was on the page."""

    @property
    def link_count(self) -> int:
        return self.html.count("<a ")


def placement(parent: tuple[int, str] | None, deepest: int) -> tuple[int, str]:
    """Depth of a reply and the path it stands under, from its parent's (depth, path).

    A reply to a comment on the deepest level stands beside it.
    """
    if parent is None:
        return 1, ""
    depth = min(parent[0] + 1, deepest)
    return depth, parent[1][: (depth - 1) * SEGMENT]


def ancestors(path: str) -> list[str]:
    """The paths from the top comment down to the one with `path`, itself included."""
    return [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]


def stands_under(path: str, comment_id: int) -> bool:
    """Whether a path hangs right below the comment with this id."""
    above = path[-SEGMENT - SEGMENT // 2 : -SEGMENT]
    return bool(above) and int(above, 16) == comment_id


@dataclass
class Shown:
    """A comment as a page shows it; `replies` are those on the page, `more` how many of its thread are not."""

    id: int
    path: str
    name: str
    website: str
    html: str
    created_at: datetime
    like_count: int = 0
    badge: str = ""
    """Author, Staff, Verified, or empty."""
    is_own_held: bool = False
    """It waits for a moderator, and this is its writer."""
    removed_as: str = ""
    """The status of a comment that nobody sees but that keeps the place of its replies."""
    is_liked: bool = False
    parent_id: int | None = None
    parent_name: str = ""
    to_id: int | None = None
    """The comment answered, where it does not stand right above."""
    replies: list[Shown] = field(default_factory=list)
    more: int = 0
    seen_version: int | None = None
    """The article's version that its writer had read."""
    is_fresh: bool = False
    """It has just been posted, and the focus goes to it."""
    is_own: bool = False
    """This reader wrote it."""
    edited_at: datetime | None = None
    minutes_left: int = 0
    """So long this reader, who wrote it, may still change or withdraw it."""

    @property
    def is_removed(self) -> bool:
        return bool(self.removed_as)

    @property
    def initial(self) -> str:
        """The letter that stands where a face would."""
        return next((letter for letter in self.name if letter.isalnum()), "·").upper()[:1]

    @property
    def size(self) -> int:
        """How many comments the tree shows, removed ones left out."""
        return (not self.is_removed) + sum(reply.size for reply in self.replies)


def minutes_left(created_at: datetime, now: datetime, minutes: int) -> int:
    """How many minutes, begun ones counted, a comment may still be changed by its writer; 0 when the time is over."""
    left = (created_at + timedelta(minutes=minutes) - now).total_seconds()
    return max(0, -(-int(left) // 60))


def as_tree(rows: Iterable[Shown]) -> list[Shown]:
    """Hangs comments, which come ordered by path, below each other; what is above none of them is a top comment.

    A removed comment without anything left below it is dropped.
    """
    tops: list[Shown] = []
    above: list[Shown] = []
    for row in rows:
        while above and not row.path.startswith(above[-1].path):
            above.pop()
        if row.parent_id is not None and row.parent_name and not (above and above[-1].id == row.parent_id):
            row.to_id = row.parent_id
        (above[-1].replies if above else tops).append(row)
        above.append(row)
    return _without_empty(tops)


def _without_empty(rows: list[Shown]) -> list[Shown]:
    for row in rows:
        row.replies = _without_empty(row.replies)
    return [row for row in rows if row.replies or row.more or not row.is_removed]
