"""What a thread can be attached to: one row for each kind. Another part adds a kind by adding its row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from candidates.templatetags.wording import number
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from supports.help_desk.models import Thread
from supports.models import MAX_ROW_NO, ROW_BITS, Support, Upload
from supports.queries import supports_visible_to, uploads_visible_to


@dataclass(frozen=True)
class Kind:
    """``visible``: which of them somebody may ask about for a pair; ``name``: what a thread calls one; ``page``: where
    it is looked at, by the pair's own team or by an office.
    """

    title: Any
    visible: Callable[[AnyUser, Pair], QuerySet]
    name: Callable[[Any], str]
    page: Callable[[Thread, bool], str]


def _own_pair(user: AnyUser, pair: Pair) -> QuerySet:
    """Who reads only the rows they typed asks about those, not about the pair."""
    whole = scopes(user, Permission.ASK_HELP).whole
    return pairs_visible_to(user, Permission.ASK_HELP).filter(pk=pair.pk, pk__in=whole)


def _uploads(user: AnyUser, pair: Pair) -> QuerySet:
    return uploads_visible_to(user).filter(submission__pair=pair)


def _rows(user: AnyUser, pair: Pair) -> QuerySet:
    return supports_visible_to(user).filter(submission__pair=pair)


def _name_of_row(row: Support) -> str:
    upload = Upload.objects.get(pk=row.upload_id)
    return _("%(file)s, baris %(row)s") % {"file": upload.name, "row": number(row.row_no)}


def _page_of_row(thread: Thread, of_team: bool) -> str:
    """The row itself for its team; an office sees it in the list of its file."""
    if of_team:
        return reverse("support", args=[thread.pair_id, thread.attached_id])
    return f"{reverse('supports', args=[thread.pair_id])}?unggahan={thread.attached_id >> ROW_BITS}"


KINDS: dict[str, Kind] = {
    "pair": Kind(
        gettext_lazy("Bakal pasangan calon"),
        _own_pair,
        lambda pair: pair.name,
        lambda thread, _of_team: reverse("pair", args=[thread.attached_id]),
    ),
    "upload": Kind(
        gettext_lazy("Unggahan"),
        _uploads,
        lambda upload: upload.name,
        lambda thread, _of_team: reverse("upload", args=[thread.attached_id]),
    ),
    "support": Kind(gettext_lazy("Baris pendukung"), _rows, _name_of_row, _page_of_row),
}


def row_number(thread: Thread) -> int:
    """The row that a thread of a row speaks of, as a spreadsheet numbers it."""
    return thread.attached_id & MAX_ROW_NO


def page_of(thread: Thread, *, of_team: bool) -> str:
    """Where what a thread is attached to is looked at; nothing when it is attached to nothing (any more)."""
    kind = KINDS.get(thread.attached_kind)
    return kind.page(thread, of_team) if kind and thread.attached_id else ""
