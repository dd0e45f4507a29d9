"""Write the generated files of docs/, or say which are out of date."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from silon.generated_docs import DOCUMENTS


class Command(BaseCommand):
    help = "Write the generated files of docs/ (--check: only say which differ, and exit 1)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = False
        for name, render in DOCUMENTS:
            path = settings.BASE_DIR / name
            text = render()
            if path.exists() and path.read_text("utf-8") == text:
                continue
            if options["check"]:
                stale = True
                self.stderr.write(f"{name} is not what the code says. Run manage.py generate_docs.")
            else:
                path.write_text(text, "utf-8")
                self.stdout.write(f"wrote {name}")
        if stale:
            sys.exit(1)
