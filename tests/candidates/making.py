"""Elections, pairs and rulings for tests, made by the real operations."""

import io
from datetime import UTC, date, datetime

from candidates.models import Ruling
from candidates.operations import approve_ruling, create_election, create_pair, propose_ruling
from candidates.queries import key_scope
from candidates.ruling_letters import attach_letter, digest_of
from foundation.attachments.content import judge
from foundation.attachments.operations import Document
from foundation.storage import open_file, receive_file
from tests.documents import pdf

BONTANG = {
    "name": "Pemilihan Wali Kota Bontang 2024",
    "level": "walikota",
    "region_id": 6474,
    "rule_set": "pkpu8-2024",
    "base": 131_600,
    "voting_day": date(2024, 11, 27),
}
AWAL = {
    "stage": "awal",
    "kind": "handing_in",
    "opens_at": datetime(2024, 5, 8, 0, 0, tzinfo=UTC),
    "closes_at": datetime(2024, 5, 12, 15, 59, tzinfo=UTC),  # 23.59 in Bontang
}


def make_election(*, by=None, **changes):
    return create_election(by=by, **BONTANG | changes)


def make_pair(election=None, *, by=None, name="Pasangan Melati"):
    election = election or make_election()
    return create_pair(election, by=by, name=name, head="Rangga Wiratama", deputy="Sekar Anjani")


def make_letter(scope, title="Salinan putusan"):
    """A document as it was taken from a request."""
    receiving = receive_file(scope)
    receiving.write(pdf(title=title))
    stored = receiving.finish()
    with open_file(stored) as stream:
        return Document(stored, "putusan.pdf", judge(stream, "letter"))


def make_ruling(pair=None, *, by=None, **changes):
    pair = pair or make_pair()
    given = {"kind": "putusan", "document": "001/PS.REG/64.6474/V/2024", "stage": "awal", "hours": 72}
    if "letter" not in changes:
        given["letter"] = make_letter(key_scope(pair.election))
    return propose_ruling(pair, by=by, **given | changes)


def letter_file(title="Salinan putusan", name="putusan.pdf"):
    """A document as a form sends it."""
    file = io.BytesIO(pdf(title=title))
    file.name = name
    return file


def approve(ruling, *, by):
    """As somebody who has just read it; one without its document gets it first."""
    if ruling.attachment_id is None:
        attach_letter(ruling, by=None, letter=make_letter(key_scope(ruling.pair.election)))
    return approve_ruling(ruling, by=by, digest=digest_of(Ruling.objects.get(pk=ruling.pk)))
