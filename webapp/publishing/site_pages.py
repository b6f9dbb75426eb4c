"""The page of the site's own settings, as far as the newsroom may change them while it runs."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.converters import id_from
from webapp.database import db, transaction
from webapp.models import Media
from webapp.moderating import chain
from webapp.moderating.accounts import own_account, role_required
from webapp.moderating.rule_pages import as_typed, fixed_elsewhere, read_changes
from webapp.settings import BY_NAME, setting, store

bp = Blueprint("site_pages", __name__)
ADDRESS = "/desk/site"

GROUPS = {
    "The paper": ("SITE_TITLE", "SITE_TAGLINE", "LOGO", "LANGUAGE", "TIME_ZONE", "CONTACT_MAIL"),
    "Articles": ("PERMALINKS", "ARTICLES_PER_PAGE", "SHARE_THRESHOLD"),
    "Discussions": ("COMMENTS_PER_PAGE", "REPLIES_SHOWN", "COMMENT_DEPTH", "COMMENT_EDIT_MINUTES"),
    "Newsletter": (
        "NEWSLETTER",
        "NEWSLETTER_PITCH",
        "NEWSLETTER_WEEKDAY",
        "NEWSLETTER_HOUR",
        "NEWSLETTER_ARTICLES",
        "NEWSLETTER_IMPRINT",
    ),
    "How long things are kept": ("KEEP_SPAM_DAYS", "KEEP_TRASH_DAYS", "KEEP_EMAIL_DAYS"),
}
NAMES = [name for names in GROUPS.values() for name in names]
LABELS = {
    "SITE_TITLE": "Name",
    "SITE_TAGLINE": "Line under the name",
    "LOGO": "Logo",
    "LANGUAGE": "Language",
    "TIME_ZONE": "Time zone",
    "CONTACT_MAIL": "Messages are mailed to",
    "PERMALINKS": "Addresses of new articles",
    "ARTICLES_PER_PAGE": "Articles on a page of an archive",
    "SHARE_THRESHOLD": "Shares are shown from",
    "COMMENTS_PER_PAGE": "Comments on a page",
    "REPLIES_SHOWN": "Replies shown at once",
    "COMMENT_DEPTH": "Levels of replies",
    "COMMENT_EDIT_MINUTES": "Minutes for second thoughts",
    "NEWSLETTER": "Newsletter",
    "NEWSLETTER_PITCH": "What it offers",
    "NEWSLETTER_WEEKDAY": "Weekly: the day",
    "NEWSLETTER_HOUR": "The hour",
    "NEWSLETTER_ARTICLES": "Articles in it",
    "NEWSLETTER_IMPRINT": "Who sends it",
    "KEEP_SPAM_DAYS": "Spam, days",
    "KEEP_TRASH_DAYS": "Trash, days",
    "KEEP_EMAIL_DAYS": "E-mail addresses, days",
}


def is_picture(media_id: int) -> bool:
    """Whether a file of the library can be the logo."""
    media = db.session.get(Media, media_id)
    return media is not None and media.is_image and bool(media.width and media.height)


@bp.post(ADDRESS + "/logo")
@role_required("editor")
def set_logo() -> ResponseReturnValue:
    """Takes a picture of the library (`media`) as the logo; 0 takes it away. 422 for what is no picture."""
    account = own_account()
    text = request.form.get("media", "")
    media_id = 0 if text == "0" else id_from(text)
    if media_id is None or (media_id and not is_picture(media_id)):
        abort(422, description="Only a picture of the media library can be the logo. Nothing was changed.")
    if fixed_elsewhere(["LOGO"]):
        abort(422, description="The operator has set the logo, so it cannot be changed here.")
    with transaction():
        store({"LOGO": media_id})
        chain.record("setting", "setting:LOGO", account_id=account.id)
    return redirect(f"{ADDRESS}?saved=1#LOGO", code=303)


@bp.get(ADDRESS)
@role_required("editor")
def site_settings() -> ResponseReturnValue:
    """Every setting with its value and help."""
    return _page({name: as_typed(setting(name)) for name in NAMES}, {})


@bp.post(ADDRESS)
@role_required("editor")
def change() -> ResponseReturnValue:
    """Saves what was changed; every page shows it at once. 422 with the form where a value is wrong."""
    account = own_account()
    typed, changed, problems = read_changes(NAMES)
    if changed.get("LOGO") and not is_picture(changed["LOGO"]):
        problems["LOGO"] = "There is no picture of this number in the media library."
    if problems:
        return _page(typed, problems, 422)
    if changed:
        with transaction():
            store(changed)
            for name in changed:
                chain.record("setting", f"setting:{name}", account_id=account.id)
    return redirect(f"{ADDRESS}?saved={len(changed)}", code=303)


def _page(typed: dict[str, str], problems: dict[str, str], status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "publishing/site.html",
        groups=GROUPS,
        about=BY_NAME,
        typed=typed,
        problems=problems,
        fixed=fixed_elsewhere(NAMES),
        label=LABELS.get,
        saved=request.args.get("saved", type=int),
    )
    return make_response(page, status)
