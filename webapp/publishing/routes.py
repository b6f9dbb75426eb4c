"""The desk's pages about imports: each run, and where every address of the old site leads now."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.moderating.accounts import role_required
from webapp.publishing import queries
from webapp.publishing.report import OldAddress, Report

bp = Blueprint("publishing", __name__)

LARGEST_ID = 2**31 - 1
PER_PAGE = 200


@bp.get("/desk/imports/")
@role_required("editor")
def imports() -> ResponseReturnValue:
    """The imports so far."""
    return render_template("publishing/imports.html", runs=queries.import_runs())


@bp.get(f"/desk/imports/<int(max={LARGEST_ID}):run_id>")
@role_required("editor")
def import_report(run_id: int) -> ResponseReturnValue:
    """One import's reconciliation report; `?addresses=all` lists the addresses that stayed as they were as well."""
    found = queries.import_run(run_id) or abort(404)
    run, report = found
    wants_all = request.args.get("addresses") == "all"
    page = request.args.get("page", 1, type=int)
    addresses = _addresses(report, wants_all) if report else []
    pages = max(1, -(-len(addresses) // PER_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    return render_template(
        "publishing/import_report.html",
        run=run,
        report=report,
        addresses=addresses[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(addresses),
        wants_all=wants_all,
        page=page,
        pages=pages,
    )


def _addresses(report: Report, wants_all: bool) -> list[OldAddress]:
    if wants_all:
        return report.addresses
    return [address for address in report.moved_addresses if not address.is_numbered]
