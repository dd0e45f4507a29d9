"""``manage.py seed_demo``: the demo election, its accounts and first uploads. Only in the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from silon.demo import seed_demo


class Command(BaseCommand):
    help = "Make the demo election through the real operations. Repeatable. Refuses outside the demo (SILON_DEMO)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("SILON_DEMO is not set: the demo's accounts have a known password.")
        election = seed_demo()
        if options["verbosity"]:
            self.stdout.write(f"{election.name}: {election.pairs.count()} pairs")
