"""``manage.py play_bontang``: what it takes to play the story of Bontang 2024 in the demo."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from silon import bontang
from silon.demo import BONTANG
from silon.demo_accounts import STORY_ACCOUNT
from silon.playing import prepare_story
from supports.management.commands.make_supporters import places_of


class Command(BaseCommand):
    help = (
        "Make a third pair in the demo and write the list its team uploads first; with --mend the list of "
        "Perbaikan Kesatu, from the BMS list as it was downloaded (CSV). Refuses outside the demo (SILON_DEMO)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=_folder, required=True, help="Folder to write into.")
        parser.add_argument("--mend", type=Path, help="The downloaded BMS list.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("SILON_DEMO is not set: the demo's accounts have a known password.")
        places = places_of(BONTANG)
        if options["mend"]:
            # What was downloaded is text: a NIK is no number.
            asked = pl.read_csv(options["mend"], infer_schema=False)
            self._write(options["out"] / "perbaikan-kesatu.csv", bontang.second_list(places, asked))
            return
        pair = prepare_story()
        self._write(options["out"] / "awal.csv", bontang.first_list(places))
        self.stdout.write(f"{pair.name}: log in as {STORY_ACCOUNT} and upload it")

    def _write(self, path: Path, rows: pl.DataFrame) -> None:
        rows.write_csv(path)
        self.stdout.write(f"{path}: {rows.height} rows")


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise ArgumentTypeError(f"{text} is no folder.")
    return path
