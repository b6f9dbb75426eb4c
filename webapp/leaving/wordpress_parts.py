"""What every item of a WordPress export says in the same way: its moments, in the site's zone and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from webapp.filters import in_zone
from webapp.leaving.elements import Elements


def moments(out: Elements, moment: datetime, changed: datetime | None = None) -> None:
    """When it was published, and when it was changed."""
    out.put("wp:post_date", local(moment))
    out.put("wp:post_date_gmt", utc(moment))
    if changed:
        out.put("wp:post_modified", local(changed))
        out.put("wp:post_modified_gmt", utc(changed))


def local(moment: datetime) -> str:
    """As WordPress writes it, by the site's clock."""
    return _stamp(in_zone(moment))


def utc(moment: datetime) -> str:
    """As WordPress writes it, in UTC."""
    return _stamp(moment.astimezone(UTC))


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
