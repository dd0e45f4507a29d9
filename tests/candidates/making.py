"""Elections, pairs and rulings for tests, made by the real operations."""

from datetime import UTC, date, datetime

from candidates.operations import create_election, create_pair, propose_ruling

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


def make_ruling(pair=None, *, by=None, **changes):
    given = {"kind": "putusan", "document": "001/PS.REG/64.6474/V/2024", "stage": "awal", "hours": 72}
    return propose_ruling(pair or make_pair(), by=by, **given | changes)
