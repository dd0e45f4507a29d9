"""Lists sent beside the scans: received, then read by a job, line by line.

A list is said of files that wait for their row and of those that come later; what has its row stays there. A wrong
line is told by its number and left out; every other one holds.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from candidates.models import Pair
from candidates.queries import now
from foundation import seal
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.jobs.operations import enqueue
from foundation.jobs.runner import Run
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file, open_file
from foundation.workflow import engine
from supports.operations import refuse_empty
from supports.rounds import refuse_inactive
from supports.scans import manifest as lists
from supports.scans.manifest import Line
from supports.scans.manifest_lines import keep_lines, name_scans, named_rows
from supports.scans.models import ScanManifest
from supports.scans.names import without_niks
from supports.scans.placing import lane_of, queue_placing
from supports.scans.queries import waiting_scans
from supports.scans.reading import queue_reading
from supports.scans.words import MANIFEST_FAULTS

JOB = "supports.read_manifest"
MOST_LINES, MOST_FAULTS = 100_000, 1_000
HEAD_BYTES = 4096


def receive_manifest(pair: Pair, *, by: User, file: SealedUpload) -> tuple[ScanManifest, bool]:
    """Keep a list and queue that it is read; True when it is new. The latest list once more is the same one.

    Refuses an empty file, one without the columns of a list, and a pair that no longer stands.
    """
    stored = file.stored_file
    try:
        refuse_inactive(pair)
        refuse_empty(stored.size)
        _lines(stored, HEAD_BYTES)
    except Refused:
        delete_file(stored)
        raise
    latest = ScanManifest.objects.filter(pair=pair).first()
    if latest and latest.sha256 == stored.sha256 and not latest.error_code:
        delete_file(stored)
        return latest, False
    facts = {"name": without_niks(file.name)[-255:], "size": stored.size, "sha256": stored.sha256}
    with transaction.atomic():
        manifest = ScanManifest.objects.create(pair=pair, file=stored, received_by=by, **facts)
        manifest.job = enqueue(JOB, lane=lane_of(pair), subject_id=manifest.pk, by=by)
        manifest.save(update_fields=["job"])
        manifest.refresh_from_db()
        engine.record("scan_manifest_received", manifest, by=by, sha256=manifest.sha256, bytes=manifest.size)
    return manifest, True


def read_manifest(run: Run, manifest: ScanManifest) -> None:
    """Keep what a list says, and say it of the files that wait. All of it or nothing. Refuses one that is too long."""
    run.progress("reading")
    lines = list(_lines(manifest.file))
    if len(lines) > MOST_LINES:
        raise _refused("manifest_lines")
    keys, pair = keyring(manifest.file.scope), manifest.pair
    rows = named_rows(pair, {line.row for line in lines if line.row})
    lines = _without_contradictions(_without_strangers(lines, rows))
    matched = _waiting(pair, {line.file for line in lines if not line.fault}, keys.text)
    lines = [line._replace(fault="several") if _ambiguous(line, matched) else line for line in lines]
    good = {line.file: line for line in lines if not line.fault}
    scans = [(scan, file) for file, found in matched.items() if file in good for scan, _content in found]
    with run.effects():
        keep_lines(manifest, list(good.values()), rows, keys)
        name_scans(pair, scans, keys)
        _tell(manifest, lines, matched=len(scans))
        queue_placing(pair)
        queue_reading(pair)


def _lines(stored: StoredFile, most_bytes: int = -1) -> Iterable[Line]:
    with open_file(stored) as file:
        lines = lists.lines_of(file.read(most_bytes))
    if lines is None:
        raise _refused("manifest_columns")
    return lines


def _refused(code: str) -> Refused:
    return Refused(code, str(MANIFEST_FAULTS[code]), "file")


def _without_strangers(lines: list[Line], rows: dict[str, int]) -> list[Line]:
    return [
        line._replace(fault="row") if line.row and line.row not in rows and not line.fault else line
        for line in lines
    ]


def _without_contradictions(lines: list[Line]) -> list[Line]:
    """Where two lines say different things of one file, nobody knows which is meant."""
    said: dict[str, set] = defaultdict(set)
    for line in lines:
        if not line.fault:
            said[line.file].add((line.named, line.row))
    return [
        line._replace(fault="twice") if not line.fault and len(said[line.file]) > 1 else line
        for line in lines
    ]


def _waiting(pair: Pair, files: set[str], key: bytes) -> dict[str, list[tuple[int, str]]]:
    """Of the files of a list, the scans that wait and are called so, each with its content's digest."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    waiting = waiting_scans(pair).exclude(reason="taken_off").order_by("pk")
    for pk, name, content in waiting.values_list("pk", "name", "digest").iterator():
        path = lists.plain(seal.open_text(name, pk, key))
        file = path if path in files else lists.base_of(path)
        if file in files:
            found[file].append((pk, content))
    return found


def _ambiguous(line: Line, matched: dict[str, list[tuple[int, str]]]) -> bool:
    """Whether a name without folder is that of several files: one content several times is one file."""
    if line.fault or "/" in line.file:
        return False
    return len({content for _scan, content in matched.get(line.file, [])}) > 1


def _tell(manifest: ScanManifest, lines: list[Line], matched: int) -> None:
    wrong = [(line.number, line.fault) for line in lines if line.fault]
    manifest.lines, manifest.wrong, manifest.matched = len(lines), len(wrong), matched
    manifest.kept, manifest.faults = len(lines) - len(wrong), wrong[:MOST_FAULTS]
    manifest.finished_at = now()
    manifest.save(update_fields=["lines", "wrong", "matched", "kept", "faults", "finished_at"])
    counts = {name: getattr(manifest, name) for name in ("lines", "kept", "wrong", "matched")}
    engine.record("scan_manifest_read", manifest, by=None, **counts)
