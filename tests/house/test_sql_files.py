"""Every statement in a file tells what it does, explains itself to PostgreSQL, and is used; one module has cursors."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from foundation import sql
from tests.house.tree import files, name_of, product_files
from verification.rolls.loading import CREATE_ARRIVING

STATEMENTS = [path for path in files() if path.suffix == ".sql"]
# One value for each name that statements bind; the planner looks at types, not at rows.
PARAMETERS = {
    "id": 1,
    "attempt": 1,
    "job": "verification.resume_round",
    "step": "reading",
    "done": 0,
    "total": 0,
    "submission": 1,
    "submissions": [1],
    "width": 10_000,
    "niks": ["00000000-0000-0000-0000-000000000000"],
    "codes": [1],
    "code": 30,
    "blocking": [28],
    "identical": 28,
    "same_nik": 29,
    "earlier": [1],
    "from_states": ["unverified"],
    "to_state": "MS",
    "rounds": [1],
    "others": [1],
    "pairs": [1],
    "first": 1 << 24,
    "last": 2 << 24,
    "election": 1,
    "elections": [1],
    "births": ["00000000-0000-0000-0000-000000000000"],
    "but_first": 0,
    "but_last": 0,
    "upload": 1,
    "ids": "{1}",
    "everything": True,
    "limit": 10,
    "by": "name",
    "nik": "00000000-0000-0000-0000-000000000000",
    "phone": None,
    "name": "budi",
    "most": 10,
    "uploads": None,
    "after": -1,
    "before": 1 << 40,
    "everywhere": False,
    "areas": [6474010000],
    "area_ends": [6474020000],
    "direction": 1,
    "after_area": -1,
    "skip": 0,
    "holders": [1],
    "bulk": 1,
    "area": 6474010000,
    "support": 1,
    "correction": 1,
    "reasons": [1],
    "note": "",
    "mixed": True,
    "seed": 1,
    "onwards": 10,
    "backwards": 0,
    "area_from": 0,
    "area_to": 9_999_999_999,
    "clean": False,
    "target": 2,
    "all_codes": [1],
    "unsound": [1],
    "patience": 900,
    "moment": "2024-05-12 16:00:00+00",
    "rules": ["1"],
    "gone_codes": "{16}",
    "gone": "{1}",
    "new_codes": "{16}",
    "new": "{1}",
    "kinds": ["report"],
    "team": True,
    "person": 1,
    "from_id": 0,
    "since": datetime(2024, 1, 1, tzinfo=UTC),
    "until": datetime(2025, 1, 1, tzinfo=UTC),
    "pair": 1,
    "untils": ["infinity"],
    "completings": [False],
    "firsts": [1 << 24],
    "lasts": [2 << 24],
    "listed": [1],
    "manifest": 1,
    "names": ["00000000-0000-0000-0000-000000000000"],
    "tokens": ["A1"],
    "rows": [None],
    "scans": [1 << 24],
    "supports": [1 << 24],
    "days": 90,
    "ruling": 1,
    "rulings": "{1}",
    "id_lines": "{1}",
    "nik_lines": "{1}",
    "refs": "{A-1}",
    "unreadable": 43,
    "ref_lines": "{1}",
    "mended": ["BMS"],
    "failed": 46,
    "copies": [28],
    "origins": "{1}",
    "due_by": datetime(2025, 1, 1, tzinfo=UTC),
    "group": 1,
    "regions": "{6474000000}",
    "region_ends": "{6474999999}",
    "roll": 1,
    "rolls": [1],
    "dpt": 1,
    "dp4": None,
    "not_in_roll": 40,
    "mismatch": 41,
    "first_nik": "00000000000000000000000000000000",
    "last_nik": "ffffffffffffffffffffffffffffffff",
}
# What a statement finds there beside the tables that stay: of its own transaction.
BESIDE = {"rolls/store_entries": CREATE_ARRIVING}


def statement_name(path):
    """supports/sql/match_pairs.sql → supports/match_pairs."""
    return f"{path.parent.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", STATEMENTS, ids=name_of)
def test_statement_has_its_header(path):
    lines = path.read_text("utf-8").split("\n")
    assert [line.startswith("-- ") for line in lines[:5]] == [True] * 4 + [False]
    assert re.search(r"\b(Reads|Writes|Takes|reads|writes|deletes)\b", "".join(lines[:4]))


@pytest.mark.parametrize("path", STATEMENTS, ids=name_of)
def test_statement_explains(path, db):
    text = path.read_text("utf-8")
    wanted = set(re.findall(r"%\((\w+)\)s", text))
    assert wanted <= set(PARAMETERS)
    with connection.cursor() as cursor:
        cursor.execute(BESIDE.get(statement_name(path), "SELECT"))
        cursor.execute(f"EXPLAIN {sql.statement(statement_name(path))}", PARAMETERS)
        assert cursor.fetchall()


@pytest.mark.parametrize("path", STATEMENTS, ids=name_of)
def test_statement_is_used(path):
    assert any(f'"{statement_name(path)}"' in python.read_text("utf-8") for python in product_files())


def test_only_one_module_opens_a_cursor():
    # The owner makes the roles and grants their rights through connections of its own.
    owner = {"silon/embedded/postgres.py", "silon/management/commands/prepare_database.py"}
    allowed = {"foundation/sql.py"} | owner
    assert {name_of(path) for path in product_files() if ".cursor(" in path.read_text("utf-8")} == allowed
