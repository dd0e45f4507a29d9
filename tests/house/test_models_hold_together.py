"""What models promise by their fields, their constraints hold; what the settings promise to Celery fits together."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CheckConstraint

from foundation import sql
from foundation.jobs.runner import BEAT_SECONDS
from foundation.workflow.table import MACHINES
from silon.management.commands.prepare_database import (
    APPEND_ONLY,
    COUNTED_BY_TRIGGER,
    KEPT_BY_TRIGGER,
    NEVER_CHANGED,
)
from tests.house.tree import PACKAGES

MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
# The system, a command or a seed makes these without a person; the moment is there all the same.
WITHOUT_A_PERSON = {"created", "received"}

OUR_TABLES = "pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def pairs_of(model):
    """The names before _at and _by that a model has both of, where both may be empty."""
    names = {field.name: field for field in model._meta.get_fields() if hasattr(field, "null")}
    for name, field in names.items():
        other = names.get(name.removesuffix("_at") + "_by")
        if name.endswith("_at") and other is not None:
            yield name.removesuffix("_at"), field, other


def test_when_and_by_whom_are_known_together():
    loose = []
    for model in MODELS:
        conditions = [
            str(one.condition) for one in model._meta.constraints if isinstance(one, CheckConstraint)
        ]
        for name, moment, person in pairs_of(model):
            if name in WITHOUT_A_PERSON or (not moment.null and not person.null):
                continue
            if not any(f"{name}_at" in text and f"{name}_by" in text for text in conditions):
                loose.append(f"{model._meta.label}.{name}")
    assert loose == []


def test_pairs_are_there_to_be_looked_at():
    assert sum(1 for model in MODELS for _pair in pairs_of(model)) > 2


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_constraints_and_indexes_are_sentences(model):
    for one in [*model._meta.constraints, *model._meta.indexes]:
        assert one.name == one.name.lower()
        assert "_" in one.name
        assert not one.name.startswith(f"{model._meta.db_table}_")


def test_every_status_is_checked_by_the_database():
    """Each machine of the table has its CHECK, with its states and no others."""
    held = {}
    for model in MODELS:
        for one in model._meta.constraints:
            if isinstance(one, CheckConstraint) and one.name.endswith("_of_the_table"):
                ((name, values),) = one.condition.children
                held[frozenset(values)] = name.removesuffix("__in")
    assert held == {frozenset(machine.states): machine.field for machine in MACHINES}


def test_what_the_models_promise_is_in_the_database(db):
    found = sql.value(
        "SELECT array_agg(name) FROM (SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes)"
        " AS found (name)"
    )
    wanted = {one.name for model in MODELS for one in [*model._meta.constraints, *model._meta.indexes]}
    assert wanted - set(found) == set()


def tables(condition):
    """The tables of which something is true."""
    return set(sql.value(f"SELECT coalesce(array_agg(relname), '{{}}') FROM {OUR_TABLES} AND {condition}"))  # noqa: S608 -- ours


def test_application_owns_nothing_and_empties_nothing(db):
    assert tables("pg_get_userbyid(relowner) = current_user") == set()
    assert tables("has_table_privilege(oid, 'TRUNCATE')") == set()
    rights = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
    assert sql.value(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user") is False  # noqa: S608 -- ours
    assert sql.value("SELECT has_schema_privilege('public', 'CREATE')") is False


def test_application_may_change_every_table_but_the_kept_ones(db):
    assert tables("NOT has_table_privilege(oid, 'UPDATE')") == {
        *APPEND_ONLY,
        *KEPT_BY_TRIGGER,
        *NEVER_CHANGED,
        *COUNTED_BY_TRIGGER,
    }
    assert tables("NOT has_table_privilege(oid, 'INSERT')") == {*KEPT_BY_TRIGGER, *COUNTED_BY_TRIGGER}
    assert tables("NOT has_table_privilege(oid, 'SELECT')") == set()


def test_message_comes_again_only_after_the_longest_task_could_have_ended():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1


def test_lost_job_is_noticed_after_a_few_heartbeats():
    assert settings.JOB_LOST_AFTER_SECONDS >= 5 * BEAT_SECONDS
