"""Elections whose identities need no longer be kept, and the two people of KPU RI who end them."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from foundation.accounts.matrix import Role
from foundation.attachments.operations import take_document
from supports.retention import operations
from supports.retention.queries import digest_of, retention_of, what_is_there
from tests import documents, factories
from tests.supports.handing_in.teams import ENOUGH, handed_in, ready_team

LONG_AGO = date(2015, 12, 9)


def two_of_kpu_ri():
    return factories.user("ri-satu", Role.KPU_RI), factories.user("ri-dua", Role.KPU_RI)


def ended_team(rows=ENOUGH, **more):
    """A pair that handed in, in an election whose term is over, as people of 2015 would have been."""
    team = ready_team(rows, voting_day=LONG_AGO, **more)
    handed_in(team)
    return team


def document():
    file = SimpleUploadedFile("surat.pdf", documents.pdf())
    request = RequestFactory().post("/x", {"document": file})
    request._dont_enforce_csrf_checks = True
    return take_document(request, operations.SCOPE)


def digest(election):
    """What somebody would look at now."""
    return digest_of(election, retention_of(election).ends_on, what_is_there(election))


def approved(election, people):
    """Proposed by one and approved by the other; the job waits."""
    made = operations.propose_destruction(election, by=people[0], digest=digest(election))
    return operations.approve_destruction(made, by=people[1], digest=made.digest)


def destroyed(election, people):
    made = approved(election, people)
    factories.work()
    made.refresh_from_db()
    return made
