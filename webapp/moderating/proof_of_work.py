"""Half a second of work that a commenter's browser may be asked to do (ALTCHA): cheap once, dear a million times.

A question is signed and kept nowhere; the answer to one is remembered, so that it is good for one comment.
"""

from __future__ import annotations

import secrets
import time

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from webapp.database import transaction
from webapp.occurrences import is_first
from webapp.settings import setting
from webapp.visitors import fixed

bp = Blueprint("proof_of_work", __name__)
LIFE = 48 * 3600
"""Seconds that a question may be answered, as long as the form around it is good."""
LONGEST = 4000
"""Characters of an answer; a real one has about 700."""
ALGORITHM, COST = "PBKDF2/SHA-256", 5000
FEWEST, MOST = 100, 300
"""How often a browser has to do what takes it two milliseconds."""


@bp.get("/comments/work")
def question() -> ResponseReturnValue:
    """A new question as JSON, for the form's own worker. 404 where the newsroom asks for no work."""
    if not setting("PROOF_OF_WORK"):
        abort(404)
    # Late, as in is_good: most sites ask for no work.
    import altcha

    found = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=int(time.time()) + LIFE,
        hmac_secret=fixed("work"),
        hmac_key_secret=fixed("work", "key"),
    )
    response = jsonify(found.to_dict())
    response.headers["Cache-Control"] = "private, no-store"
    return response


def is_good(answer: str) -> bool:
    """Whether this answers a question of ours, in time and for the first time. Anything may come in."""
    import altcha

    if not 0 < len(answer) <= LONGEST:
        return False
    found = altcha.verify_solution(answer, fixed("work"), hmac_key_secret=fixed("work", "key"))
    if not found.verified:
        return False
    signature = altcha.Payload.from_base64(answer).challenge.signature or ""
    with transaction(unseen=True):
        return is_first("work", signature, LIFE)
