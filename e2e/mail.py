"""What a site has mailed: without a mail server it lies in the instance."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from e2e.conftest import Site


def mails(site: Site) -> list[str]:
    """The texts of all mail of this site, after the background process has had its turn."""
    site.command("work", "--once")
    files = sorted(
        Path(site.environment["STANDFIRST_INSTANCE"], "mail").glob("*.eml"), key=lambda f: int(f.stem)
    )
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [f"{mail['To']}\n{mail.get_body(('plain',)).get_content()}" for mail in found]  # pyright: ignore


def mail_to(site: Site, address: str) -> str:
    """The newest mail to this address. At some hours others go out with it, such as the newsroom's daily digest."""
    return [mail for mail in mails(site) if mail.startswith(f"{address}\n")][-1]


def link_in(text: str, word: str) -> str:
    found = re.search(rf"/{word}/\S+", text)
    assert found
    return found[0]
