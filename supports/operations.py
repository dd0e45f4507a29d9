"""What a team does with its files: hand one in to be loaded, map it, try it again, stop it, throw it away."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file
from foundation.workflow import engine
from supports.ingest.columns import HeadingMap, map_headings
from supports.locks import lock_open_places, open_places
from supports.models import Submission, Upload
from supports.rounds import latest_round, may_mend, may_receive, may_replace

DEAD = ("failed", "discarded")
IDEMPOTENCY_KEY_LENGTH = 100


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
    replaces: Upload | None = None,
) -> tuple[Upload, bool]:
    """Take a stored file into the pair's round, or its pool, and queue its loading; True when the upload is new.

    The same key, or the same file in the same round with the same mapping, is the same upload. Refuses when the
    window is not open (the pool has none), the file is empty, or the mapping names a field that does not exist.
    ``received_at`` is another receipt time than now (supports.incoming). ``replaces`` is the upload of the same round
    whose place the file takes once it is loaded; until then, and when it cannot be read, that one stays as it is.
    """
    try:
        key = checked_key(idempotency_key)
        submission = may_receive(pair, target, at=received_at)
        if replaces:
            may_replace(replaces, submission, at=received_at)
        wanted = {"mapping": mapping or {}, "replaces": replaces}
        return _receive(submission, by=by, file=file, wanted=wanted, key=key, at=received_at)
    except Refused:
        delete_file(file.stored_file)
        raise


def _receive(
    submission: Submission,
    *,
    by: User | None,
    file: SealedUpload,
    wanted: dict[str, Any],
    key: str,
    at: datetime | None,
) -> tuple[Upload, bool]:
    """``wanted`` is what the sender said about the file: its mapping, and the upload it replaces."""
    refuse_empty(file.size)
    map_headings([], own=wanted["mapping"])
    fingerprint = _fingerprint(file.sha256, wanted["mapping"])
    replaces = wanted["replaces"]
    existing = _find_same(submission, key, fingerprint)
    if existing:
        return _the_same(existing, file.stored_file, replaces)
    try:
        with transaction.atomic():
            facts = {
                "file": file.stored_file,
                "name": file.name[:255],
                "size": file.size,
                "sha256": file.sha256,
            }
            facts |= {"fingerprint": fingerprint, "idempotency_key": key}
            return _make_upload(submission, by, facts | wanted, at), True
    except IntegrityError:
        # The same request at the same moment: the other one was first, and its upload is this one's too.
        return _the_same(_find_same(submission, key, fingerprint), file.stored_file, replaces)


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
    more = {"replaces": upload.replaces_id} if upload.replaces_id else {}
    engine.record("upload_received", upload, by=by, sha256=upload.sha256, bytes=upload.size, **more)
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


def discard_upload(upload: Upload, *, by: User, successor: Upload | None = None) -> None:
    """Throw an upload away: its rows go and everything is counted again, as a job when there are rows.

    ``successor`` is the upload that stays in its place (supports.repeats). Rows that have been handed in since stay.
    Refuses while it is being loaded (stop it first), when no round with rows of it is open any more, and rows that
    may not change now.
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
        more = {"replaced_by": successor.pk} if successor else {}
        queue_work("supports.discard_upload", upload, by=by, **more)
        engine.record("upload_discard_requested", upload, by=by, rows=upload.rows, **more)


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


def _the_same(existing: Upload, stored_file: StoredFile, replaces: Upload | None) -> tuple[Upload, bool]:
    """The upload that is there already. Conflict when this time another one was to be replaced by it."""
    if replaces and replaces.pk not in (existing.pk, existing.replaces_id):
        raise Conflict(
            "upload_repeated",
            _(
                "Berkas yang sama sudah menjadi unggahan “%(name)s”, sehingga tidak dimuat lagi dan tidak ada yang "
                "diganti. Bila “%(old)s” tidak diperlukan lagi, buang unggahan itu."
            )
            % {"name": existing.name, "old": replaces.name},
        )
    if existing.file_id != stored_file.pk:
        delete_file(stored_file)
    return existing, False


def _fingerprint(sha256: str, mapping: dict[str, Any]) -> str:
    """One value for "the same file with the same mapping"."""
    return hashlib.sha256(f"{sha256}|{json.dumps(mapping, sort_keys=True)}".encode()).hexdigest()


def _lane(upload: Upload) -> str:
    return f"pair:{upload.submission.pair_id}"


def _queue(upload: Upload, by: User | None) -> None:
    queue_work("supports.ingest_upload", upload, by=by)


def queue_work(kind: str, upload: Upload, *, by: User | None, **params: Any) -> None:
    """Queue a job on an upload; its page and the API follow it."""
    upload.job = jobs.enqueue(kind, lane=_lane(upload), subject_id=upload.pk, by=by, **params)
    Upload.objects.filter(pk=upload.pk).update(job=upload.job)
