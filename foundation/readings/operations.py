"""The one writer of readings. What opens identities for people asks for the Reading that this returns.

``tests/house/test_readings.py`` looks at every place that opens something sealed: it takes a ``reading``, or it is
named there as one that opens for a machine.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from foundation.accounts.access import roles_of, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading


def record_reading(
    kind: Kind,
    subject: Model | None,
    *,
    by: User | AnonymousUser | None,
    rows: int,
    row: int | None = None,
    submission: int | None = None,
    upload: int | None = None,
    area: tuple[int, int] | None = None,
    **filter: Any,
) -> Reading:
    """Record that ``by`` reads identities of ``subject`` (anything with an ``event_scope``) now; one statement.

    ``area`` are 10-digit codes, half-open. ``filter`` says in words or sealed values what was asked for, never an
    identity in clear. Call it before the first byte leaves, in the transaction of whatever else is written.
    """
    scope = subject.event_scope() if hasattr(subject, "event_scope") else {}
    first, end = area or (None, None)
    reading = Reading(
        by_id=by.pk if by else None,
        roles=",".join(sorted(roles_of(by))) if by else "",
        inside=bool(by) and scope.get("pair_id") in scopes(by, Permission.VIEW_PAIR).pairs,
        kind=kind,
        call=getattr(by, "call", ""),
        submission_id=submission,
        upload_id=upload,
        area_from=first,
        area_to=end,
        row_id=row,
        rows=rows,
        filter=filter,
        **scope,
    )
    reading.save(force_insert=True)
    return reading
