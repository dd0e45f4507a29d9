"""Which decided rows a correction is about: by a filter, by a list, by a ruling that names rows; and how they stand."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.postgres.aggregates import BitXor
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from candidates.models import Ruling, RulingRow
from foundation.accounts.models import User
from foundation.errors import Refused
from supports.bulk_removal import in_words
from supports.listing import Filter, Row, rows_of, standings_matching
from supports.models import Standing, Submission, first_id
from supports.removal import as_array
from supports.repairs.models import Replacement
from supports.rules import COMMISSION
from supports.rulings.named_rows import NamedRows, find_named_rows, refuse_missing
from verification.models import DECIDED, Decision

EXAMPLES = 10
UNDECIDED = "unverified"


@dataclass(frozen=True)
class Wanted:
    """How rows are chosen; what is given must all hold. ``lines`` name rows one by one and are kept nowhere."""

    finding: str | None = None
    area: int | None = None
    upload: int | None = None
    status: str | None = None
    decided_by: int | None = None
    ruling: int | None = None
    lines: Sequence[str] = ()
    skip_missing: bool = False

    def kept(self) -> dict[str, Any]:
        """What is written down of it, to be read by people."""
        said = {name: value for name, value in asdict(self).items() if name not in ("lines", "skip_missing")}
        return {name: value for name, value in said.items() if value not in (None, "")} | (
            {"lines": len(self.lines)} if self.lines else {}
        )


@dataclass(frozen=True)
class Chosen:
    """Decided rows: ``stood`` counts them by status, ``token`` stands for exactly them and how they stand.

    Of those that fit, too, ``undecided`` wait for a decision anyway; in the place of the ``replaced`` the pair has sent
    others in a later round, and the two could both count.
    """

    found: QuerySet[Standing]
    stood: dict[str, int]
    token: str
    undecided: int
    replaced: int
    named: NamedRows | None

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(self.stood.values())


def choose(submission: Submission, wanted: Wanted) -> Chosen:
    """The decided rows that are wanted. Refuses when nothing chooses, an unknown filter, or a list that misses rows."""
    if not wanted.kept():
        message = _(
            "Belum ada saringan, daftar, atau putusan. Pilih dahulu baris mana yang hendak diperiksa lagi."
        )
        raise Refused("filter_missing", message, "finding")
    named = _named(submission, wanted)
    return _chosen(_fitting(submission, wanted, named), named)


def chosen_by(submission: Submission, ruling: Ruling) -> Chosen:
    """The decided rows of a round that a ruling names: one by one, or with the uploads they came with."""
    rows = Standing.objects.filter(submission=submission)
    if ruling.covers == Ruling.Covers.ROWS:
        return _chosen(rows.filter(pk__in=_named_by(ruling)), None)
    named = Q(pk__in=[])
    for upload in ruling.upload_ids:
        named |= Q(pk__gte=first_id(upload), pk__lt=first_id(upload + 1))
    return _chosen(rows.filter(named), None)


def _chosen(fitting: QuerySet[Standing], named: NamedRows | None) -> Chosen:
    mended = Replacement.objects.filter(stands=True, origin_id=OuterRef("pk"))
    undecided = fitting.filter(vermin=UNDECIDED).count()
    replaced = fitting.filter(Exists(mended)).count()
    found = fitting.exclude(vermin=UNDECIDED).filter(~Exists(mended))
    counted = dict(found.order_by().values_list("vermin").annotate(n=Count("pk")))
    stood = {status: counted[status] for status in DECIDED if status in counted}
    return Chosen(found, stood, _token(found), undecided, replaced, named)


def examples_of(chosen: Chosen, submission: Submission) -> list[Row]:
    """The first ten of them."""
    ids = chosen.found.order_by("support_id").values_list("support_id", flat=True)[:EXAMPLES]
    return rows_of(list(ids), submission, COMMISSION)


def words_of(submission: Submission, kept: dict[str, Any]) -> list[str]:
    """What was chosen, as people say it."""
    names = ("finding", "area", "upload", "status")
    words = in_words(submission, Filter(**{name: kept.get(name) for name in names}, audience=COMMISSION))
    if "decided_by" in kept:
        name = User.objects.filter(pk=kept["decided_by"]).first() or kept["decided_by"]
        words.append(_("diputus oleh %(name)s") % {"name": name})
    if "ruling" in kept:
        number = Ruling.objects.filter(pk=kept["ruling"]).values_list("document", flat=True).first()
        words.append(_("disebut putusan %(number)s") % {"number": number})
    if "lines" in kept:
        words.append(_("disebut dalam daftar"))
    return words


def _named(submission: Submission, wanted: Wanted) -> NamedRows | None:
    if not wanted.lines:
        return None
    named = find_named_rows(submission.pair, submission.stage, wanted.lines)
    refuse_missing(named, skip=wanted.skip_missing)
    return named


def _fitting(submission: Submission, wanted: Wanted, named: NamedRows | None) -> QuerySet[Standing]:
    filters = {name: getattr(wanted, name) for name in ("finding", "area", "upload", "status")}
    found = standings_matching(submission, Filter(**filters, audience=COMMISSION))
    if wanted.decided_by is not None:
        found = _decided_by(found, submission, wanted.decided_by)
    if wanted.ruling is not None:
        found = found.filter(pk__in=_named_by(ruling_of(submission, wanted.ruling)))
    if named is not None:
        # A list of half a million is one value for the database, and not as many.
        found = found.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [as_array(named.ids)]))
    return found


def _named_by(ruling: Ruling) -> QuerySet:
    return RulingRow.objects.filter(ruling=ruling).values("support_id")


def _decided_by(found: QuerySet[Standing], submission: Submission, person: int) -> QuerySet[Standing]:
    """Those whose last decision is this person's; of a bulk decision it is who proposed it."""
    own = Decision.objects.filter(by=person, submission=submission).values("support_id")
    last = Decision.objects.filter(support_id=OuterRef("pk")).order_by("-id").values("by")[:1]
    return found.filter(pk__in=own).alias(last_by=Subquery(last)).filter(last_by=person)


def rulings_naming_rows(submission: Submission) -> QuerySet[Ruling]:
    """The approved rulings that can choose rows of this round."""
    return Ruling.objects.filter(
        pair=submission.pair_id,
        stage=submission.stage,
        second_approved_by__isnull=False,
        withdrawn_at=None,
        row_count__gt=0,
    )


def ruling_of(submission: Submission, pk: int) -> Ruling:
    """One of them. Refuses another."""
    ruling = rulings_naming_rows(submission).filter(pk=pk).first()
    if ruling is None:
        message = _(
            "Putusan itu tidak ada pada putaran ini, belum disetujui dua orang, atau tidak menyebut baris. Pilih "
            "putusan lain."
        )
        raise Refused("ruling_unknown", message, "ruling")
    return ruling


def _token(found: QuerySet[Standing]) -> str:
    text = Concat(Cast("support_id", CharField()), F("vermin"), output_field=CharField())
    mixed = Func(text, 512, function="hashtextextended", output_field=BigIntegerField())
    counted = found.order_by().aggregate(n=Count("pk"), mixed=BitXor(mixed))
    return f"{counted['n']}-{(counted['mixed'] or 0) & (1 << 64) - 1:016x}"
