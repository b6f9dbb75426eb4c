"""Who is asking, without knowing who: keyed hashes of address and browser, the key renewed every day."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from functools import lru_cache
from typing import Any

from flask import current_app, request
from sqlalchemy import delete, select

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import DailyKey


def client_address() -> str:
    """The reader's network address; forwarded headers count only through STANDFIRST_TRUSTED_PROXIES."""
    return request.remote_addr or ""


def visitor_hash() -> str:
    """A keyed hash of address and browser name (32 hexadecimal digits). Another one tomorrow."""
    return visitor_of(client_address(), request.headers.get("User-Agent", ""))


def visitor_of(address: str, agent: str) -> str:
    """The same of an address and a browser name, outside of a request."""
    return keyed("visitor", address, agent[:500])


def network_hash() -> str:
    """A keyed hash of the reader's network: /24 of IPv4, /48 of IPv6. Another one tomorrow."""
    return keyed("network", _network())


def lasting_network_hash() -> str:
    """The same under a key that stays: kept only of networks that staff have blocked."""
    return fixed("network", _network())


def _network() -> str:
    try:
        address = ipaddress.ip_address(client_address())
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        prefix = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
    except ValueError:
        return client_address()


def keyed(*parts: str) -> str:
    """A hash of the parts under today's key, 32 hexadecimal digits."""
    key = bytes.fromhex(_todays_key())
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()


def fixed(*parts: str) -> str:
    """A hash of the parts under the site's lasting secret key: for cookies' random ids and fingerprints."""
    key = _lasting_key(current_app.secret_key)
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()


@lru_cache(maxsize=4)
def _lasting_key(secret: Any) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _todays_key() -> str:
    """The same on every worker, since the database keeps it; yesterday's is thrown away when today's is made."""
    today = clock.day_of(clock.now())
    kept = current_app.extensions.setdefault("standfirst_daily_key", {})
    if today not in kept:
        with transaction(unseen=True):
            db.session.execute(delete(DailyKey).where(DailyKey.day != today))
            fresh = {"day": today, "key": secrets.token_hex(32)}
            db.session.execute(insert(DailyKey).values(**fresh).on_conflict_do_nothing())
            key = db.session.scalars(select(DailyKey.key).where(DailyKey.day == today)).one()
        kept.clear()
        kept[today] = key
    return kept[today]
