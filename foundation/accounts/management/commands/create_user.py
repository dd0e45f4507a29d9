"""``manage.py create_user``: an account with its first role; on a new system the first of all."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from foundation.accounts.acting import ActingCommand
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.operations import assign_role, create_user


class Command(ActingCommand):
    help = "Make an account with one role. The password is asked for, or read from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("new_username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="", help="Where a link goes when the password is forgotten.")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--region", type=int, help="Code of the region in which the role holds.")
        place.add_argument("--pair", type=int, help="Number of the pair for which the role holds.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.person(options["username"])
        kind, scope_id = _scope(options)
        password = _password()
        with transaction.atomic():
            user = create_user(
                options["new_username"],
                name=options["name"],
                password=password,
                by=by,
                email=options["email"],
            )
            role = Role(options["role"])
            assign_role(user, role, scope_kind=kind, scope_id=scope_id, by=by)
        self.stdout.write(f"Akun {user.username} dibuat sebagai {role.title}.")


def _scope(options: dict[str, Any]) -> tuple[ScopeKind, int]:
    if options["region"] is not None:
        return ScopeKind.REGION, options["region"]
    if options["pair"] is not None:
        return ScopeKind.PAIR, options["pair"]
    return ScopeKind.NATION, 0


def _password() -> str:
    """Never an argument: those are seen in the list of processes and kept in the shell's history."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Kata sandi: ")
    if getpass.getpass("Sekali lagi: ") != password:
        raise CommandError("Kedua kata sandi berbeda. Jalankan perintah ini lagi.")
    return password
