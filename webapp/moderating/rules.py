"""What is decided about a comment when it arrives: an ordered list of small phases, pure functions all.

Each phase looks at a Submission in its Context and returns a Verdict with its reason in words, or nothing. What is
refused outright (closed, too long, too fast, doubled) never gets here: `webapp.commenting` says no to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from webapp.models import CommentStatus
from webapp.moderating.lists import AddressList, is_mixed
from webapp.moderating.verdicts import Context, Submission, Verdict

FEWEST_DECIDED = 4
"""Decided comments without which a commenter has no rate."""
Phase = Callable[[Submission, Context], Verdict | None]


def staff(submission: Submission, _context: Context) -> Verdict | None:
    """Signed-in staff pass, whatever they write."""
    if submission.is_by_staff:
        return Verdict("staff", CommentStatus.approved, "Written by signed-in staff.")
    return None


def disallowed_words(submission: Submission, context: Context) -> Verdict | None:
    """A disallowed word makes spam."""
    found = context.disallowed_words.first_in(submission.texts)
    if found is None:
        return None
    return Verdict(
        "disallowed_words",
        CommentStatus.spam,
        f"Contains “{found}”, a disallowed word.",
    )


def blocked(submission: Submission, context: Context) -> Verdict | None:
    """Who is blocked, by address, domain or network, and links to blocked sites, make spam."""
    address = context.blocked_addresses.find_address(submission.email)
    if address:
        reason = f"“{address}” is on the list of blocked addresses."
        return Verdict("blocked", CommentStatus.spam, reason, "The address is blocked.")
    if submission.is_network_blocked:
        return Verdict("blocked", CommentStatus.spam, "Comes from a network that was blocked.")
    host = _listed_host(submission, context.blocked_domains)
    return Verdict("blocked", CommentStatus.spam, f"Leads to “{host}”, a blocked site.") if host else None


def _listed_host(submission: Submission, listed: AddressList) -> str | None:
    return next((found for host in submission.hosts if (found := listed.find_host(host))), None)


def hold_all(_submission: Submission, context: Context) -> Verdict | None:
    """Pre-moderation holds everything."""
    if context.holds_all:
        return Verdict("hold_all", CommentStatus.held, "Every comment waits for a moderator at the moment.")
    return None


def first_comment(submission: Submission, context: Context) -> Verdict | None:
    """A first comment waits; name and e-mail prove nothing, since anybody can type them."""
    if submission.is_known or not context.holds_first:
        return None
    return Verdict(
        "first_comment", CommentStatus.held, "No comment from this browser has been approved before."
    )


def unproved_name(submission: Submission, _context: Context) -> Verdict | None:
    """A proved name from another browser waits until the link in the mail is opened there."""
    if not submission.is_name_unproved:
        return None
    return Verdict(
        "unproved_name",
        CommentStatus.held,
        "The name and address are proved, but not from this browser. A link was mailed to the address.",
    )


def in_force(_submission: Submission, context: Context) -> Verdict | None:
    """A switch, or an hour without anybody on duty, holds everything."""
    return Verdict("in_force", CommentStatus.held, " ".join(context.holds)) if context.holds else None


def link_ban(submission: Submission, context: Context) -> Verdict | None:
    """A switch holds everything with a link."""
    if not submission.link_count or not context.link_bans:
        return None
    return Verdict("link_ban", CommentStatus.held, " ".join(context.link_bans))


def hold_list(submission: Submission, context: Context) -> Verdict | None:
    """Commenters and sites on the list of what always waits."""
    address = context.held_addresses.find_address(submission.email)
    if address:
        return Verdict(
            "hold_list", CommentStatus.held, f"“{address}” is on the list of addresses that always wait."
        )
    host = _listed_host(submission, context.held_domains)
    return (
        Verdict("hold_list", CommentStatus.held, f"Leads to “{host}”, a site that always waits.")
        if host
        else None
    )


def disposable(submission: Submission, context: Context) -> Verdict | None:
    """A throw-away address holds."""
    if not (context.holds_disposable and submission.is_disposable):
        return None
    return Verdict("disposable", CommentStatus.held, "The e-mail address is of a throw-away service.")


def history(submission: Submission, context: Context) -> Verdict | None:
    """A commenter of whom much was rejected waits."""
    if not context.most_rejected or submission.decided < FEWEST_DECIDED:
        return None
    rate = round(100 * submission.rejected / submission.decided)
    if rate <= context.most_rejected:
        return None
    return Verdict(
        "rejection_rate",
        CommentStatus.held,
        f"{rate} % of {submission.decided} comments were rejected; a rate over {context.most_rejected} % waits.",
    )


def look_alike(submission: Submission, _context: Context) -> Verdict | None:
    """A host or name that mixes alphabets, as one that poses as another does, holds."""
    for host in submission.hosts:
        if any(is_mixed(label) for label in host.split(".")):
            return Verdict(
                "look_alike", CommentStatus.held, f"“{host}” mixes alphabets, as a false address does."
            )
    if is_mixed(submission.name):
        return Verdict("look_alike", CommentStatus.held, "The name mixes alphabets, as a borrowed one does.")
    return None


def score(submission: Submission, context: Context) -> Verdict | None:
    """Where the newsroom has switched it on: what is very much like what was rejected goes to spam by itself."""
    if not context.acts_at or submission.score is None or submission.score * 100 < context.acts_at:
        return None
    return Verdict(
        "score",
        CommentStatus.spam,
        f"Score {round(submission.score * 100)}, by this newsroom’s decisions; from {context.acts_at} on it is spam.",
    )


def links(submission: Submission, context: Context) -> Verdict | None:
    """Many links hold."""
    count, most = submission.link_count, context.max_links
    if count <= most:
        return None
    counted = f"{count} link" if count == 1 else f"{count} links"
    return Verdict("links", CommentStatus.held, f"{counted}; a comment with more than {most} waits.")


def moderation_words(submission: Submission, context: Context) -> Verdict | None:
    """A moderation word holds."""
    found = context.moderation_words.first_in(submission.texts)
    if found is None:
        return None
    return Verdict(
        "moderation_words",
        CommentStatus.held,
        f"Contains “{found}”, a moderation word.",
    )


PHASES: tuple[Phase, ...] = (
    staff,
    blocked,
    disallowed_words,
    score,
    hold_all,
    in_force,
    link_ban,
    hold_list,
    first_comment,
    unproved_name,
    history,
    disposable,
    look_alike,
    links,
    moderation_words,
)


RULES = tuple(phase.__name__ for phase in PHASES)
"""Their names in verdicts."""


def judge(submission: Submission, context: Context, phases: Iterable[Phase] = PHASES) -> list[Verdict]:
    """What every phase has to say, in order, so that a moderator sees all reasons. One that lets pass ends it."""
    verdicts: list[Verdict] = []
    for phase in phases:
        verdict = phase(submission, context)
        if verdict is not None:
            verdicts.append(verdict)
            if verdict.status == CommentStatus.approved:
                break
    return verdicts


def outcome(verdicts: Iterable[Verdict]) -> CommentStatus:
    """The strictest status among the verdicts; approved where nobody minds."""
    wanted = {verdict.status for verdict in verdicts}
    order = (CommentStatus.spam, CommentStatus.held)
    return next((status for status in order if status in wanted), CommentStatus.approved)
