"""Reading requests about personal data, and the rows they are about."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from supports.models import Standing, Support
from supports.privacy.models import DataRequest

OPEN = ("received", "in_progress")


def requests_visible_to(user: AnyUser) -> QuerySet[DataRequest]:
    """The requests about elections that lie wholly in the user's territory."""
    elections = elections_governed_by(user, Permission.HANDLE_DATA_REQUESTS).order_by().values("pk")
    related = ("election", "document__stored_file", "created_by", "decided_by", "mark__ended_by")
    return DataRequest.objects.filter(election__in=elections).select_related(*related)


def by_urgency(requests: QuerySet[DataRequest]) -> QuerySet[DataRequest]:
    """What waits comes first, the most overdue in front; then what was decided, the last in front."""
    waits = Case(When(status__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return requests.annotate(waits=waits).order_by(
        "waits", F("decided_at").desc(nulls_first=True), "due_at", "id"
    )


def counts_of(requests: QuerySet[DataRequest], moment: datetime) -> dict[str, int]:
    """How many stand where, and how many are ``overdue``; one query."""
    plain = requests.order_by().select_related(None)
    states = {name: Count("pk", filter=Q(status=name)) for name in DataRequest.machine.states}
    overdue = Count("pk", filter=Q(status__in=OPEN, due_at__lte=moment))
    return plain.aggregate(**states, overdue=overdue)


@dataclass(frozen=True)
class HeldRow:
    """One row of the person in the request's election, as the officer sees it."""

    support: Support
    status: str
    same: bool


def rows_of_request(request: DataRequest) -> list[HeldRow]:
    """The rows with this NIK in the request's election, of every pair; by index, two queries."""
    rows = Support.objects.filter(nik=request.nik, submission__pair__election=request.election_id)
    found = list(rows.select_related("submission__pair").order_by("pk"))
    status = dict(Standing.objects.filter(support__in=found).values_list("support_id", "vermin"))
    return [HeldRow(row, status.get(row.pk, ""), row.birth_date == request.birth_date) for row in found]
