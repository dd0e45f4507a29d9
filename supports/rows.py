"""Single rows: typed in, mended, taken away. The same checks as a file, the same tables, the same counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation import seal, sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.duplicates import CODES, find_duplicates
from supports.ingest import load, prepare
from supports.ingest.columns import TITLES
from supports.ingest.normalise import as_frame, normalise
from supports.locks import lock_counts, lock_open_round
from supports.matching import queue_match, queue_recheck
from supports.models import Finding, Standing, Submission, Support, TypedBatch, Upload, first_id
from supports.opening import open_blob, open_row
from supports.privacy.marks import refuse_restricted
from supports.reopening import refuse_additions
from supports.repairs.freeing import accept_waiting, forget_row
from supports.rounds import may_mend, may_receive
from supports.rules import BY_CODE, BY_NUMBER, ROW_RULES, RULES, TEAM, Rule
from supports.scans.cards import compare_cards
from supports.searchable import copy_rows, forget_rows, hold_uploads
from supports.standards import Standards, standards_of
from supports.typed.today import add_typed

MOST_AT_ONCE = 1_000
TYPED_NAME = "Diketik langsung"
OF_THE_ROW = {rule.number for rule in ROW_RULES}
FROM_NUMBER = BY_CODE["NIK_FROM_NUMBER"].number
# What the row's id said in its file is over once a person has changed the row.
OF_ITS_ID = {rule.number for rule in RULES if rule.code.startswith("ROW_ID_")}


class StaleRow(Conflict):
    """The row was changed since it was read."""

    http_status = 412


@dataclass(frozen=True)
class Added:
    """One typed row as it was stored: ``ref`` is the client's own, findings are the rules that speak of it."""

    id: int
    ref: str | None
    findings: list[Rule]


def add_supports(
    pair: Pair,
    *,
    by: User,
    rows: Sequence[Mapping[str, object]],
    idempotency_key: str = "",
    target: str = Submission.Kind.ROUND,
) -> list[Added]:
    """Store typed rows in the pair's round, or its pool, and say what the rules find.

    The same key again gives the same rows again. Refuses when the window is not open, when there is no row or more
    than a thousand, or when a row has a field that does not exist.
    """
    _refuse_bad_rows(rows)
    with transaction.atomic():
        submission = lock_open_round(may_receive(pair, target).pk)
        refuse_additions(submission)
        lock_counts(submission)
        upload = _typed_upload(submission, by)
        before = (
            TypedBatch.objects.filter(upload=upload, key=idempotency_key).first() if idempotency_key else None
        )
        if before:
            return _again(before, submission)
        first = first_id(upload.pk) + upload.rows + 1
        ids = range(first, first + len(rows))
        Upload.objects.filter(pk=upload.pk).update(rows=F("rows") + len(rows))
        if idempotency_key:
            TypedBatch.objects.create(upload=upload, key=idempotency_key, first_id=first, rows=len(rows))
        _store(rows, ids, submission, standards_of(submission))
        engine.record("supports_added", upload, by=by, rows=len(rows))
        add_typed(pair, len(rows), by=by)
        queue_match(upload)
        return _added(ids, submission)


def edit_support(support: Support, *, by: User, changes: Mapping[str, object], revision: int) -> Support:
    """Change fields of a row; it is checked anew, and so are the rows that share its old or new NIK.

    Refuses when the row was changed since ``revision`` was read, when its round is no longer open, when a field does
    not exist, and when its person asked that it be used no more.
    """
    _refuse_bad_rows([changes])
    with transaction.atomic():
        may_mend(support.submission, Upload.objects.get(pk=support.upload_id), support.pk)
        submission, current = _lock_row(support, revision)
        refuse_restricted(current.nik, submission.pair.election_id)
        standards = standards_of(submission)
        keys = standards.keys()
        row = open_row(current, keys) | dict(changes)
        kept = _findings_of_uploads(current, submission, changes)
        _take_away(current, submission)
        _store(
            [row],
            [current.pk],
            submission,
            standards,
            extra=open_blob(current, keys)["extra"],
            revision=current.revision + 1,
            more=kept,
            niks=[current.nik.hex] if current.nik else [],
        )
        compare_cards([current.pk])
        engine.record("support_edited", current, by=by, **_where(submission), fields=sorted(changes))
        queue_match(Upload.objects.get(pk=current.upload_id))
        queue_recheck(submission)
        # Read while it is still ours: afterwards somebody may take it away.
        return Support.objects.select_related("submission__pair__election").get(pk=support.pk)


def remove_support(support: Support, *, by: User, revision: int) -> None:
    """Take a row away; the rows that share its NIK are judged anew.

    Refuses when the row was changed since ``revision`` was read, or when its round is no longer open.
    """
    with transaction.atomic():
        may_mend(support.submission, Upload.objects.get(pk=support.upload_id), support.pk)
        submission, current = _lock_row(support, revision)
        _take_away(current, submission)
        forget_rows(submission, current.pk, current.pk + 1)
        standards = standards_of(submission)
        niks = [current.nik.hex] if current.nik else []
        if forget_row(current.pk):
            niks += accept_waiting(submission, standards, set(CODES))
        find_duplicates(submission, standards, niks)
        engine.record("support_removed", current, by=by, **_where(submission))
        queue_recheck(submission)


def _again(before: TypedBatch, submission: Submission) -> list[Added]:
    """The rows of a request that was carried out before. Refuses when none of them is there any more."""
    kept = _added(range(before.first_id, before.first_id + before.rows), submission)
    if not kept:
        raise Conflict(
            "rows_removed",
            _(
                "Kiriman ini sudah pernah diterima dan barisnya kemudian dihapus, sehingga tidak disimpan lagi. "
                "Kirim dengan Idempotency-Key baru bila memang hendak ditambahkan."
            ),
        )
    return kept


def _refuse_bad_rows(rows: Sequence[Mapping[str, object]]) -> None:
    if not 0 < len(rows) <= MOST_AT_ONCE:
        raise Refused(
            "rows_number", _("Kirim 1 sampai 1.000 baris sekali jalan; sisanya dalam kiriman berikutnya.")
        )
    for row in rows:
        for name in row:
            if name not in TITLES:
                raise Refused(
                    "field_unknown",
                    _("Isian “%(name)s” tidak dikenal. Isian yang dikenal: %(known)s.")
                    % {"name": name, "known": ", ".join(TITLES)},
                    field=name,
                )


def _typed_upload(submission: Submission, by: User) -> Upload:
    """The one upload that holds what this person typed into this round; locked, so that row numbers stay unique."""
    found = Upload.objects.filter(submission=submission, received_by=by, source=Upload.Source.TYPED)
    upload = found.exclude(status="discarded").first()
    if upload is None:
        upload = Upload.objects.create(
            submission=submission,
            source=Upload.Source.TYPED,
            name=TYPED_NAME,
            received_at=sql.value("SELECT clock_timestamp()"),
            received_by=by,
        )
        engine.move(upload, "load", by=None, loaded_at=upload.received_at)
    return Upload.objects.select_for_update().get(pk=upload.pk)


def _store(
    rows: Sequence[Mapping[str, object]],
    ids: Sequence[int],
    submission: Submission,
    standards: Standards,
    *,
    extra: str | None = None,
    revision: int = 0,
    more: pl.DataFrame | None = None,
    niks: Sequence[str] = (),
) -> None:
    """Check, seal and COPY a few rows, then judge their NIKs and ``niks``."""
    frame, mapping = as_frame(rows)
    normal = normalise(frame, mapping, today=standards.terms.voting_day)
    prepared = prepare.prepare(
        normal.with_columns(extra=pl.lit(extra, pl.String)),
        pl.Series(list(ids), dtype=pl.Int64),
        submission=submission.pk,
        terms=standards.terms,
        territory=standards.territory(),
        keys=standards.keys(),
    )
    support = prepared.support.with_columns(revision=pl.lit(revision, pl.Int16))
    loaded, round_of = load.Loaded(), {"submission": submission.pk, "blocking": sorted(standards.blocking)}
    load.copy_frames([prepare.replace_support(prepared, support)], loaded, **round_of)
    load.copy_findings(loaded, load.no_findings() if more is None else more, **round_of)
    copy_rows(min(ids), max(ids) + 1)
    given = seal.as_hex(prepared.support["nik"])
    find_duplicates(submission, standards, sorted({*given, *niks}))


def _lock_row(support: Support, revision: int) -> tuple[Submission, Support]:
    submission = lock_open_round(support.submission_id)
    lock_counts(submission)
    hold_uploads([support.upload_id])
    current = Support.objects.select_for_update(of=("self",)).filter(pk=support.pk).first()
    if current is None or current.revision != revision:
        raise StaleRow(
            "row_changed",
            _("Baris ini sudah diubah atau dihapus oleh orang lain. Muat ulang, lalu ulangi perubahan Anda."),
        )
    return submission, current


def _take_away(support: Support, submission: Submission) -> None:
    Finding.objects.filter(submission=submission, code__in=list(BY_NUMBER), support_id=support.pk).delete()
    Standing.objects.filter(support_id=support.pk).delete()
    Support.objects.filter(pk=support.pk).delete()


def _findings_of_uploads(
    support: Support, submission: Submission, changes: Mapping[str, object]
) -> pl.DataFrame:
    """What a comparison of a whole upload said about the row; it stays while the value it speaks of stays."""
    kept: set[int] = set()
    if "nik" not in changes:
        # A NIK that reads well was told by its column; of another the row itself will say it again.
        kept |= {FROM_NUMBER} if support.nik else set()
        compared = set(BY_NUMBER) - OF_THE_ROW - OF_ITS_ID - set(CODES)
        kept |= compared if "phone" not in changes else set()
    found = Finding.objects.filter(submission=submission, code__in=sorted(kept), support_id=support.pk)
    codes = list(found.values_list("code", flat=True))
    return pl.DataFrame(
        {"code": codes, "support_id": [support.pk] * len(codes)}, schema=prepare.FINDING_SCHEMA
    )


def _where(submission: Submission) -> dict[str, int]:
    return {"submission": submission.pk}


def _added(ids: Sequence[int], submission: Submission) -> list[Added]:
    refs = dict(Support.objects.filter(pk__in=list(ids)).values_list("pk", "ref"))
    rules: dict[int, list[Rule]] = {pk: [] for pk in ids}
    rows = Finding.objects.filter(submission=submission, code__in=list(BY_NUMBER), support_id__in=list(ids))
    for code, pk in rows.order_by("code").values_list("code", "support_id"):
        if BY_NUMBER[code].audience == TEAM:
            rules[pk].append(BY_NUMBER[code])
    return [Added(pk, refs[pk], rules[pk]) for pk in ids if pk in refs]
