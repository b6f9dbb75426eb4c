"""The desk's pages about imports: each run, and where every address of the old site leads now."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.moderating.accounts import role_required
from webapp.publishing import front, menu_pages, queries, site_pages

bp = Blueprint("publishing", __name__)
bp.register_blueprint(front.bp)
bp.register_blueprint(site_pages.bp)
bp.register_blueprint(menu_pages.bp)

PER_PAGE = 200
LARGEST_PAGE = 1_000_000


@bp.get("/desk/imports/")
@role_required("editor")
def imports() -> ResponseReturnValue:
    """The imports so far."""
    return render_template("publishing/imports.html", runs=queries.import_runs())


@bp.get("/desk/imports/<id:run_id>")
@role_required("editor")
def import_report(run_id: int) -> ResponseReturnValue:
    """One import's reconciliation report; `?addresses=all` lists the addresses that stayed as they were as well."""
    found = queries.import_run(run_id) or abort(404)
    run, report = found
    wants_all = request.args.get("addresses") == "all"
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= LARGEST_PAGE:
        abort(404)
    addresses, total = queries.old_addresses(run_id, only_changed=not wants_all, page=page, per_page=PER_PAGE)
    if page > 1 and not addresses:
        abort(404)
    return render_template(
        "publishing/import_report.html",
        run=run,
        report=report,
        addresses=addresses,
        total=total,
        wants_all=wants_all,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
    )
