"""Commands that a person of the system runs from a shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.models import User
from foundation.errors import Refused


class ActingCommand(BaseCommand):
    """A command with ``--as USER``: that person's rights hold and Events name them; without, the system's.

    A refusal ends the command with its sentence.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="username", help="Account in whose name this is done.")

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except Refused as refusal:
            field = f"{refusal.field}: " if refusal.field else ""
            raise CommandError(f"{field}{refusal.message}") from refusal

    @staticmethod
    def person(username: str | None) -> User | None:
        """The account of that name; None stands for the system. Raises CommandError for an unknown one."""
        if not username:
            return None
        try:
            return User.objects.get(username=username, is_active=True)
        except User.DoesNotExist as error:
            raise CommandError(f"Akun “{username}” tidak ada atau tidak aktif.") from error
