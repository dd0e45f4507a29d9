"""One person, known by NIK and birth date, and the rows that hold them: found by index, in every election at once.

What is typed goes nowhere but into the question: sealed by the keys of each election, it is compared with what is
stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.models import Election
from candidates.queries import elections_announced, key_scope
from foundation import seal, sql
from foundation.errors import Refused
from foundation.keys.keyring import living_keys
from supports import nik as niks

EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class Person:
    """Who somebody says to be; shows in no repr. ``agrees``: the NIK itself tells this birth date."""

    nik: str = field(repr=False)
    born: date = field(repr=False)
    agrees: bool = False


@dataclass(frozen=True)
class Held:
    """One row with the person's NIK. ``same``: the birth date beside it is the person's."""

    support: int
    submission: int
    election: int
    same: bool


def person_of(nik: str, born: date) -> Person:
    """The person of a typed NIK and birth date. Refuses a NIK that has not 16 digits, and a day nobody is born on."""
    read = niks.parse(nik)
    if not read.digits:
        message = _("NIK terdiri atas 16 angka. Periksa KTP-el atau kartu keluarga, lalu ketik seluruhnya.")
        raise Refused("nik_incomplete", message, "nik")
    if not EARLIEST_YEAR <= born.year <= timezone.localdate().year:
        message = _("Tahun lahir ini tidak mungkin. Periksa tanggalnya, misalnya 27-11-1990.")
        raise Refused("birth_date_impossible", message, "birth_date")
    return Person(read.digits, born, read.birth_date == born)


@dataclass(frozen=True)
class Sealed:
    """The person as the keys of each election seal them: three lists of one length."""

    elections: list[int]
    niks: list[UUID]
    births: list[UUID]


def seal_everywhere(person: Person, elections: Iterable[Election]) -> Sealed:
    """The person in each of these elections; one query. Where the keys were destroyed nobody is held any more."""
    scopes = {key_scope(one): one.pk for one in elections}
    keys = living_keys(scopes, ("nik", "birth_date"))
    known = [scope for scope in scopes if set(keys.get(scope, ())) == {"nik", "birth_date"}]
    niks = [seal.seal_nik(person.nik, keys[scope]["nik"]) for scope in known]
    births = [
        seal.seal_birth_date(person.born, nik, keys[scope]["birth_date"])
        for scope, nik in zip(known, niks, strict=True)
    ]
    return Sealed([scopes[scope] for scope in known], niks, births)


def rows_of_person(sealed: Sealed) -> list[Held]:
    """The rows with the person's NIK: one query, whatever the number of elections."""
    found = sql.rows(
        "privacy/find_person",
        elections=sealed.elections,
        niks=[str(one) for one in sealed.niks],
        births=[str(one) for one in sealed.births],
    )
    return [Held(*row) for row in found]


def is_listed(person: Person) -> bool:
    """Whether the NIK stands in the support data of any pair, and the birth date is that of the NIK or of the row.

    Drafts and the pools count: they are held too. Elections for practice do not.
    """
    elections = elections_announced().select_related(None).only("pk")
    held = rows_of_person(seal_everywhere(person, elections))
    return bool(held) and (person.agrees or any(row.same for row in held))
