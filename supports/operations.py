"""What a team does with its files: hand one in to be loaded, map it, try it again, stop it, throw it away."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import rule_sets
from candidates.models import Pair, Window
from candidates.queries import window_state
from candidates.windows import WindowState
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file
from foundation.workflow import engine
from supports.ingest.columns import HeadingMap, map_headings
from supports.locks import OPEN, lock_open_places, open_places
from supports.models import Submission, Upload

DEAD = ("failed", "discarded")
IDEMPOTENCY_KEY_LENGTH = 100


def current_round(pair: Pair) -> Submission:
    """The round of the pair that is being filled; the first one is made when there is none yet.

    Refuses when every round has been handed in.
    """
    latest = latest_round(pair)
    if latest is None:
        rules = rule_sets.RuleSet.from_json(pair.election.rule_set.body)
        latest, _created = Submission.objects.get_or_create(
            pair=pair, stage=rules.rounds[0].key, defaults={"rule_set": pair.election.rule_set}
        )
    if latest.status not in OPEN:
        raise _closed(latest)
    return latest


def _closed(submission: Submission) -> Refused:
    message = _(
        "Putaran ini berstatus “%(status)s” sehingga datanya tidak dapat diubah lagi. "
        "Tunggu putaran berikutnya dibuka."
    )
    return Refused("round_closed", message % {"status": submission.get_status_display()})


def latest_round(pair: Pair) -> Submission | None:
    """The last round of the pair that was begun, if any."""
    return Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).order_by("-id").first()


def pool_of(pair: Pair) -> Submission:
    """The pair's pool (cadangan): checked like a round, handed in never; made when there is none yet."""
    pool, _created = Submission.objects.get_or_create(
        pair=pair,
        stage=rule_sets.POOL,
        defaults={"kind": Submission.Kind.POOL, "rule_set": pair.election.rule_set},
    )
    return pool


def may_send(pair: Pair, target: str | None) -> None:
    """Before a body is read: refuses what could not be taken whatever is in it.

    Without a target the body may still name the pool, which has no window.
    """
    if target is None:
        refuse_inactive(pair)
    else:
        may_receive(pair, target)


def may_receive(pair: Pair, target: str = Submission.Kind.ROUND, *, at: datetime | None = None) -> Submission:
    """Where rows would go to now: the round that is being filled, or the pool. Refuses an unknown target.

    The pool refuses only when the pair no longer stands; a round as ``may_change`` does.
    """
    if target == Submission.Kind.POOL:
        refuse_inactive(pair)
        return pool_of(pair)
    if target != Submission.Kind.ROUND:
        raise Refused(
            "target_unknown",
            _("Tujuan “%(target)s” tidak dikenal, sehingga tidak ada yang disimpan. Isi round atau pool.")
            % {"target": target},
            "target",
        )
    return may_change(pair, at=at)


def may_mend(submission: Submission, upload: Upload) -> None:
    """Refuses when rows of the upload may not be mended or removed now in this round; in the pool they always may."""
    if submission.kind == Submission.Kind.POOL:
        refuse_inactive(submission.pair)
    else:
        may_change(submission.pair, upload)


def refuse_inactive(pair: Pair) -> None:
    """Refuses when the pair no longer stands."""
    if pair.status != "active":
        raise Refused(
            "pair_not_active",
            _(
                "Bakal pasangan calon ini berstatus “%(status)s”, sehingga tidak dapat mengunggah. Hubungi KPU."
            )
            % {"status": pair.get_status_display()},
        )


def may_change(pair: Pair, upload: Upload | None = None, *, at: datetime | None = None) -> Submission:
    """The round whose rows may change now: rows be added, or with ``upload`` those of that upload mended and removed.

    Refuses when the pair no longer stands, when its window is not open, and when a ruling opened it for other rows.
    ``at`` is another moment than now by which the window is judged.
    """
    submission, state = _open_round(pair, at)
    _refuse_outside(state, upload)
    return submission


def _open_round(pair: Pair, at: datetime | None = None) -> tuple[Submission, WindowState]:
    refuse_inactive(pair)
    submission = current_round(pair)
    state = window_state(pair, Window.Kind.FILLING, submission.stage, at=at)
    if not state.open:
        raise Refused("window_closed", state.reason)
    return submission, state


def _refuse_outside(state: WindowState, upload: Upload | None) -> None:
    """Refuses when a ruling opened the window for other rows. What a file brings is seen when it is loaded."""
    if upload is not None and not state.rows.may_change(upload.pk, upload.received_at):
        message = _("Baris dari unggahan “%(name)s” tidak dapat diubah atau dihapus. %(reason)s")
        raise Refused("outside_the_ruling", message % {"name": upload.name, "reason": state.reason})


def why_closed(submission: Submission, uploads: Iterable[Upload]) -> Refused | None:
    """Why rows of these uploads of a round cannot be changed now, if so."""
    try:
        if submission.kind == Submission.Kind.POOL:
            refuse_inactive(submission.pair)
            return None
        _latest, state = _open_round(submission.pair)
        for upload in uploads:
            _refuse_outside(state, upload)
    except Refused as refusal:
        return refusal
    return None if submission.status in OPEN else _closed(submission)


def checked_key(text: str) -> str:
    """An Idempotency-Key without the blanks around it. Refuses one that is too long."""
    key = text.strip()
    if len(key) > IDEMPOTENCY_KEY_LENGTH:
        raise Refused(
            "idempotency_key_too_long",
            _(
                "Idempotency-Key lebih panjang dari 100 karakter, sehingga tidak ada yang disimpan. Pendekkan."
            ),
        )
    return key


def find_upload(pair: Pair, idempotency_key: str) -> Upload | None:
    """The living upload that was made with this key for the pair's latest round or pool: the request came twice."""
    if not idempotency_key:
        return None
    latest = latest_round(pair)
    places = Q(submission=latest) | Q(submission__kind=Submission.Kind.POOL)
    made = Upload.objects.filter(places, submission__pair=pair, idempotency_key=idempotency_key)
    return made.exclude(status__in=DEAD).order_by("-id").first()


def receive_upload(
    pair: Pair,
    *,
    by: User | None,
    file: SealedUpload,
    mapping: dict[str, Any] | None = None,
    idempotency_key: str = "",
    received_at: datetime | None = None,
    target: str = Submission.Kind.ROUND,
) -> tuple[Upload, bool]:
    """Take a stored file into the pair's round, or its pool, and queue its loading; True when the upload is new.

    The same key, or the same file in the same round with the same mapping, is the same upload. Refuses when the
    window is not open (the pool has none), the file is empty, or the mapping names a field that does not exist.
    ``received_at`` is another receipt time than now (supports.incoming).
    """
    try:
        key = checked_key(idempotency_key)
        submission = may_receive(pair, target, at=received_at)
        return _receive(submission, by=by, file=file, mapping=mapping or {}, key=key, at=received_at)
    except Refused:
        delete_file(file.stored_file)
        raise


def _receive(
    submission: Submission,
    *,
    by: User | None,
    file: SealedUpload,
    mapping: dict[str, Any],
    key: str,
    at: datetime | None,
) -> tuple[Upload, bool]:
    refuse_empty(file.size)
    map_headings([], own=mapping)
    fingerprint = _fingerprint(file.sha256, mapping)
    existing = _find_same(submission, key, fingerprint)
    if existing:
        return _the_same(existing, file.stored_file)
    try:
        with transaction.atomic():
            facts = {
                "file": file.stored_file,
                "name": file.name[:255],
                "size": file.size,
                "sha256": file.sha256,
            }
            facts |= {"mapping": mapping, "fingerprint": fingerprint, "idempotency_key": key}
            return _make_upload(submission, by, facts, at), True
    except IntegrityError:
        # The same request at the same moment: the other one was first, and its upload is this one's too.
        return _the_same(_find_same(submission, key, fingerprint), file.stored_file)


def map_upload(upload: Upload, *, by: User, mapping: dict[str, Any]) -> Upload:
    """Give an upload a mapping and queue it; nothing is sent again. Returns the upload that will be loaded.

    One that is already loaded stays as it is until another one has loaded the same file in its place. Refuses when a
    required field has no heading or nothing would change; Conflict when the file is already loaded that way.
    """
    mapped = map_headings(upload.columns.get("headings", []), own=mapping)
    if not mapped.complete:
        raise Refused(
            "mapping_incomplete",
            _("Kolom NIK dan Nama harus ditunjuk sebelum berkas dapat dimuat."),
            field="mapping",
        )
    facts = {"mapping": mapping, "fingerprint": _fingerprint(upload.sha256, mapping)}
    with _once_per_file():
        if upload.status == "loaded":
            return _load_anew(upload, by, mapped, facts)
        engine.move(upload, "map", by=by, **facts)
        _queue(upload, by)
    return upload


def _load_anew(upload: Upload, by: User, mapped: HeadingMap, facts: dict[str, Any]) -> Upload:
    """Another upload of the same file, which takes the place of this one when it is loaded: all of it or nothing."""
    fields = {name: mapped.headings[index] for name, index in mapped.fields.items()}
    if fields == upload.columns.get("fields") or upload.file is None:
        raise Refused(
            "mapping_unchanged",
            _("Berkas ini sudah dimuat dengan kolom-kolom itu, sehingga tidak ada yang dimuat ulang."),
            field="mapping",
        )
    may_receive(upload.submission.pair, upload.submission.kind)
    for place in open_places(upload):
        may_mend(place, upload)
    current = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if current.status != "loaded" or Upload.objects.filter(replaces=upload, status="received").exists():
        raise Conflict(
            "upload_being_replaced",
            _("Berkas ini sedang dimuat ulang atau sudah dibuang. Lihat keadaannya di daftar unggahan."),
        )
    facts |= {name: getattr(upload, name) for name in ("file", "name", "size", "sha256")}
    return _make_upload(upload.submission, by, facts | {"replaces": upload})


def _make_upload(
    submission: Submission,
    by: User | None,
    facts: dict[str, Any],
    at: datetime | None = None,
) -> Upload:
    """A received upload, its Event and its job."""
    upload = Upload.objects.create(submission=submission, received_at=at or Now(), received_by=by, **facts)
    upload.refresh_from_db(fields=["received_at"])
    engine.record("upload_received", upload, by=by, sha256=upload.sha256, bytes=upload.size)
    _queue(upload, by)
    return upload


def retry_upload(upload: Upload, *, by: User) -> None:
    """Queue a failed upload again, from the file as it was received.

    Refuses when the window is not open; Conflict when another upload has loaded the same file meanwhile.
    """
    with _once_per_file():
        may_receive(upload.submission.pair, upload.submission.kind)
        engine.move(upload, "retry", by=by, error_code="", error_message="")
        _queue(upload, by)


def cancel_upload(upload: Upload, *, by: User) -> None:
    """Stop the loading of an upload: it fails visibly, and no row of it is kept."""
    if upload.status != "received" or upload.job is None:
        message = _(
            "Unggahan ini tidak sedang dimuat, sehingga tidak ada yang dihentikan. Muat ulang halamannya."
        )
        raise Conflict("upload_not_loading", message)
    jobs.cancel(upload.job, by=by)


def discard_upload(upload: Upload, *, by: User) -> None:
    """Throw an upload away: its rows go and everything is counted again, as a job when there are rows.

    Rows that have been handed in since stay. Refuses while it is being loaded (stop it first), when no round with
    rows of it is open any more, and rows that may not change now.
    """
    if upload.status == "loaded":
        for place in open_places(upload):
            may_mend(place, upload)
    with transaction.atomic():
        # Shared: a long load of another file holds the round open too, and nobody waits for it here.
        lock_open_places(upload)
        if upload.status != "loaded":
            engine.move(upload, "discard", by=by)
            return
        refusal = engine.why_not(upload.machine, upload.machine.move("discard"), upload.status, by)
        if refusal:
            raise refusal
        job = jobs.enqueue("supports.discard_upload", lane=_lane(upload), subject_id=upload.pk, by=by)
        Upload.objects.filter(pk=upload.pk).update(job=job)
        upload.job = job
        engine.record("upload_discard_requested", upload, by=by, rows=upload.rows)


def refuse_empty(size: int) -> None:
    """Refuse a file without a byte."""
    if size == 0:
        message = _(
            "Berkas ini kosong (0 byte), sehingga tidak disimpan. Periksa berkas asalnya, lalu unggah kembali."
        )
        raise Refused("file_empty", message, "file")


@contextmanager
def _once_per_file() -> Iterator[None]:
    """A transaction. Conflict when a living upload of the round has the same file and mapping, or the same key."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(
            "upload_repeated",
            _(
                "Berkas yang sama sudah dimuat lewat unggahan lain pada putaran ini, sehingga tidak dimuat dua kali. "
                "Lihat daftar unggahan dan gunakan yang sudah dimuat itu."
            ),
        ) from error


def _find_same(submission: Submission, key: str, fingerprint: str) -> Upload | None:
    """The living upload of the round that was made with this key, else the one of the same file and mapping."""
    living = Upload.objects.filter(submission=submission).exclude(status__in=DEAD)
    made = living.filter(idempotency_key=key).first() if key else None
    return made or living.filter(fingerprint=fingerprint).first()


def _the_same(existing: Upload, stored_file: StoredFile) -> tuple[Upload, bool]:
    if existing.file_id != stored_file.pk:
        delete_file(stored_file)
    return existing, False


def _fingerprint(sha256: str, mapping: dict[str, Any]) -> str:
    """One value for "the same file with the same mapping"."""
    return hashlib.sha256(f"{sha256}|{json.dumps(mapping, sort_keys=True)}".encode()).hexdigest()


def _lane(upload: Upload) -> str:
    return f"pair:{upload.submission.pair_id}"


def _queue(upload: Upload, by: User | None) -> None:
    upload.job = jobs.enqueue("supports.ingest_upload", lane=_lane(upload), subject_id=upload.pk, by=by)
    Upload.objects.filter(pk=upload.pk).update(job=upload.job)
