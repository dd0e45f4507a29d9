"""``manage.py open_window``: when the pairs of an election may fill or hand in a stage."""

import json
from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from candidates import zones
from candidates.models import Election, Window
from candidates.operations import open_window
from foundation.accounts.acting import ActingCommand


def hours(text: str) -> tuple[time, time]:
    """ "08:00-16:00". Raises ValueError."""
    start, _, end = text.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


class Command(ActingCommand):
    help = "Schedule a window. Times without an offset are those of the election's own zone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--election", required=True, type=int)
        parser.add_argument("--stage", default="awal", help="A round of the rule set (default: awal).")
        parser.add_argument("--kind", required=True, choices=Window.Kind.values)
        parser.add_argument("--opens", required=True, type=datetime.fromisoformat, help="2024-05-08T08:00")
        parser.add_argument(
            "--closes", required=True, type=datetime.fromisoformat, help="2024-05-12T23:59, which means 24:00"
        )
        parser.add_argument(
            "--daily", type=hours, default=(None, None), help="08:00-16:00; not the last day."
        )
        parser.add_argument("--decree", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.select_related("rule_set").filter(pk=options["election"]).first()
        if election is None:
            raise CommandError(f"Pemilihan {options['election']} tidak ada.")
        window = open_window(
            election,
            by=self.person(options["username"]),
            stage=options["stage"],
            kind=options["kind"],
            opens_at=_in_zone(options["opens"], election.zone),
            closes_at=_in_zone(options["closes"], election.zone),
            daily_from=options["daily"][0],
            daily_until=options["daily"][1],
            decree=options["decree"],
        )
        start = zones.say_start(window.opens_at, election.zone)
        said = f"Masa {window.pk}: {start} – {zones.say_end(window.closes_at, election.zone)}"
        self.stdout.write(json.dumps({"id": window.pk}) if options["json"] else said)


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
