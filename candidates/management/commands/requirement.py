"""``manage.py requirement``: the minimum and the spread of any election, with the sum spelled out."""

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from candidates import thresholds
from candidates.rule_sets import LEVELS, SHIPPED


class Command(BaseCommand):
    help = "How many supporters in how many areas an election asks for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rule-set", required=True, choices=list(SHIPPED))
        parser.add_argument("--level", required=True, choices=LEVELS)
        parser.add_argument("--base", required=True, type=int, help="Voters in the DPT, or residents.")
        parser.add_argument("--areas", required=True, type=int, help="Kecamatan; kab/kota for a governor.")
        parser.add_argument("--json", action="store_true", help="The numbers only, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [options[name] for name in ("rule_set", "level", "base", "areas")]
        try:
            answer = thresholds.requirement(*asked)
            lines = thresholds.explain(*asked).lines()
        except thresholds.Impossible as error:
            raise CommandError(f"{error.field}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(answer)))
            return
        minimum, spread = thresholds.digits(answer.minimum), thresholds.digits(answer.min_spread)
        self.stdout.write("\n".join([SHIPPED[options["rule_set"]].title, *lines]))
        self.stdout.write(f"Syarat: {minimum} pendukung di paling sedikit {spread} wilayah")
