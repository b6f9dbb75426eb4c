"""The table of every setting: its name, default, help and parser. `webapp.settings` finds their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp import setting_values as parse


@dataclass(frozen=True)
class Setting:
    """`default` may depend on the settings before it; then it is a function of the values so far."""

    name: str
    default: Any
    help: str
    parse: Callable[[Any], Any] = parse.text
    live: bool = False
    """The newsroom may change it (stored in the database)."""
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "PORT", 8000, "The port on 127.0.0.1 that bin/serve listens on (also read from PORT).", parse.positive
    ),
    Setting(
        "SITE_URL",
        lambda values: f"http://127.0.0.1:{values['PORT']}",
        "The site's public address. It makes every absolute address; the Host header never does.",
        parse.origin,
    ),
    Setting(
        "DATABASE_URL",
        "",
        "Where the database is: empty for SQLite in the instance folder, or postgresql://…",
        secret=True,
    ),
    Setting(
        "REDIS_URL",
        "",
        "Redis for short-lived counting windows; empty keeps them in the database.",
        secret=True,
    ),
    Setting(
        "TRUSTED_PROXIES",
        0,
        "How many proxies in front may be believed for X-Forwarded-For and X-Forwarded-Proto.",
        parse.whole,
    ),
    Setting(
        "PAGE_CACHE",
        16,
        "Megabytes of rendered pages that each worker may keep; 0 makes every page anew.",
        parse.whole,
    ),
    Setting(
        "PICTURE_MEGAPIXELS",
        100,
        "Pictures with more million pixels than this are not decoded, and are sent as they are.",
        parse.positive,
    ),
    Setting(
        "UPLOAD_MEGABYTES",
        25,
        "The largest file that staff may bring into the media library, in megabytes (at most 60).",
        parse.positive,
    ),
    Setting(
        "MEDIA_MEGABYTES",
        0,
        "How many megabytes the media library may hold; 0 for no limit but the disk.",
        parse.whole,
    ),
    Setting(
        "BUILD_PICTURES",
        True,
        "`standfirst work` makes the sizes of new pictures.",
        parse.flag,
    ),
    Setting(
        "WORK",
        True,
        "bin/serve runs `standfirst work` beside the site: mail, digests, purges, pictures.",
        parse.flag,
    ),
    Setting("SMTP_HOST", "", "The mail server; empty writes mail into the instance instead of sending it."),
    Setting("SMTP_PORT", 587, "The mail server's port.", parse.positive),
    Setting("SMTP_SECURITY", "starttls", "starttls, tls or none.", parse.smtp_security),
    Setting("SMTP_USER", "", "The account at the mail server, where it wants one."),
    Setting("SMTP_PASSWORD", "", "The password of that account.", secret=True),
    Setting(
        "MAIL_FROM", "", "The address that mail comes from; empty: desk@ the site's own host.", parse.address
    ),
    Setting(
        "BOUNCE_ADDRESS",
        "",
        "Where mail comes back that does not arrive, such as bounces@news.example; its server must know addresses with"
        " a plus (bounces+…@). Empty: MAIL_FROM gets it.",
        parse.address,
    ),
    Setting(
        "BOUNCE_SECRET",
        "",
        "What a mail service must show at /newsletter/bounces to say that mail came back; empty: nobody may.",
        secret=True,
    ),
    Setting("SECRET_KEY", "", "Signs cookies and forms. Made once, in the instance folder.", secret=True),
    Setting(
        "DEVELOPMENT",
        False,
        "Reloads templates and assets, shows errors. Never on a public site.",
        parse.flag,
    ),
    Setting(
        "AKISMET_KEY",
        "",
        "Asks Akismet about each comment (sends text, name and network address there); empty: never.",
        secret=True,
    ),
    Setting(
        "PROOF_OF_WORK",
        False,
        "Lets a commenter's browser work for half a second (ALTCHA, nothing is asked elsewhere). A comment without that"
        " work, as from a browser without JavaScript, waits.",
        parse.flag,
        live=True,
    ),
    Setting("SITE_TITLE", "Standfirst", "The name of the paper.", live=True),
    Setting("SITE_TAGLINE", "", "One line under the name and in the footer.", live=True),
    Setting(
        "LOGO",
        0,
        "The number of a picture of the media library that stands in place of the name; 0: the name, in type.",
        parse.id_or_none,
        live=True,
    ),
    Setting("LANGUAGE", "en", "The language of the site, as in <html lang>.", live=True),
    Setting(
        "TIME_ZONE", "UTC", "The zone in which dates are shown and archives are cut.", parse.zone, live=True
    ),
    Setting(
        "PERMALINKS",
        "/{year}/{month}/{slug}/",
        "How new articles are addressed: {year} {month} {day} {slug} {category} {id}.",
        live=True,
    ),
    Setting("ARTICLES_PER_PAGE", 20, "Articles on one page of an archive.", parse.positive, live=True),
    Setting(
        "SHARE_THRESHOLD",
        10,
        "Share totals below this are not shown as a headline figure.",
        parse.whole,
        live=True,
    ),
    Setting("COMMENTS_PER_PAGE", 50, "Top comments on one page of a discussion.", parse.positive, live=True),
    Setting("REPLIES_SHOWN", 20, "Replies of one thread shown before “more”.", parse.positive, live=True),
    Setting("COMMENT_DEPTH", 5, "Levels of replies.", parse.depth, live=True),
    Setting("COMMENT_MAX_LENGTH", 5000, "Characters a comment may have.", parse.positive, live=True),
    Setting("COMMENT_MAX_LINKS", 1, "A comment with more links than this is held.", parse.whole, live=True),
    Setting(
        "COMMENT_HOLD_FIRST",
        True,
        "Hold a commenter's first comment; known ones pass.",
        parse.flag,
        live=True,
    ),
    Setting("COMMENT_HOLD_ALL", False, "Hold every comment (pre-moderation).", parse.flag, live=True),
    Setting(
        "COMMENT_MIN_SECONDS",
        3,
        "Time trap: a form sent back sooner than this is refused; 0 switches it off.",
        parse.whole,
        live=True,
    ),
    Setting(
        "COMMENT_FLOOD_SECONDS",
        15,
        "A visitor waits this long between comments; 0 switches every limit on posting off.",
        parse.whole,
        live=True,
    ),
    Setting(
        "COMMENT_EDIT_MINUTES",
        15,
        "So long a writer may change or withdraw a comment; 0 for not at all.",
        parse.whole,
        live=True,
    ),
    Setting(
        "CLOSE_COMMENTS_AFTER_DAYS",
        None,
        "Discussions close this many days after publication; empty: never.",
        parse.optional_whole,
        live=True,
    ),
    Setting(
        "MODERATION_WORDS",
        [],
        "Comments with one of these words or phrases are held.",
        parse.lines,
        live=True,
    ),
    Setting("DISALLOWED_WORDS", [], "Comments with one of these go to spam.", parse.lines, live=True),
    Setting(
        "BLOCKED_ADDRESSES",
        [],
        "Comments with one of these e-mail addresses (or of these domains) go to spam.",
        parse.lines,
        live=True,
    ),
    Setting(
        "HELD_ADDRESSES",
        [],
        "Comments with one of these e-mail addresses (or domains) always wait.",
        parse.lines,
        live=True,
    ),
    Setting(
        "BLOCKED_DOMAINS", [], "Comments that link to one of these sites go to spam.", parse.lines, live=True
    ),
    Setting(
        "HELD_DOMAINS", [], "Comments that link to one of these sites always wait.", parse.lines, live=True
    ),
    Setting(
        "COMMENT_HOLD_DISPOSABLE",
        True,
        "Hold comments with an e-mail address of a throw-away service.",
        parse.flag,
        live=True,
    ),
    Setting(
        "COMMENT_MAX_REJECTED",
        30,
        "Hold commenters of whom more than this percentage was rejected; 0 never does.",
        parse.percent,
        live=True,
    ),
    Setting(
        "SPAM_ACTS_AT",
        0,
        "From this score (1 to 100) on a comment goes to spam by itself; 0: the score only orders the queue.",
        parse.percent,
        live=True,
    ),
    Setting(
        "COMMENT_NETWORK_HOUR",
        60,
        "Comments that one network may post in an hour; 0 for any number.",
        parse.whole,
        live=True,
    ),
    Setting(
        "DUTY_HOURS",
        [],
        "When somebody is on duty, one line for each stretch: mon-fri 07:00-22:00. Empty: always.",
        parse.duty_hours,
        live=True,
    ),
    Setting(
        "OFF_DUTY",
        "hold",
        "What happens to comments while nobody is on duty: nothing, hold or close.",
        parse.off_duty,
        live=True,
    ),
    Setting(
        "MODERATOR_MAIL",
        "daily",
        "Mail to moderators: no, daily (a digest) or held (also each comment that waits, with links to decide).",
        parse.moderator_mail,
        live=True,
    ),
    Setting("KEEP_SPAM_DAYS", 30, "Spam is deleted after so many days; 0 keeps it.", parse.whole, live=True),
    Setting(
        "KEEP_TRASH_DAYS",
        30,
        "What was trashed or withdrawn is deleted after so many days; 0 keeps it.",
        parse.whole,
        live=True,
    ),
    Setting(
        "CONTACT_MAIL",
        "",
        "Where messages of the contact page are mailed; empty: they wait at /desk/messages alone.",
        parse.address,
        live=True,
    ),
    Setting(
        "NEWSLETTER",
        "no",
        "no: there is none; by hand: you send it; daily or weekly: the newest articles go out by themselves, too.",
        parse.newsletter,
        live=True,
    ),
    Setting(
        "NEWSLETTER_PITCH",
        "The best of the paper, by mail.",
        "What the block says in which readers give their address.",
        live=True,
    ),
    Setting(
        "NEWSLETTER_WEEKDAY",
        "friday",
        "The day of the weekly newsletter: monday to sunday.",
        parse.weekday,
        live=True,
    ),
    Setting(
        "NEWSLETTER_HOUR",
        7,
        "The hour, from 0 to 23, at which it goes out by itself (in the site's time zone).",
        parse.hour,
        live=True,
    ),
    Setting(
        "NEWSLETTER_ARTICLES", 8, "Articles in a newsletter that goes out by itself.", parse.some, live=True
    ),
    Setting(
        "NEWSLETTER_IMPRINT",
        "",
        "Who sends it, for the foot of each: in many countries the law wants a postal address there.",
        live=True,
    ),
    Setting(
        "KEEP_EMAIL_DAYS",
        365,
        "E-mail addresses are taken off comments after so many days; 0 keeps them.",
        parse.whole,
        live=True,
    ),
)
