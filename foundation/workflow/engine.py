"""The only writer of statuses: role check, guarded UPDATE, exactly one row or Conflict, Event; one transaction."""

from typing import Any

from django.db import transaction
from django.db.models import Model

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


def _conflict(machine: Machine, move: Move, state: str) -> Conflict:
    return Conflict(
        "state_changed",
        f"“{move.title}” tidak dapat dilakukan: {machine.title.lower()} sekarang berstatus "
        f"“{machine.states.get(state, state)}”. Muat ulang halaman untuk melihat keadaan terakhir.",
    )


def record(name: str, subject: Model, *, by: User | None, **data: Any) -> Event:
    """Write one Event about a change. ``data`` must never hold an identity in clear."""
    scope = subject.event_scope() if hasattr(subject, "event_scope") else {}
    return Event.objects.create(
        name=name,
        subject_kind=subject._meta.model_name,
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        data=data,
        **scope,
    )
