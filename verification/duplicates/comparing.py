"""The members of a group beside its first one: field by field, what is the same and what is not.

What is sealed is compared sealed: a page tells whether a birth date or a telephone is another without opening either.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from supports import identities
from supports.ingest.columns import TITLES
from supports.models import Support
from supports.queries import supports_visible_to
from verification.cards import WORDS
from verification.duplicates.queries import MemberLine, MemberPage

PLAIN = ("name", "sex", "marital", "village", "district", "occupation")
SEALED = ("birth_date", "phone")
FIELDS = ("nik", "name", "birth_date", "sex", "marital", "phone", "village", "district", "occupation")
OPENED = ("nik", "name", "birth_place", "birth_date", "sex", "marital", "address", "rt", "rw", "village", "district",
          "occupation", "phone")  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One field of a member; ``differs`` from that of the first."""

    title: str
    text: str
    differs: bool


@dataclass(frozen=True)
class Compared:
    """A member with its cells; ``reference`` for the first one, which the others are compared with."""

    line: MemberLine
    cells: list[Cell]
    reference: bool
    mine: bool


def compare(page: MemberPage, *, by: User, opened: bool = False) -> list[Compared]:
    """The members of a page, its reference first; ``opened`` puts their identities in clear, on record for each.

    What the person may not open, because it lies outside the own area, stays masked.
    """
    lines = page.lines if page.reference in page.lines else [page.reference, *page.lines]
    names = OPENED if opened else _fields(page)
    read = _open([one.row.id for one in lines], by) if opened else {}
    return [
        Compared(
            line=one,
            cells=[_cell(name, one, page.reference, read) for name in names],
            reference=one is page.reference,
            mine=one.here and one.row.status == "unverified" and one.holder == by,
        )
        for one in lines
    ]


def _fields(page: MemberPage) -> tuple[str, ...]:
    """Of one person the masked NIK is the same in every row, and stands above them."""
    niks = {one.support.nik for one in (page.reference, *page.lines)}
    return FIELDS[1:] if len(niks) == 1 else FIELDS


def _open(ids: list[int], by: User) -> dict[int, dict[str, Any]]:
    """Those of the rows whose identity this person may open, which is on record for each."""
    rows = supports_visible_to(by, Permission.OPEN_IDENTITY).filter(pk__in=ids)
    related = ("submission__rule_set", "submission__pair__election__rule_set")
    return {one.pk: identities.open_identity(one, by=by) for one in rows.select_related(*related)}


def _cell(name: str, line: MemberLine, reference: MemberLine, read: dict[int, dict[str, Any]]) -> Cell:
    own, other = read.get(line.row.id), read.get(reference.row.id)
    title = TITLES[name]
    if own is not None and other is not None:
        return Cell(title, _said(name, own.get(name)), own.get(name) != other.get(name))
    if own is not None:
        return Cell(title, _said(name, own.get(name)), False)
    if name in PLAIN:
        text, same = getattr(line.support, name), getattr(reference.support, name)
        return Cell(title, _said(name, text), text != same)
    if name == "nik":
        return Cell(title, line.row.nik_masked or "–", line.support.nik != reference.support.nik)
    if name in SEALED:
        return _sealed(name, line.support, reference.support)
    return Cell(title, _("disamarkan"), False)


def _sealed(name: str, own: Support, other: Support) -> Cell:
    """A birth date is sealed together with its NIK: of two people it cannot be compared."""
    value, reference = getattr(own, name), getattr(other, name)
    comparable = name != "birth_date" or own.nik == other.nik
    if value is None:
        return Cell(TITLES[name], _("tidak terbaca"), comparable and reference is not None)
    if not comparable or own.pk == other.pk:
        return Cell(TITLES[name], _("disamarkan"), False)
    return Cell(TITLES[name], _("sama") if value == reference else _("disamarkan"), value != reference)


def _said(name: str, value: Any) -> str:
    text = str(value) if value not in (None, "") else "–"
    return WORDS.get(name, {}).get(text, text)
