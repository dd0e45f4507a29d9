"""A pair's page, the list of its supporters, and the rules by which rows are checked."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from candidates.queries import pairs_visible_to, rules_of
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.workflow.table import VERMIN
from supports.findings import GRAVITY, effects_by_code, explained_rules, finding_counts
from supports.forms import SearchForm
from supports.listing import Filter, Page, list_supports
from supports.locks import OPEN
from supports.models import Submission, Upload
from supports.progress import counts_by_area, counts_of_uploads, findings_of_round
from supports.queries import (
    audience_of,
    place_of_upload,
    reach_of,
    submissions_visible_to,
    typed_reach_of,
    uploads_visible_to,
)

CHIPS_SHOWN = 8


def pair_or_404(request: HttpRequest, pair_id: int, permission: Permission) -> Pair:
    """The pair, if this user may do that with it. Left on the request, where the frame finds it."""
    request.pair = get_object_or_404(pairs_visible_to(request.user, permission), pk=pair_id)
    return request.pair


@dataclass(frozen=True)
class Chip:
    """One choice of a filter: its words, how many rows (None: not said), its address, if it is chosen."""

    title: str
    n: int | None
    url: str
    chosen: bool
    effect: str = ""


@dataclass(frozen=True)
class ChipRow:
    """The chips of one filter; those beyond the first few are folded away until one of them is chosen."""

    title: str
    chips: list[Chip]

    @property
    def first(self) -> list[Chip]:
        """Always seen."""
        return self.chips[:CHIPS_SHOWN]

    @property
    def more(self) -> list[Chip]:
        """Folded away."""
        return self.chips[CHIPS_SHOWN:]

    @property
    def opened(self) -> bool:
        """Whether one of the folded ones is chosen."""
        return any(chip.chosen for chip in self.more)


@never_cache
@declare(Permission.VIEW_SUPPORTS)
def supports(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The list of a round's supporters. Filters and page stand in the address, an identity never does."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_SUPPORTS)
    rounds = submissions_visible_to(request.user, Permission.VIEW_SUPPORTS).filter(pair=pair)
    submission = round_asked(request, rounds.select_related("pair__election", "rule_set"))
    if submission is None:
        return render(request, "supports/supports.html", {"pair": pair, "page": None})
    uploads = uploads_visible_to(request.user)
    wanted = asked_filter(request, pair)
    page = list_supports(submission, wanted, cursor=request.GET.get("kursor", ""))
    context = {
        **people_context(request, submission, page),
        "form": SearchForm(),
        "next_url": _page_url(request, page.next),
        "previous_url": _page_url(request, page.previous),
        "wanted": wanted,
        "upload": uploads.filter(pk=wanted.upload).first() if wanted.upload else None,
        "filtered": bool(wanted.finding or wanted.area is not None or wanted.status or wanted.upload),
        "filters": request.GET.urlencode(),
        "chip_rows": [row for row in _chip_rows(request, rounds, submission, wanted) if row.chips],
    }
    return render(request, "supports/supports.html", context)


def people_context(request: HttpRequest, submission: Submission, page: Page | None = None) -> dict[str, Any]:
    """What every list of supporters needs, and every row of one; the gravest finding of a row comes first."""
    effects = effects_by_code(submission)
    for row in page.rows if page else ():
        row.findings.sort(key=lambda rule: GRAVITY[effects[rule.code]])
    pair = submission.pair
    return {
        "pair": pair,
        "submission": submission,
        "page": page,
        "effects": effects,
        "may_edit": submission.status in OPEN
        and pair.pk in scopes(request.user, Permission.EDIT_SUPPORTS).pairs,
        "may_tick": submission.kind == Submission.Kind.POOL
        and pair.pk in scopes(request.user, Permission.UPLOAD).pairs,
        "may_open_uploads": uploads_visible_to(request.user).filter(submission__pair=pair).exists(),
    }


def round_asked(request: HttpRequest, rounds: QuerySet[Submission]) -> Submission | None:
    """The round named in the address, else where the rows of the upload asked for are, else the latest round."""
    asked, upload = request.GET.get("putaran"), _number(request, "unggahan")
    if asked:
        return get_object_or_404(rounds, stage=asked)
    if upload:
        return place_of_upload(rounds, upload)
    return rounds.filter(kind=Submission.Kind.ROUND).order_by("-id").first()


def asked_filter(request: HttpRequest, pair: Pair) -> Filter:
    """The filter in the address. Refuses numbers that are none."""
    return Filter(
        finding=request.GET.get("temuan") or None,
        area=_number(request, "wilayah"),
        status=request.GET.get("status") or None,
        upload=_number(request, "unggahan"),
        reach=reach_of(request.user, pair),
        audience=audience_of(request.user, pair),
        own=typed_reach_of(request.user, pair),
    )


def list_address(request: HttpRequest, pair: Pair) -> str:
    """The list with the filters of this address."""
    query = request.GET.copy()
    query.pop("kursor", None)
    return f"{reverse('supports', args=[pair.pk])}?{query.urlencode()}"


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Refused(
            "filter_unknown", _("Saringan pada alamat halaman ini tidak dikenal. Mulai lagi dari daftar.")
        )
    return int(text)


def _chip_rows(
    request: HttpRequest, rounds: QuerySet[Submission], submission: Submission, wanted: Filter
) -> list[ChipRow]:
    """The choices of each filter, with its counts where no other filter makes them wrong."""
    decided = submission.status not in ("draft", "submitted", "returned")
    statuses = [_chip(request, "status", *state) for state in VERMIN.states.items() if decided]
    return [
        ChipRow(_("Putaran"), _round_chips(rounds, submission)),
        ChipRow(_("Temuan"), _finding_chips(request, submission, wanted)),
        ChipRow(_("Wilayah"), _area_chips(request, submission, wanted)),
        ChipRow(_("Status"), statuses),
    ]


def _round_chips(rounds: QuerySet[Submission], shown: Submission) -> list[Chip]:
    """The rounds to choose from; none when there is one only."""
    titles = {one.key: one.title for one in rules_of(shown.pair.election).rounds}
    found = list(rounds.order_by("id"))
    return [
        Chip(titles.get(one.stage, one.get_kind_display()), None, f"?putaran={one.stage}", one.pk == shown.pk)
        for one in found
        if len(found) > 1
    ]


def _area_chips(request: HttpRequest, submission: Submission, wanted: Filter) -> list[Chip]:
    """The areas of the election; none for who reads a part of them only."""
    if wanted.reach is not None and wanted.own is None:
        return []
    alone = not (wanted.finding or wanted.status or wanted.upload or wanted.own is not None)
    return [
        _chip(request, "wilayah", str(one.code), one.name, one.submitted if alone else None)
        for one in counts_by_area(submission.pair, [submission])
    ]


def _page_url(request: HttpRequest, cursor: str | None) -> str | None:
    """The address of the page at that cursor, with the same filters."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["kursor"] = cursor
    return f"?{query.urlencode()}"


def _finding_chips(request: HttpRequest, submission: Submission, wanted: Filter) -> list[Chip]:
    counts = findings_of_round(submission, wanted.audience)
    if wanted.upload:
        here = Submission.objects.filter(pk=submission.pk)
        counts = counts_of_uploads([Upload(pk=wanted.upload)], wanted.audience, here)[wanted.upload][
            "findings"
        ]
    alone = wanted.area is None and not wanted.status and wanted.reach is None
    return [
        _chip(request, "temuan", one.code, one.title, one.n if alone else None, one.effect)
        for one in finding_counts(submission, counts)
        if one.listed
    ]


def _chip(
    request: HttpRequest, name: str, value: str, title: str, n: int | None = None, effect: str = ""
) -> Chip:
    """A chip sets its filter, or takes it away when it is chosen; every change begins on the first page."""
    query = request.GET.copy()
    query.pop("kursor", None)
    chosen = query.get(name) == value
    if chosen:
        del query[name]
    else:
        query[name] = value
    return Chip(title, n, f"?{query.urlencode()}", chosen, effect)


@declare(Permission.VIEW_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule: what it says, what to do, its legal basis, what it leads to."""
    return render(request, "supports/rules.html", {"rules": explained_rules()})
