"""What staff do in the library."""

from __future__ import annotations

from typing import BinaryIO

from sqlalchemy import func, select, update

from webapp import clock
from webapp.database import db, transaction
from webapp.library import files, queries
from webapp.library.rules import MEGABYTE, Box, Refused
from webapp.models import Account, Article, Media
from webapp.moderating import chain
from webapp.settings import setting

TEXTS = {"alt": 1000, "title": 500, "caption": 2000, "credit": 500, "licence": 200}
"""What is said of a file, and how long that may be."""


class InUse(Exception):
    """A file stands in articles, so it cannot be deleted."""


def bring(source: BinaryIO, name: str, *, by: Account) -> Media:
    """Keeps a file that was brought. Raises Refused."""
    with files.checked(source) as one:
        _check_quota(one.byte_size)
        path = files.keep(one, name)
        try:
            return _add(one, path, by, title=name.rsplit(".", 1)[0][:500])
        except BaseException:
            files.remove(path)
            raise


def describe(media_id: int, said: dict[str, str], focus: tuple[int, int]) -> Media:
    """Sets what is said of a file, and the point of a picture that a cut has to keep (percent from left and top)."""
    with transaction():
        media = _locked(media_id)
        for name, value in said.items():
            setattr(media, name, value)
        media.focus_x, media.focus_y = focus
    return media


def replace(media_id: int, source: BinaryIO, *, by: Account) -> Media:
    """Puts another file of the same kind in its place, everywhere. Raises Refused."""
    with files.checked(source) as one:
        _check_quota(one.byte_size)
        with transaction():
            media = _locked(media_id)
            if media.mime != one.mime:
                raise Refused(f"is {one.mime}, and the file that it would replace is {media.mime}.")
            _sized(media, one)
            chain.record("replace-media", f"media:{media_id}", account_id=by.id)
            files.replace(one, media.file)
    return media


def crop(media_id: int, box: Box, *, by: Account) -> Media:
    """A part of a picture as a picture of its own; the whole one stays. Raises Refused."""
    whole = db.session.get_one(Media, media_id)
    with files.cropped(whole.file, box) as one:
        _check_quota(one.byte_size)
        stem = whole.file.rpartition("/")[2].rpartition(".")[0]
        path = files.keep(one, f"{stem}-cut{one.ending}")
        said = {name: getattr(whole, name) for name in TEXTS}
        return _add(one, path, by, **said)


def delete(media_id: int, *, by: Account) -> None:
    """Deletes a file that stands in no article and is not the logo. Raises InUse."""
    with transaction():
        media = _locked(media_id)
        if queries.uses_of(media) or media_id == setting("LOGO"):
            raise InUse
        db.session.execute(
            update(Article).where(Article.share_media_id == media_id).values(share_media_id=None)
        )
        path = media.file
        db.session.delete(media)
        chain.record("delete-media", f"media:{media_id}", account_id=by.id, reason=path)
    files.remove(path)


def _add(one: files.Checked, path: str, by: Account, **said: str) -> Media:
    media = Media(file=path, mime=one.mime, created_at=clock.now(), account_id=by.id, **said)
    _sized(media, one)
    with transaction(unseen=True):
        db.session.add(media)
    return media


def _sized(media: Media, one: files.Checked) -> None:
    media.width, media.height, media.byte_size = one.width, one.height, one.byte_size
    media.rendition = media.rendition_problem = media.tint = ""
    media.is_missing = False


def _locked(media_id: int) -> Media:
    found = db.session.get(Media, media_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("This file is not there any more.")
    return found


def _check_quota(more: int) -> None:
    most = setting("MEDIA_MEGABYTES") * MEGABYTE
    if most and (db.session.scalar(select(func.sum(Media.byte_size))) or 0) + more > most:
        raise Refused(f"does not fit: the library may hold {setting('MEDIA_MEGABYTES')} MB.")
