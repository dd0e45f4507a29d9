"""The desk of a pair: how far it is, what is missing, how fast it has to be, and what came in."""

from typing import Any

from django.db.models import Sum, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from candidates.queries import explanation_of, requirement_of
from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from supports.desk.days import last_days
from supports.desk.outcome import outcome_of
from supports.desk.pace import pace
from supports.findings import FindingCount, finding_counts
from supports.handing_in.readiness import readiness_of
from supports.handing_in.receipts import receipt_of
from supports.handing_in.requirement import shortage_of
from supports.handing_in.views import shown_progress
from supports.handing_in.waiting import pending_hand_in
from supports.help_desk.queries import unseen_of
from supports.models import Submission, Upload, UploadTally
from supports.privacy.sums import reads_sums_only, sums_of
from supports.progress import Progress, counts_of_uploads, progress
from supports.queries import audience_of, places_read_by, uploads_visible_to
from supports.repairs.succession import why_none
from supports.retention.drafts import erasures_of
from supports.rounds import catch_up
from supports.typed.today import typed_today
from supports.views import pair_or_404

LATEST_UPLOADS = 5
# From so many areas on, a map of tiles is quicker to read than a list of bars.
TILES_FROM = 7


@never_cache
@declare(Permission.VIEW_PROGRESS)
def pair_page(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The pair's page: minimum, counted, shortfall, spread, areas, findings, latest uploads; for its team the desk."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_PROGRESS)
    prefetch_related_objects([pair.election], "areas")
    reached = progress(pair, audience=audience_of(request.user, pair))
    if reached.submission and catch_up(reached.submission):
        reached = progress(pair, audience=audience_of(request.user, pair))
    moment = request.moment = reached.moment
    request.schedule, request.latest_round = reached.schedule, reached.submission
    if reads_sums_only(request.user):
        return render(request, "supports/pair_sums.html", _sums(pair, reached))
    receipt = receipt_of(reached.submission) if _was_handed_in(reached) else None
    context = {
        "pair": pair,
        "progress": reached,
        "requirement": requirement_of(pair.election),
        "explanation": explanation_of(pair.election),
        "area_name": AREA_NAMES[pair.election.level],
        "widest": max((area.submitted for area in reached.by_area), default=0),
        "tiles": reached.areas >= TILES_FROM,
        "pace": pace(reached.shortfall, reached.window, moment),
        "days": last_days(pair, moment) if reached.submitted else [],
        "findings": _findings(request.user, reached),
        **_of_rounds(pair, reached),
        "receipt": receipt,
        "reception": getattr(receipt, "reception", None),
        **_under_way(request.user, pair, reached),
        **_of_uploads(request.user, pair),
        **_rights(request.user, pair),
        "may_receive": _may_receive(request.user, pair, reached),
        "erasures": erasures_of(pair, reached.submission, moment, opened=reached.window.open),
    }
    if pair.pk in scopes(request.user, Permission.VIEW_UPLOADS).pairs:
        context |= _of_team(request.user, pair, reached)
    return render(request, "supports/pair.html", context)


def _of_rounds(pair: Pair, reached: Progress) -> dict[str, Any]:
    """What a later round asks while it is filled; why none comes after a closed one; in both cases the last result."""
    latest = reached.submission
    if latest is None:
        return {}
    latest.pair = pair
    if latest.status == "closed":
        return {"ended": why_none(latest), "outcome": outcome_of(pair)}
    if not reached.later or reached.handed_in:
        return {}
    return {"shortage": shortage_of(latest, reached), "outcome": outcome_of(pair)}


def _under_way(user: User, pair: Pair, reached: Progress) -> dict[str, Any]:
    """How far a handing-in is that was asked for and has not ended; who hands in sees it go on."""
    if reached.submission is None or not reached.submission.under_way:
        return {}
    asked = pending_hand_in(reached.submission)
    if asked is None:
        return {}
    asked.submission.pair = pair
    hands_in = pair.pk in scopes(user, Permission.HAND_IN).pairs
    return {"asked": asked} | (shown_progress(pair, asked) if hands_in else {})


def _sums(pair: Pair, reached: Progress) -> dict[str, Any]:
    """What an observer sees."""
    return {
        "pair": pair,
        "submission": reached.submission if reached.handed_in else None,
        "sums": sums_of(reached),
        "minimum": reached.minimum,
        "min_spread": reached.min_spread,
        "covered": reached.areas_covered,
        "areas": reached.areas,
        "area_name": AREA_NAMES[pair.election.level],
    }


def _rights(user: User, pair: Pair) -> dict[str, bool]:
    stands = pair.status == "active"
    return {
        "may_upload": stands and pair.pk in scopes(user, Permission.UPLOAD).pairs,
        "may_hand_in": stands and pair.pk in scopes(user, Permission.HAND_IN).pairs,
        "may_type": stands and pair.pk in scopes(user, Permission.EDIT_SUPPORTS).pairs,
        "may_see_results": may(user, Permission.VIEW_RESULTS),
        "may_list": may(user, Permission.VIEW_SUPPORTS),
        "may_view_uploads": may(user, Permission.VIEW_UPLOADS),
    }


def _was_handed_in(reached: Progress) -> bool:
    """Whether the latest round has a receipt that is spoken of: one that came back has, too."""
    return reached.handed_in or (reached.submission is not None and reached.submission.status == "returned")


def _may_receive(user: User, pair: Pair, reached: Progress) -> bool:
    """Whether what was handed in waits for this person's decision."""
    waits = reached.submission is not None and reached.submission.status == "submitted"
    held = scopes(user, Permission.RECEIVE_ROUND)
    return waits and held.contains_region(pair.election.region_id)


def _of_team(user: User, pair: Pair, reached: Progress) -> dict[str, Any]:
    """What only the pair's own people see: unread answers, what stands in the way, who typed today, the pool."""
    pool = UploadTally.objects.filter(submission__pair=pair, submission__kind=Submission.Kind.POOL)
    in_pool = (
        pool.filter(key__in=("rows", "clean")).values_list("key").annotate(rows=Sum("n")).order_by("key")
    )
    typed = typed_today(pair, reached.moment)
    return {
        "unseen_answers": unseen_of(user, pair),
        "ready": readiness_of(pair, reached) if reached.submitted and not reached.handed_in else None,
        "typed": typed,
        "typed_rows": sum(rows for _user, rows in typed),
        "pool": dict(in_pool),
    }


@never_cache
@declare(Permission.VIEW_UPLOADS)
def latest_uploads(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: the latest uploads while one of them is being loaded; afterwards the page is read anew."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_UPLOADS)
    context = {"pair": pair, **_of_uploads(request.user, pair)}
    response = render(request, "supports/_latest_uploads.html", context)
    if not context["loading"]:
        response["HX-Refresh"] = "true"
    return response


def _of_uploads(user: User, pair: Pair) -> dict[str, Any]:
    visible = uploads_visible_to(user).filter(submission__pair=pair).exclude(status="discarded")
    uploads = list(visible.select_related("job", "submission").order_by("-id")[:LATEST_UPLOADS])
    return {
        "uploads": uploads,
        "loading": any(is_loading(upload) for upload in uploads),
        "counts": counts_of_uploads(uploads, places=places_read_by(user, pair, Permission.VIEW_UPLOADS)),
    }


def is_loading(upload: Upload) -> bool:
    """Whether a job is at work, or waits, on this upload."""
    return upload.job is not None and upload.job.state in ("queued", "running")


def _findings(user: User, reached: Progress) -> list[FindingCount]:
    if reached.submission is None or not may(user, Permission.VIEW_FINDINGS):
        return []
    return finding_counts(reached.submission, reached.findings)
