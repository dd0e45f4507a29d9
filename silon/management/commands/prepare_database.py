"""``manage.py prepare_database``: everything a database needs before the application may use it."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from candidates.operations import load_rule_sets
from foundation.keys.startup import verify_kek
from foundation.regions.models import Region

# What the application's role may not do, although everything else in the schema is its own: Events, readings, receipts,
# receptions, messages to and from the help desk and what an answer said are append-only, and counts are written by
# their trigger alone.
APPEND_ONLY = (
    "workflow_event",
    "readings_reading",
    "supports_receipt",
    "supports_reception",
    "help_desk_message",
    "help_desk_answerversion",
)
KEPT_BY_TRIGGER = ("supports_tally", "supports_uploadtally", "supports_areatally")
# Written once; they go with a practice election, which a trigger of the database sees to.
NEVER_CHANGED = ("verification_decision", "verification_work", "results_result", "results_recaprow")
COUNTED_BY_TRIGGER = ("verification_share", "repairs_replacedcount", "duplicates_groupcount")


class Command(BaseCommand):
    help = "Migrate as the owner, grant the application's role its rights, load rule sets and regions. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in connections:
            raise CommandError("DATABASE_OWNER_URL is not set: only the owner role may change the schema.")
        call_command("migrate", database="owner", verbosity=options["verbosity"])
        grant_rights(connections["default"].settings_dict["USER"])
        verify_kek()
        load_rule_sets()
        if not Region.objects.exists():
            call_command("load_regions", verbosity=options["verbosity"])


def grant_rights(role: str) -> None:
    """Give the application's role exactly what it needs, as the owner."""
    name = connections["owner"].ops.quote_name(role)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        # ANALYZE inside a load needs MAINTAIN, which also allows nothing that changes a row.
        cursor.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {name}")
        for table in APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
        for table in KEPT_BY_TRIGGER:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
        for table in NEVER_CHANGED:
            cursor.execute(f"REVOKE UPDATE, TRUNCATE ON {table} FROM {name}")
        for table in COUNTED_BY_TRIGGER:
            cursor.execute(f"REVOKE INSERT, UPDATE, TRUNCATE ON {table} FROM {name}")
