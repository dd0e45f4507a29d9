"""Wrap all keys by a new key-encryption key."""

import base64
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.keys.operations import rotate_kek


class Command(BaseCommand):
    """From SILON_KEK to SILON_KEK_NEW (or the file SILON_KEK_NEW_FILE names); never on the command line."""

    help = (
        "Membungkus ulang semua kunci: dari SILON_KEK ke SILON_KEK_NEW (atau berkas SILON_KEK_NEW_FILE). "
        "Hentikan web dan worker lebih dahulu, lalu jalankan kembali dengan SILON_KEK yang baru."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """No arguments: a key on the command line is seen by everyone on the machine."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and say how many keys."""
        rotated = rotate_kek(settings.SILON_KEK, _new_kek())
        self.stdout.write(
            f"{rotated} kunci dibungkus ulang. Jalankan web dan worker dengan SILON_KEK yang baru."
        )


def _new_kek() -> bytes:
    path = os.environ.get("SILON_KEK_NEW_FILE", "")
    text = Path(path).read_text("ascii").strip() if path else os.environ.get("SILON_KEK_NEW", "")
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise CommandError("SILON_KEK_NEW is not base64.") from error
    if len(key) != 32:
        raise CommandError(f"SILON_KEK_NEW must hold 32 bytes in base64, not {len(key)}.")
    if key == settings.SILON_KEK:
        raise CommandError("SILON_KEK_NEW is the present SILON_KEK.")
    return key
