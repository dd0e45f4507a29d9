"""The queue of groups, a group with its rows side by side, and what is decided about them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.templatetags.wording import number
from candidates.territory import elections_governed_by
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import tell_refusal
from supports.handing_in.receipts import title_of
from supports.matches import read_matches
from supports.queries import reach_of
from verification.deciding import statuses_offered
from verification.desk_views import review_or_404
from verification.duplicates import grouping, operations
from verification.duplicates.comparing import compare
from verification.duplicates.models import Group
from verification.duplicates.queries import (
    KINDS,
    counts_of_groups,
    group_or_404,
    grouping_of,
    list_groups,
    list_members,
)
from verification.models import Review
from verification.queries import rounds_to_verify

WAITING = {"menunggu": True, "diputus": False}


@never_cache
@declare(Permission.VIEW_DECISIONS)
def groups(request: HttpRequest, submission_id: int) -> HttpResponse:
    """The groups of one kind, by whether rows of them wait, and by area."""
    review = review_or_404(request, submission_id, Permission.VIEW_DECISIONS)
    counts = counts_of_groups(review.submission)
    kind = request.GET.get("jenis") or next((one for one in KINDS if counts[one].waiting), KINDS[0])
    status = request.GET.get("keadaan", "")
    area = request.GET.get("wilayah", "")
    context = {
        **_context(request, review),
        "kind": kind,
        "kinds": [(one, label, counts[one]) for one, label in Group.Kind.choices],
        "status": status,
        "area": area,
        "areas": list(review.submission.pair.election.areas.all()),
        "grouping": grouping_of(review.submission),
    }
    try:
        context["page"] = list_groups(
            review.submission,
            kind=kind,
            waiting=WAITING.get(status),
            area=int(area) if area.isascii() and area.isdigit() and len(area) < 11 else None,
            reach=reach_of(request.user, review.submission.pair),
            cursor=request.GET.get("kursor", ""),
        )
    except Refused as refusal:
        return render(
            request, "verification/groups.html", context | {"refusal": refusal}, status=refusal.http_status
        )
    return render(request, "verification/groups.html", context)


def _context(request: HttpRequest, review: Review) -> dict[str, Any]:
    submission = review.submission
    deals = may(request.user, Permission.DEAL_WORK) and rounds_to_verify(request.user)
    return {
        "review": review,
        "submission": submission,
        "pair": submission.pair,
        "title": title_of(submission),
        "may_find": bool(deals) and deals.filter(pk=submission.pk, status="in_review").exists(),
        "sees_other_pairs": may(request.user, Permission.VIEW_PAIR_MATCHES),
    }


@require_POST
@declare(Permission.DEAL_WORK)
def find_again(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Have the groups found where that was never done, or was stopped."""
    review = review_or_404(request, submission_id, Permission.DEAL_WORK)
    try:
        grouping.find_again(review.submission, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("groups", submission_id)


@never_cache
@declare(Permission.VIEW_PAIR_MATCHES)
def other_pairs(request: HttpRequest, submission_id: int) -> HttpResponse:
    """People of this round whom other pairs gave too; for the commission alone, and nothing is decided here."""
    review = review_or_404(request, submission_id, Permission.VIEW_DECISIONS)
    submission = review.submission
    get_object_or_404(
        elections_governed_by(request.user, Permission.VIEW_PAIR_MATCHES), pk=submission.pair.election_id
    )
    cursor = request.GET.get("kursor", "")
    page = read_matches(submission.pair.election, by=request.user, cursor=cursor, within=submission)
    counts = counts_of_groups(submission)
    context = {
        **_context(request, review),
        "kind": "pairs",
        "kinds": [(one, label, counts[one]) for one, label in Group.Kind.choices],
        "people": page.people,
        "next_url": f"?kursor={page.next}" if page.next else None,
        "first_url": request.path if cursor else None,
    }
    return render(request, "verification/other_pairs.html", context)


@never_cache
@declare(Permission.VIEW_DECISIONS)
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """A group's rows beside its first one."""
    return _page(request, _group_or_404(request, group_id, Permission.VIEW_DECISIONS))


@never_cache
@require_POST
@declare(Permission.OPEN_IDENTITY)
def open_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """The same page with the identities in clear; each row is on record as read."""
    return _page(request, _group_or_404(request, group_id, Permission.VIEW_DECISIONS), opened=True)


def _group_or_404(request: HttpRequest, group_id: int, permission: Permission) -> Group:
    found = group_or_404(request.user, group_id, permission)
    request.pair = found.submission.pair
    return found


def _page(
    request: HttpRequest, found: Group, *, opened: bool = False, refusal: Refused | None = None
) -> HttpResponse:
    submission = found.submission
    page = list_members(found, cursor=request.GET.get("kursor", ""))
    compared = compare(page, by=request.user, opened=opened)
    verifies = may(request.user, Permission.VERIFY) and submission.status == "in_review"
    first = operations.first_holder(found) if verifies and found.waiting else None
    offered = [one for one in statuses_offered(submission) if one != "MS"]
    context = {
        "group": found,
        "submission": submission,
        "pair": submission.pair,
        "title": title_of(submission),
        "page": page,
        "members": compared,
        "opened": opened,
        "may_open": may(request.user, Permission.OPEN_IDENTITY),
        "mine": any(one.mine for one in compared),
        "verifies": verifies,
        "first_holder": first,
        "leads": first == request.user,
        "offered": [(status, operations.group_reasons(status)) for status in offered],
        "refusal": refusal,
        "chosen": _chosen(request) if refusal else {},
        "picked": request.POST.getlist("supports") if refusal else [],
    }
    status = refusal.http_status if refusal else HTTPStatus.OK
    return render(request, "verification/group.html", context, status=status)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """What was chosen and refused: the status with its reasons and note."""
    status = request.POST.get("status", "")
    reasons, note = request.POST.getlist(f"reasons-{status}"), request.POST.get(f"note-{status}", "")
    return {"status": status, "reasons": reasons, "note": note}


@require_POST
@declare(Permission.VERIFY)
def decide_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """Decide the rows that were picked, all alike."""
    found = _group_or_404(request, group_id, Permission.VERIFY)
    given = _chosen(request)
    ids = [int(one) for one in request.POST.getlist("supports") if one.isascii() and one.isdigit()]
    try:
        decided = operations.decide_members(found, ids, by=request.user, **given)
    except Refused as refusal:
        return _page(request, found, refusal=refusal)
    words = {"n": number(decided), "status": given["status"]}
    return _done(request, found, _("%(n)s baris diputus %(status)s.") % words)


@require_POST
@declare(Permission.VERIFY)
def keep_one(request: HttpRequest, group_id: int, support_id: int) -> HttpResponse:
    """One row stays counted, the others that wait for this person do not."""

    def act(found: Group) -> str:
        done = operations.keep_one(found, support_id, by=request.user)
        told = ", ".join(f"{number(rows)} {status}" for status, rows in done.items())
        return _("Satu baris tetap dihitung. Diputus sekarang: %(told)s.") % {"told": told}

    return _act(request, group_id, act)


@require_POST
@declare(Permission.VERIFY)
def undo_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take one's own decisions about a group back."""

    def act(found: Group) -> str:
        words = {"n": number(operations.undo_members(found, by=request.user))}
        return _("%(n)s keputusan Anda dibatalkan; barisnya menunggu Anda lagi.") % words

    return _act(request, group_id, act)


@require_POST
@declare(Permission.VERIFY)
def take_over(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take the rows over that wait for others."""

    def act(found: Group) -> str:
        words = {"n": number(operations.take_over(found, by=request.user))}
        return _("%(n)s baris kelompok ini sekarang menunggu Anda.") % words

    return _act(request, group_id, act)


def _act(request: HttpRequest, group_id: int, act: Callable[[Group], str]) -> HttpResponse:
    found = _group_or_404(request, group_id, Permission.VERIFY)
    try:
        told = act(found)
    except Refused as refusal:
        return _page(request, found, refusal=refusal)
    return _done(request, found, told)


def _done(request: HttpRequest, found: Group, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("group", found.pk)
