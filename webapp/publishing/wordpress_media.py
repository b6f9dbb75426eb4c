"""Brings attachments: the row, the file when `--media` has it, its page, and what waits for its article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import select

from webapp import markup
from webapp.database import db
from webapp.models import AddressKind, ImportedItem, Media
from webapp.publishing import addresses, ledger, media_files, wordpress_comments, wxr
from webapp.publishing.media_files import Taken
from webapp.publishing.wordpress_run import Run, external_id, small
from webapp.publishing.wordpress_slugs import decoded

KIND = "attachment"
_SERVED = "/wp-content/uploads/"
_SIZES = re.compile(r'^a:\d+:\{s:5:"width";i:(\d{1,6});s:6:"height";i:(\d{1,6});')
_CREDIT_KEYS = ("_media_credit", "_photo_credit", "_image_credit", "credit")


@dataclass(slots=True)
class _Draft:
    """An attachment with its file looked for. `file` is where it lies here; `same_as` a row that is the same."""

    item: wxr.Item
    file: str
    taken: Taken | None
    same_as: int | None = None


def bring_attachments(run: Run, items: Iterable[wxr.Item]) -> None:
    """Brings one batch. Files are copied before the transaction begins."""
    fresh: dict[str, wxr.Item] = {}
    for item in items:
        run.report.found(KIND)
        wordpress_comments.skip_all(run, item, "it stands under a media file")
        if not run.is_first(KIND, external_id(item)):
            run.report.skip(KIND, "the export has another item of this number", item.id, item.title)
        elif not item.attachment_url and not item.meta_value("_wp_attached_file"):
            run.report.skip(KIND, "it names no file", item.id, item.title)
        else:
            fresh[external_id(item)] = item
    known = ledger.known(run.source, KIND, fresh)
    drafts = {key: _draft(run, item) for key, item in fresh.items() if key not in known}
    for key, item in fresh.items():
        _keep_old_links(run, key, item)
    with run.batch():
        # Another import may have brought some of them since.
        known = ledger.known(run.source, KIND, fresh)
        ids = {key: _write(run, draft) for key, draft in drafts.items() if key not in known}
        waiting = {key: {"parent": str(fresh[key].parent)} for key in ids if fresh[key].parent}
        ledger.remember(run.source, KIND, ids, waiting)
    run.report.brought(KIND, len(ids))
    run.report.already_here(KIND, len(known))
    _complete(run, {key: item for key, item in fresh.items() if key in known}, known)


def _names(item: wxr.Item) -> list[str]:
    """Where the file may lie below the uploads folder; the first is its address and so its name here."""
    url, attached = item.attachment_url, item.meta_value("_wp_attached_file")
    moment = item.published.local or item.published.utc
    folder = f"{moment:%Y/%m}/" if moment else ""
    bare = media_files.clean((url or attached).partition("?")[0].rpartition("/")[2]) or f"file-{item.id}"
    on_server = (
        media_files.relative_path(attached) if attached.startswith("/") else media_files.clean(attached)
    )
    names = (media_files.relative_path(url), on_server, folder + bare[-200:])
    return [name for name in dict.fromkeys(names) if name]


def _draft(run: Run, item: wxr.Item) -> _Draft:
    wanted, *others = _names(item)
    here = db.session.scalar(select(Media).where(Media.file == wanted))
    if here is None:
        return _Draft(item, wanted, run.media.take(wanted, others=others) if run.media else None)
    ours = select(ImportedItem.local_id).where(
        ImportedItem.source == run.source, ImportedItem.kind == KIND, ImportedItem.local_id == here.id
    )
    if db.session.scalar(ours) or (run.media and run.media.is_same(wanted, wanted)):
        return _Draft(item, wanted, None, here.id)
    # The name belongs to another picture here, brought from another site or put there by the newsroom.
    name = run.media_prefix + wanted
    return _Draft(item, name, run.media.take(wanted, name, others) if run.media else None)


def _write(run: Run, draft: _Draft) -> int:
    item = draft.item
    media_id = draft.same_as or db.session.scalar(select(Media.id).where(Media.file == draft.file))
    if media_id is None:
        media = _made(run, draft)
        db.session.add(media)
        db.session.flush()
        media_id = media.id
        if draft.taken is None:
            run.report.missing_media.append(item.attachment_url or draft.file)
    else:
        run.report.note(f"Attachments that share a file share one entry here, such as {draft.file}.")
    page = run.site.permalink(item.link)
    if not page or media_files.UPLOADS.match(page):
        page = f"/{decoded(item.slug) or f'attachment-{item.id or media_id}'}/"
    addresses.claim(page, AddressKind.attachment, media_id=media_id)
    old = run.site.permalink(item.attachment_url)
    if old and unquote(old) != f"{_SERVED}{draft.file}":
        addresses.redirect(old, target=f"/media/{draft.file}")
    return media_id


def _made(run: Run, draft: _Draft) -> Media:
    item, taken = draft.item, draft.taken
    width, height = (taken.width, taken.height) if taken else _sizes(item)
    credit = next((item.meta_value(key) for key in _CREDIT_KEYS if item.meta_value(key)), "")
    return Media(
        file=draft.file,
        mime=taken.mime if taken else media_files.mime_of(draft.file),
        width=width,
        height=height,
        byte_size=taken.byte_size if taken else 0,
        is_missing=taken is None,
        title=markup.clean_text(markup.plain_text(item.title))[:500],
        alt=markup.clean_text(item.meta_value("_wp_attachment_image_alt")),
        caption=markup.clean_text(markup.plain_text(item.excerpt)),
        credit=markup.clean_text(markup.plain_text(credit))[:500],
        description=markup.plain_text(item.content),
        created_at=item.published.at(run.zone) or run.exported_at,
        imported_id=small(item.id),
    )


def _sizes(item: wxr.Item) -> tuple[int, int]:
    """Width and height that WordPress had measured, for a file that isn't there to be measured."""
    found = _SIZES.match(item.meta_value("_wp_attachment_metadata"))
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def _complete(run: Run, items: dict[str, wxr.Item], known: dict[str, int | None]) -> None:
    """Takes files that an earlier run had missed, for whoever runs the import again with --media."""
    local_ids = [local for local in known.values() if local]
    query = select(Media).where(Media.id.in_(local_ids), Media.is_missing)
    missing = {media.id: media for media in db.session.scalars(query)}
    for key, item in items.items():
        media = missing.pop(known[key] or 0, None)
        first, *others = _names(item)
        taken = run.media.take(first, media.file, others) if media and run.media else None
        if media is None:
            continue
        if taken is None:
            run.report.missing_media.append(item.attachment_url or media.file)
            continue
        with run.batch():
            media.mime, media.byte_size, media.is_missing = taken.mime, taken.byte_size, False
            media.width, media.height = taken.width, taken.height
        run.report.note("Files that were missing before have been found and taken.")


def _keep_old_links(run: Run, key: str, item: wxr.Item) -> None:
    page = run.site.permalink(item.link)
    if page and not media_files.UPLOADS.match(page):
        run.keep_link(page, KIND, key)
    if item.id:
        run.keep_link(f"/?attachment_id={item.id}", KIND, key)
    file = run.site.permalink(item.attachment_url)
    if file:
        run.keep_link(file, "file", key)
