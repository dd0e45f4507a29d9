"""Mandates for tests, filed and decided by the real operations. Every person is invented."""

import io
from datetime import timedelta

from django.test import RequestFactory

from candidates.mandates import operations
from candidates.mandates.operations import Named, Request
from candidates.operations import open_window
from candidates.queries import key_scope, now
from foundation.accounts.matrix import Role
from foundation.attachments.operations import take_document
from tests import documents
from tests.candidates.making import make_election
from tests.foundation.accounts.people import somebody

PAIR = {"head": "Rangga Wiratama", "deputy": "Sekar Anjani"}
LO = Named("Sari Contoh", "sari@contoh.test", "0812-0000-0001")
OPERATORS = (Named("Tono Contoh", "tono@contoh.test"), Named("Wati Contoh", "wati@contoh.test"))
FIELDS = {
    **PAIR,
    "lo_name": LO.name,
    "lo_email": LO.email,
    "lo_phone": LO.phone,
    "operator_1_name": OPERATORS[0].name,
    "operator_1_email": OPERATORS[0].email,
}


def open_election(**changes):
    """An election whose windows are open now."""
    election = make_election(**changes)
    moment = now()
    for kind in ("filling", "handing_in"):
        span = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=9)}
        open_window(election, by=None, stage="awal", kind=kind, **span)
    return election


def scan(content=None, name="mandat.pdf"):
    """A file as a form sends it."""
    file = io.BytesIO(documents.pdf() if content is None else content)
    file.name = name
    return file


def document(election, content=None):
    """A document that was taken and belongs to nothing yet."""
    request = RequestFactory().post("/api/", {"document": scan(content)})
    return take_document(request, key_scope(election))


def says(**changes):
    """What a mandate says."""
    return Request(**{**PAIR, "lo": LO, "operators": OPERATORS[:1]} | changes)


def submit(election=None, *, by=None, content=None, **changes):
    """A mandate that waits for its decision; each call attaches another document."""
    election = election or open_election()
    pages = documents.pdf(title=f"Mandat {submit.number}") if content is None else content
    submit.number += 1
    return operations.submit_mandate(election, says(**changes), by=by, document=document(election, pages))


submit.number = 0


def officer(**fields):
    """Somebody of KPU Kota Bontang."""
    return somebody(Role.KPU_REGENCY, **fields)


def approved(election=None, *, by=None, pair=None, **changes):
    """A mandate in force."""
    return operations.approve_mandate(submit(election, **changes), by=by or officer(), pair=pair)
