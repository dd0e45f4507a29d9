"""``manage.py ingest``: hand a file in for a pair, as the page and the API do, and load it right here."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.base import CommandParser as ArgumentParser

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from foundation.accounts.acting import ActingCommand
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.jobs.models import Job
from foundation.jobs.runner import run_next
from foundation.storage import SealedUpload, receive_file
from supports.models import Submission, Upload
from supports.operations import receive_upload
from supports.progress import counts_of_uploads
from supports.standards import key_scope

PIECE = 1024 * 1024  # bytes
WAIT_SECONDS = 0.2


class Command(ActingCommand):
    help = "Load a CSV of supporters into the round of a pair. The file is sealed and stored like any other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--pair", type=int, required=True, help="Its id.")
        parser.add_argument("--mapping", type=json.loads, default={}, help='{"nik": "No. KTP"}')
        parser.add_argument(
            "--target",
            choices=Submission.Kind.values,
            default=Submission.Kind.ROUND,
            help="round, or pool: cadangan dukungan.",
        )
        parser.add_argument("--no-wait", action="store_true", help="Leave the loading to a worker.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.person(options["username"])
        pair = pair_of(options["pair"], by)
        file = seal_file(options["file"], pair)
        upload, new = receive_upload(
            pair, by=by, file=file, mapping=options["mapping"], target=options["target"]
        )
        if not options["no_wait"]:
            carry(upload)
        upload.refresh_from_db()
        said = facts(upload, new)
        self.stdout.write(json.dumps(said) if options["json"] else described(upload, said))
        if upload.error_code:
            raise CommandError(upload.error_message)
        if upload.status == "needs_mapping":
            missing = ", ".join(upload.columns["missing"])
            raise CommandError(f"Kolom untuk {missing} tidak dikenali. Sebutkan judulnya dengan --mapping.")


def pair_of(pair_id: int, by: User | None) -> Pair:
    """The pair of that id; with ``--as``, only a pair for which that person may upload. Raises CommandError."""
    pairs = Pair.objects.all() if by is None else pairs_visible_to(by, Permission.UPLOAD)
    pair = pairs.select_related("election__rule_set").filter(pk=pair_id).first()
    if pair is None:
        raise CommandError(f"Pasangan {pair_id} tidak ada, atau akun ini tidak dapat mengunggah untuknya.")
    return pair


def seal_file(path: Path, pair: Pair) -> SealedUpload:
    """Store a file of the disk, sealed. Raises CommandError when it cannot be opened."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise CommandError(f"Berkas {path} tidak dapat dibuka: {error.strerror}.") from error
    receiving = receive_file(key_scope(pair.election))
    try:
        with source:
            while piece := source.read(PIECE):
                receiving.write(piece)
        return SealedUpload(receiving.finish(), path.name, "text/csv")
    except BaseException:
        receiving.abort()
        raise


def carry(upload: Upload) -> None:
    """Carry waiting jobs in this process until the upload's has ended; another worker may take it first."""
    while Job.objects.filter(pk=upload.job_id, state__in=("queued", "running")).exists():
        if not run_next():
            time.sleep(WAIT_SECONDS)


def facts(upload: Upload, new: bool) -> dict[str, Any]:
    """What ``--json`` prints."""
    error = {"code": upload.error_code, "message": upload.error_message} if upload.error_code else None
    counts = counts_of_uploads([upload])[upload.pk]
    return {"id": upload.pk, "new": new, "status": upload.status, "error": error, **counts}


def described(upload: Upload, said: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        f"Unggahan {upload.pk} ({upload.name}): {upload.get_status_display()}",
        f"{said['rows']} baris, {said['rows_clean']} terhitung",
        *(f"  {code} {n}" for code, n in said["findings"].items()),
    ]
    if not said["new"]:
        lines.append("Berkas ini sudah pernah diunggah; inilah unggahannya.")
    return "\n".join(lines)
