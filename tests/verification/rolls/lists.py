"""Voter lists of invented people, received and loaded by the real operations."""

import csv
import io

from foundation.storage import SealedUpload, receive_file
from supports.standards import key_scope
from tests.factories import person, work
from verification.rolls.operations import receive_roll

HEADINGS = {
    "nik": "NIK",
    "name": "NAMA PEMILIH",
    "birth_date": "TGL LAHIR",
    "district": "KECAMATAN",
    "village": "KELURAHAN",
}


def voter(number, **changes):
    """The same person as ``tests.factories.person``, as a voter list has them: in capitals."""
    return {**person(number), "name": person(number)["name"].upper(), **changes}


def as_csv(voters, delimiter=";", headings=HEADINGS):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headings.values())
    writer.writerows([row.get(name, "") for name in headings] for row in voters)
    return out.getvalue().encode()


def received(election, by, content, kind="dpt", name="dpt.csv"):
    """A list that waits to be loaded."""
    receiving = receive_file(key_scope(election))
    receiving.write(content if isinstance(content, bytes) else as_csv(content))
    file = SealedUpload(receiving.finish(), name, "text/csv")
    return receive_roll(election, by=by, kind=kind, file=file)[0]


def loaded(election, by, content, kind="dpt", name="dpt.csv"):
    """A list as it is once its job, and what it queued, were carried."""
    roll = received(election, by, content, kind, name)
    work()
    roll.refresh_from_db()
    return roll
