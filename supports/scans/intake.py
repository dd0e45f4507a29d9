"""Taking a batch apart: each file is looked at in an inspector, and becomes a scan or a fault.

Portion by portion: the pictures of some dozen files are one sealed pack, and their rows are written with it in one
transaction. Memory holds a few files, however many there are; a job that dies goes on behind its last portion.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from django.conf import settings

from foundation import seal
from foundation.errors import Refused
from foundation.jobs.runner import Run
from foundation.keys.keyring import keyring
from foundation.storage import Receiving, open_anywhere, receive_file
from supports.scans import manifest as lists
from supports.scans.inspecting import Inspectors, Seen
from supports.scans.manifest_lines import lines_about, named_rows, repeated_names
from supports.scans.models import (
    Kind,
    ManifestLine,
    Scan,
    ScanBatch,
    ScanFault,
    ScanPack,
    UnreadScan,
    first_scan_id,
)
from supports.scans.words import BATCH_FAULTS
from supports.scans.zips import MOST_BYTES, Entry, Unreadable, data_begins, entries_of, read_member

PORTION = 64
STORED = 0
ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Source:
    """The files of a batch that are looked at, and what a list among them says; ``rows`` are those it names by id."""

    file: BinaryIO
    entries: list[Entry]
    zipped: bool
    manifest: lists.Manifest = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def read(self, entries: Iterable[Entry]) -> Iterator[tuple[tuple[Entry, int], bytes | None]]:
        """Each entry, where its bytes begin, and the bytes; none of what is at fault already."""
        for entry in entries:
            begins, content, fault = 0, None, entry.fault
            if not fault:
                try:
                    begins = data_begins(self.file, entry) if self.zipped else 0
                    content = read_member(self.file, begins, entry.packed, entry.size, entry.method)
                except Unreadable:
                    fault = "damaged"
            yield (replace(entry, fault=fault), begins), content


def take_apart(run: Run, batch: ScanBatch) -> None:
    """Look at every file of the batch that was not looked at before. Refuses a ZIP that is none, or hostile."""
    with open_anywhere(batch.file) as file, Inspectors(settings.SCAN_INSPECTORS) as inspectors:
        source = look_into(file, batch)
        batch.entries = len(source.entries)
        repeated = repeated_names(entry.name for entry in source.entries)
        keys = keyring(batch.file.scope)
        while batch.done < batch.entries:
            run.progress("looking", batch.done, batch.entries)
            entries = source.entries[batch.done : batch.done + PORTION]
            lines = lines_about(batch.pair_id, [entry.name for entry in entries], repeated, keys)
            _Portion(run, batch, source, lines).take(inspectors.look_at(source.read(entries)))
        run.progress("done", batch.done, batch.entries)


def look_into(file: BinaryIO, batch: ScanBatch) -> Source:
    """What is in the batch: the files of a ZIP, or the one file itself. Refuses a ZIP that is none, or hostile."""
    zipped = file.read(4) in ZIP_SIGNS
    if not zipped:
        fault = "too_large" if batch.size > MOST_BYTES else ""
        name = seal.open_text(batch.sealed_name, batch.pk, keyring(batch.file.scope).text)
        return Source(file, [Entry(0, name, 0, batch.size, batch.size, STORED, fault)], zipped)
    try:
        found = entries_of(file)
        listed = next((one for one in found if lists.is_manifest(one.name) and not one.fault), None)
        entries = [one for one in found if one is not listed]
        if not entries:
            raise Unreadable("zip_empty")
        said = _manifest(file, listed) if listed else {}
    except Unreadable as error:
        raise Refused(str(error), str(BATCH_FAULTS[str(error)]), "file") from error
    rows = named_rows(batch.pair, {line.row for line in said.values() if line.row})
    return Source(file, entries, zipped, said, rows)


def _manifest(file: BinaryIO, entry: Entry) -> lists.Manifest:
    try:
        content = read_member(file, data_begins(file, entry), entry.packed, entry.size, entry.method)
    except Unreadable:
        return {}
    return lists.read_manifest(content)


class _Portion:
    """Some files of a batch, on their way into one pack and its rows; ``lines`` are of lists sent beside it."""

    def __init__(self, run: Run, batch: ScanBatch, source: Source, lines: dict[str, ManifestLine]) -> None:
        self._run, self._batch, self._source, self._lines = run, batch, source, lines
        self._keys = keyring(batch.file.scope)
        self._scans: list[Scan] = []
        self._faults: list[ScanFault] = []
        self._pack: Receiving | None = None

    def take(self, looked_at: Iterable[tuple[tuple[Entry, int], bytes | None, Seen]]) -> None:
        """Write the pictures, then the rows, all of them or none."""
        try:
            for (entry, begins), content, seen in looked_at:
                self._run.checkpoint()
                self._one(entry, begins, content, seen)
            pack = self._pack.finish() if self._pack else None
            with self._run.part():
                self._write(ScanPack.objects.create(batch=self._batch, file=pack) if pack else None)
        except BaseException:
            if self._pack:
                self._pack.abort()
            raise

    def _one(self, entry: Entry, begins: int, content: bytes | None, seen: Seen) -> None:
        """A file as a scan, or as a fault."""
        id = first_scan_id(self._batch.pk) + entry.number
        name = seal.seal_text(entry.name, id, self._keys.text)
        code = entry.fault or seen.code
        if code or content is None:
            self._faults.append(ScanFault(id=id, batch=self._batch, name=name, code=code or "damaged"))
            return
        scan = Scan(
            id=id,
            pair_id=self._batch.pair_id,
            batch=self._batch,
            name=name,
            **self._said_of(entry.name),
            digest=seal.digest_row(hashlib.sha256(content).hexdigest(), self._keys.digest),
            media=seen.media,
            pages=seen.pages,
            problems=seen.problems,
            begins=begins,
            packed=entry.packed,
            method=entry.method,
            size=entry.size,
            pictures=self._keep(seen.pictures),
            received_at=self._batch.received_at,
        )
        self._scans.append(scan)

    def _said_of(self, path: str) -> dict[str, Any]:
        """Whose a file is and what it shows: by the list in its ZIP, else by one sent beside it, else by its name."""
        inside, beside = lists.said_of(self._source.manifest, path), self._lines.get(path)
        named = lists.named_by(self._source.manifest, path)
        row = self._source.rows.get(inside.row) if inside else None
        kinds = (
            self._batch.kind,
            inside and inside.named.kind,
            beside and beside.kind,
            named.kind,
            Kind.BUNDLE,
        )
        kind = next(kind for kind in kinds if kind)
        if beside and beside.tells_whose and not (inside and inside.tells_whose):
            return {"kind": kind, "nik": beside.nik, "token": beside.token, "named_id": beside.support_id}
        known = bool(named.nik or named.token or row)
        return {
            "kind": kind,
            "nik": seal.seal_nik(named.nik, self._keys.nik) if named.nik else None,
            "token": named.token,
            "named_id": row,
            "reason": "several" if named.several else "" if known else "unnamed",
        }

    def _keep(self, pictures: list[bytes]) -> list[tuple[int, int]]:
        """Where each picture lies in the pack."""
        self._pack = self._pack or receive_file(self._batch.file.scope)
        places = []
        for picture in pictures:
            places.append((self._pack.size, len(picture)))
            self._pack.write(picture)
        return places

    def _write(self, pack: ScanPack | None) -> None:
        for scan in self._scans:
            scan.pack = pack
        Scan.objects.bulk_create(self._scans)
        UnreadScan.objects.bulk_create(UnreadScan(scan_id=one.pk, pair_id=one.pair_id) for one in self._scans)
        ScanFault.objects.bulk_create(self._faults)
        batch = self._batch
        batch.taken += len(self._scans)
        batch.refused += len(self._faults)
        batch.done += len(self._scans) + len(self._faults)
        batch.save(update_fields=["entries", "done", "taken", "refused"])
