"""``manage.py create_election``: an election with its areas and its requirement."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from candidates import queries, thresholds
from candidates.models import Election, Level, Zone
from candidates.operations import create_election
from foundation.accounts.acting import ActingCommand

# Given as they are to the operation.
PLAIN = (
    "name", "level", "region_id", "rule_set", "base", "voting_day", "base_date", "base_note", "decree",
    "zone", "override_minimum", "override_spread", "override_decree", "practice",
)  # fmt: skip


def area(text: str) -> tuple[int, str]:
    """647401 or "647401=Bontang Utara". Raises ValueError."""
    code, _, name = text.partition("=")
    return int(code), name


class Command(ActingCommand):
    help = "Create an election. Without --area its areas are those in force today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        parser.add_argument("--level", required=True, choices=Level.values)
        parser.add_argument("--region", dest="region_id", required=True, type=int, help="64 or 6474.")
        parser.add_argument("--rule-set", required=True, help="For example pkpu8-2024.")
        parser.add_argument("--base", required=True, type=int, help="Voters in the DPT, or residents.")
        parser.add_argument("--voting-day", required=True, type=date.fromisoformat, help="2024-11-27")
        parser.add_argument("--base-date", type=date.fromisoformat)
        parser.add_argument("--base-note", default="")
        parser.add_argument("--decree", default="")
        parser.add_argument("--zone", default="", choices=["", *Zone.values], help="Default: the province's.")
        parser.add_argument("--area", action="append", type=area, help="647401 or 647401=NAME; repeatable.")
        parser.add_argument("--parent-region", action="append", type=int, default=[], help="Split from it.")
        parser.add_argument("--override-minimum", type=int, help="As decreed, where the formula differs.")
        parser.add_argument("--override-spread", type=int, help="As decreed, where the formula differs.")
        parser.add_argument("--override-decree", default="")
        parser.add_argument("--practice", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        election = create_election(
            by=self.person(options["username"]),
            areas=options["area"],
            parent_region_ids=options["parent_region"],
            **{name: options[name] for name in PLAIN},
        )
        self.stdout.write(json.dumps({"id": election.pk}) if options["json"] else described(election))


def described(election: Election) -> str:
    """Number, name and requirement of a new election."""
    asked = queries.requirement_of(election)
    lines = [
        f"Pemilihan {election.pk}: {election.name}",
        *queries.explanation_of(election).lines(),
        f"Syarat: {thresholds.digits(asked.minimum)} pendukung di paling sedikit {asked.min_spread} wilayah",
    ]
    if asked.differs_from_formula:
        lines.append(f"Berbeda dari rumus, menurut {asked.decree}.")
    return "\n".join(lines)
