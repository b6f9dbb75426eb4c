"""Brings the comments of an item with their threads, dates, states and numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from webapp import dialects, markup
from webapp.database import db
from webapp.markup_links import reader_address
from webapp.models import Comment, CommentKind, CommentStatus, path_segment
from webapp.publishing import ledger, wxr
from webapp.publishing.wordpress_counts import likes_of
from webapp.publishing.wordpress_run import BIGGEST_KEPT_ID, Run, small
from webapp.settings import setting

STATUSES = {
    "0": CommentStatus.held,
    "hold": CommentStatus.held,
    "1": CommentStatus.approved,
    "approve": CommentStatus.approved,
    "approved": CommentStatus.approved,
    "spam": CommentStatus.spam,
    "trash": CommentStatus.trashed,
    "post-trashed": CommentStatus.trashed,
}
_SEGMENT = 16
_REASONS = {
    CommentStatus.held: "It waited for a decision on the old site.",
    CommentStatus.spam: "It was spam on the old site.",
    CommentStatus.trashed: "It was in the old site's trash.",
}


@dataclass(slots=True)
class Draft:
    """A comment ready to be written: everything but its place in the database."""

    old: wxr.Comment
    kind: CommentKind
    status: CommentStatus
    body_html: str
    created_at: datetime

    @property
    def label(self) -> str:
        """Its line in the report."""
        return report_kind(self.kind, self.status)


@dataclass(slots=True)
class _Place:
    """Where a comment stands: what its replies need to know."""

    id: int
    root_id: int
    depth: int
    path: str


def report_kind(kind: str, status: str) -> str:
    return f"comment, {status}" if kind == CommentKind.comment else kind


def prepare(run: Run, item: wxr.Item) -> list[Draft]:
    """The item's comments that can be brought and have not been, cleaned; the others are reported."""
    drafts: list[Draft] = []
    known = ledger.known(run.source, "comment", map(_key, item.comments))
    seen: set[str] = set()
    for old in item.comments:
        kind, status = _kind(old), STATUSES.get(old.approved)
        if kind is None or status is None:
            label = f"comment of type {old.kind}" if kind is None else f"comment in state {old.approved}"
            run.report.found(label)
            run.report.skip(label, "is no text of a reader's", old.id)
            continue
        label = report_kind(kind, status)
        run.report.found(label)
        if _key(old) in seen:
            run.report.skip(label, "the export has another comment of this number", old.id)
        elif _key(old) in known:
            run.report.already_here(label)
        else:
            drafts.append(Draft(old, kind, status, _body(old.content), _written(run, item, old)))
        seen.add(_key(old))
    return drafts


def _key(old: wxr.Comment) -> str:
    """Its number, or a hash of the whole where a tool has left the number out."""
    if old.id:
        return str(old.id)
    words = "\0".join((old.author, old.email, str(old.written), old.content))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def skip_all(run: Run, item: wxr.Item, reason: str) -> None:
    """Accounts for the comments of an item that isn't here."""
    for old in item.comments:
        label = report_kind(
            _kind(old) or f"comment of type {old.kind}", STATUSES.get(old.approved, old.approved)
        )
        run.report.found(label)
        run.report.skip(label, reason, old.id)


def _kind(old: wxr.Comment) -> CommentKind | None:
    try:
        return CommentKind(old.kind)
    except ValueError:
        return None


def _body(source: str) -> str:
    try:
        return markup.clean_comment(source)
    except markup.TooLong as error:
        return markup.clean_comment(source.encode()[: error.limit].decode(errors="ignore"))


def _written(run: Run, item: wxr.Item, old: wxr.Comment) -> datetime:
    """When it was written. None comes from the future: it would stand above what is written tomorrow."""
    moment = old.written.at(run.zone) or item.published.at(run.zone) or run.exported_at
    return min(moment, run.started_at)


def write(run: Run, article_id: int, drafts: list[Draft], authors: set[int], emails: set[str]) -> None:
    """Inside a batch: writes the drafts under the article, parents first. `authors`, `emails`: who signs it."""
    drafts = _still_new(run, drafts)
    places = _places_of_known(run, article_id, drafts)
    rows: list[dict[str, Any]] = []
    for draft, comment_id in zip(ordered := _parents_first(drafts), _ids(ordered), strict=True):
        above = places.get(draft.old.parent)
        place = _place(draft, comment_id, above)
        if draft.old.parent and above is None:
            run.report.note("Replies whose parent is not in the export stand as comments of their own.")
        if above and above.depth == place.depth:
            run.report.note(f"Replies below level {place.depth} stand at that level, after what they answer.")
        if draft.old.id:
            places[draft.old.id] = place
        is_by_author = (
            run.author_numbers.get(draft.old.user_id) in authors or draft.old.email.lower() in emails
        )
        rows.append(_row(draft, article_id, place, above, is_by_author))
    for chunk in ledger.chunks(rows, 1000):
        db.session.execute(insert(Comment), chunk)
    ids = {_key(draft.old): row["id"] for draft, row in zip(ordered, rows, strict=True)}
    ledger.remember(run.source, "comment", ids)
    for draft in drafts:
        run.report.brought(draft.label)


def _still_new(run: Run, drafts: list[Draft]) -> list[Draft]:
    """Another import may have brought some of them since they were prepared."""
    known = ledger.known(run.source, "comment", (_key(draft.old) for draft in drafts))
    for draft in drafts:
        if _key(draft.old) in known:
            run.report.already_here(draft.label)
    return [draft for draft in drafts if _key(draft.old) not in known]


def _parents_first(drafts: Iterable[Draft]) -> list[Draft]:
    """Each comment after the one that it answers. Of comments that answer each other in a circle, one comes first."""
    by_id = {draft.old.id: draft for draft in drafts if draft.old.id}
    order: dict[int, Draft] = {}
    for draft in drafts:
        chain: dict[int, Draft] = {}
        current: Draft | None = draft
        while current is not None and id(current) not in order and id(current) not in chain:
            chain[id(current)] = current
            current = by_id.get(current.old.parent)
        order |= dict(reversed(chain.items()))
    return list(order.values())


def _ids(drafts: list[Draft]) -> list[int]:
    """The old number of each where it is free, else a new one."""
    wanted = [draft.old.id for draft in drafts if 0 < draft.old.id <= BIGGEST_KEPT_ID]
    taken: set[int] = set()
    for chunk in ledger.chunks(wanted):
        taken |= set(db.session.scalars(select(Comment.id).where(Comment.id.in_(chunk))))
    free = set(wanted) - taken
    missing = sum(draft.old.id not in free for draft in drafts)
    new = iter(dialects.take_ids("comment", missing) if missing else [])
    return [draft.old.id if draft.old.id in free else next(new) for draft in drafts]


def _places_of_known(run: Run, article_id: int, drafts: list[Draft]) -> dict[int, _Place]:
    """Of parents that an earlier run has brought."""
    own = {draft.old.id for draft in drafts}
    wanted = {draft.old.parent for draft in drafts} - own - {0}
    known = ledger.known(run.source, "comment", wanted)
    old_numbers = {local: int(number) for number, local in known.items() if local}
    places: dict[int, _Place] = {}
    for chunk in ledger.chunks(old_numbers):
        query = select(Comment).where(Comment.id.in_(chunk), Comment.article_id == article_id)
        for row in db.session.scalars(query):
            places[old_numbers[row.id]] = _Place(row.id, row.root_id or row.id, row.depth, row.path)
    return places


def _place(draft: Draft, comment_id: int, above: _Place | None) -> _Place:
    segment = path_segment(draft.created_at, comment_id)
    if above is None:
        return _Place(comment_id, comment_id, 1, segment)
    depth = min(above.depth + 1, setting("COMMENT_DEPTH"))
    return _Place(comment_id, above.root_id, depth, above.path[: (depth - 1) * _SEGMENT] + segment)


def _row(
    draft: Draft, article_id: int, place: _Place, above: _Place | None, is_by_author: bool
) -> dict[str, Any]:
    old = draft.old
    reason = _REASONS.get(draft.status)
    verdicts = [{"rule": "import", "status": str(draft.status), "reason": reason}] if reason else []
    return {
        "id": place.id,
        "article_id": article_id,
        "parent_id": above.id if above else None,
        "root_id": place.root_id,
        "depth": place.depth,
        "path": place.path,
        "kind": draft.kind,
        "status": draft.status,
        "name": markup.clean_text(markup.plain_text(old.author))[:245] or "Anonymous",
        "email": old.email.lower()[:254],
        "website": _website(old.url),
        "body_source": old.content,
        "body_html": draft.body_html,
        "created_at": draft.created_at,
        "verdicts": verdicts,
        "is_by_author": is_by_author,
        "like_count": likes_of(old.meta),
        "imported_id": small(old.id),
    }


def _website(url: str) -> str:
    address = reader_address(url) or ""
    return address if len(address) <= 200 else ""
