"""Requests about personal data for tests, made through the real operations. Every person is invented."""

import io
from datetime import datetime

from django.test import RequestFactory

from candidates.queries import key_scope
from foundation.attachments.operations import take_document
from supports.privacy import operations
from supports.privacy.operations import Wish
from supports.privacy.people import person_of
from tests import documents, factories

ANSWER = "Permohonan Anda dipenuhi."


def born(row):
    return datetime.strptime(row["birth_date"], "%d-%m-%Y").date()  # noqa: DTZ007 -- a day, no moment


def ktp(content=None, name="ktp.png"):
    """A picture as a form sends it."""
    file = io.BytesIO(documents.picture() if content is None else content)
    file.name = name
    return file


def fields(row, kind, **more):
    """What somebody types into the public form."""
    who = {"nik": row["nik"], "birth_date": row["birth_date"], "name": row["name"]}
    return {"kind": kind, **who, "email": "warga@contoh.test", "told": "", "document": ktp(), **more}


def filed(election, row, kind="access", *, by=None, **more):
    """A request that waits, and the secret of its link."""
    taken = take_document(RequestFactory().post("/api/", {"document": ktp()}), key_scope(election))
    wish = Wish(kind, person_of(row["nik"], born(row)), row["name"], "warga@contoh.test", **more)
    return operations.file_request(election, wish, by=by, document=taken)


def fulfilled(election, row, kind, *, by, note="", **more):
    """A request that was granted, and the secret of its last link."""
    request, _secret = filed(election, row, kind, **more)
    operations.take_request(request, by=by)
    secret = operations.fulfil_request(request, by=by, identity_confirmed=True, answer=ANSWER, note=note)
    return request, secret


def restricted(pair, row, *, by=None, kind="restriction"):
    """The mark of a request that was granted."""
    officer = by or factories.user("kpu-pembatas", "kpu_regency", 6474)
    return fulfilled(pair.election, row, kind, by=officer)[0].mark
