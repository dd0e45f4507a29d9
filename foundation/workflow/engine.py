"""The only writer of statuses: role check, guarded UPDATE, exactly one row or Conflict, Event; one transaction."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from foundation import sql
from foundation.accounts.access import roles_of
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from foundation.workflow.table import SYSTEM, Machine, Move


def why_not(machine: Machine, move: Move, state: str, by: User | None) -> Refused | None:
    """Why this move may not be made now, or nothing. Pages ask it before they show a button."""
    roles = {SYSTEM} if by is None else roles_of(by)
    if not roles & set(move.by):
        return Refused(
            "not_yours_to_move", f"Peran Anda tidak dapat melakukan “{move.title}” pada {machine.title}."
        )
    if state not in move.sources:
        return _conflict(machine, move, state)
    return None


def move(
    subject: Model, name: str, *, by: User | None, data: dict[str, Any] | None = None, **changes: Any
) -> None:
    """Make one move of the table, with further column ``changes`` in the same UPDATE.

    Refuses when the role may not; Conflict when someone moved first.
    """
    machine: Machine = subject.machine
    step = machine.move(name)
    state = getattr(subject, machine.field)
    refusal = why_not(machine, step, state, by)
    if refusal and not isinstance(refusal, Conflict):
        raise refusal
    with transaction.atomic():
        guarded = type(subject)._default_manager.filter(
            pk=subject.pk, **{f"{machine.field}__in": step.sources}
        )
        if guarded.update(**{machine.field: step.target}, **changes) != 1:
            subject.refresh_from_db(fields=[machine.field])
            raise _conflict(machine, step, getattr(subject, machine.field))
        record(f"{machine.name}_{name}", subject, by=by, **(data or {}), status=step.target)
    for field, value in {machine.field: step.target, **changes}.items():
        setattr(subject, field, value)


def move_rows(rows: QuerySet, name: str) -> int:
    """Make one move of the table for all ``rows`` that are in a state it starts from; returns how many.

    The caller answers for who may, keeps what each row was, and writes one Event with counts and a digest.
    """
    machine: Machine = rows.model.machine
    step = machine.move(name)
    return rows.filter(**{f"{machine.field}__in": step.sources}).update(**{machine.field: step.target})


def move_recorded(statement: str, machine: Machine, name: str, **params: Any) -> int:
    """Make one move of the table for many rows by a named statement that also records it; returns how many it recorded.

    ``statement`` changes rows that are in one of %(from_states)s to %(to_state)s and records each. The caller
    answers as in ``move_rows``.
    """
    step = machine.move(name)
    return sql.run(statement, from_states=list(step.sources), to_state=step.target, **params)


def _conflict(machine: Machine, move: Move, state: str) -> Conflict:
    return Conflict(
        "state_changed",
        f"“{move.title}” tidak dapat dilakukan: {machine.title.lower()} sekarang berstatus "
        f"“{machine.states.get(state, state)}”. Muat ulang halaman untuk melihat keadaan terakhir.",
    )


def record_each(name: str, changes: Iterable[tuple[Model, dict[str, Any]]], *, by: User | None) -> None:
    """Write an Event of one name about each of many subjects, in one statement."""
    Event.objects.bulk_create(_event(name, subject, by, data) for subject, data in changes)


def record(name: str, subject: Model, *, by: User | None, **data: Any) -> Event:
    """Write one Event about a change. ``data`` must never hold an identity in clear."""
    event = _event(name, subject, by, data)
    event.save(force_insert=True)
    return event


def _event(name: str, subject: Model, by: User | None, data: dict[str, Any]) -> Event:
    scope = subject.event_scope() if hasattr(subject, "event_scope") else {}
    return Event(
        name=name,
        subject_kind=subject._meta.model_name,
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        data=data,
        **scope,
    )
