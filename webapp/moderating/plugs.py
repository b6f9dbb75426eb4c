"""Services outside that may be asked about a comment, each off until a newsroom sets it up. They are asked before the
comment is written, have a few seconds, and when they fail the comment waits: nothing is ever lost by them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from webapp.models import CommentStatus
from webapp.moderating import proof_of_work
from webapp.moderating.verdicts import Verdict
from webapp.settings import setting

SECONDS = 3.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What a service is told: never the e-mail address."""

    name: str
    website: str
    source: str
    permalink: str
    """The article's whole address."""
    address: str
    """The network address, which is kept nowhere here."""
    browser: str
    proof: str
    """What came of the work that its browser did."""


Plug = Callable[[Asked], Verdict | None]


def ask_all(asked: Asked) -> list[Verdict]:
    """What the services that are set up say, in order."""
    found = [plug(asked) for name, plug in PLUGS.items() if setting(name)]
    return [verdict for verdict in found if verdict is not None]


def akismet(asked: Asked) -> Verdict | None:
    """Automattic's service, by its key. Spam goes to spam; no answer holds."""
    # Late, since most sites have no key and its client is slow to import.
    import httpx
    from akismet import AkismetError, Config, SyncClient

    try:
        with httpx.Client(timeout=SECONDS) as line:
            client = SyncClient(
                config=Config(key=setting("AKISMET_KEY"), url=setting("SITE_URL")), http_client=line
            )
            is_spam = client.comment_check(
                user_ip=asked.address,
                user_agent=asked.browser,
                permalink=asked.permalink,
                comment_type="comment",
                comment_author=asked.name,
                comment_author_url=asked.website,
                comment_content=asked.source,
            )
    except (AkismetError, httpx.HTTPError) as error:
        log.warning("Akismet did not answer: %s", error)
        return Verdict("akismet", CommentStatus.held, "Akismet did not answer, so a person decides.")
    return Verdict("akismet", CommentStatus.spam, "Akismet takes it for spam.") if is_spam else None


def altcha(asked: Asked) -> Verdict | None:
    """A proof that the browser has worked for a moment, each good for one comment."""
    if proof_of_work.is_good(asked.proof):
        return None
    return Verdict("work", CommentStatus.held, "Its browser sent no proof of work, so a person decides.")


PLUGS: dict[str, Plug] = {"PROOF_OF_WORK": altcha, "AKISMET_KEY": akismet}
"""By the setting that switches each on."""
RULES = ("work", "akismet")
"""Their names in verdicts."""
