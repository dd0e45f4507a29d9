"""``manage.py make_supporters``: a CSV of invented supporters of one election."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.models import Election
from foundation.regions.codes import DISTRICT, REGENCY, VILLAGE, parent_of
from foundation.regions.queries import subtree
from supports.synthetic import Place, pieces


class Command(BaseCommand):
    help = "Write a CSV of invented supporters (NIK serials 9000-9999) living in the area of an election."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--election", type=int, required=True, help="Its id.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same people.")
        parser.add_argument("--out", required=True, help="Path of the CSV; - for standard output.")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--clean", action="store_true", help="Nothing is wrong with any row (the default).")
        kind.add_argument("--defects", action="store_true", help="About one row in ten is damaged.")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(pk=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election {options['election']}.")
        if options["rows"] < 1:
            raise CommandError("--rows must be at least 1.")
        made = pieces(
            options["rows"], places_of(election.region_id), seed=options["seed"], defects=options["defects"]
        )
        if options["out"] == "-":
            _write(made, sys.stdout.buffer)
            return
        with Path(options["out"]).open("wb") as file:
            _write(made, file)
        self.stderr.write(f"{options['rows']} rows written to {options['out']}")


def _write(made: Any, file: Any) -> None:
    for number, piece in enumerate(made):
        piece.write_csv(file, include_header=number == 0)


def places_of(region_id: int) -> list[Place]:
    """Every current desa/kelurahan below a region, with the names above it."""
    names = {one.code: one.name for level in (REGENCY, DISTRICT) for one in subtree(region_id, level)}
    places = []
    for village in subtree(region_id, VILLAGE):
        district = parent_of(village.code)
        places.append(Place(village.name, names[district], names[parent_of(district)], district))
    return places
