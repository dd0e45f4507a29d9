"""``manage.py create_pair``: bakal pasangan calon perseorangan of an election."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from candidates.models import Election
from candidates.operations import create_pair
from foundation.accounts.acting import ActingCommand


class Command(ActingCommand):
    help = "Enter a pair of an election."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--election", required=True, type=int)
        parser.add_argument("--name", required=True)
        parser.add_argument("--head", required=True)
        parser.add_argument("--deputy", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(pk=options["election"]).first()
        if election is None:
            raise CommandError(f"Pemilihan {options['election']} tidak ada.")
        fields = {name: options[name] for name in ("name", "head", "deputy")}
        pair = create_pair(election, by=self.person(options["username"]), **fields)
        self.stdout.write(
            json.dumps({"id": pair.pk}) if options["json"] else f"Pasangan {pair.pk}: {pair.name}"
        )
