"""Every statement in a file tells what it does, explains itself to PostgreSQL, and is used; one module has cursors."""

import re

import pytest
from django.db import connection

from foundation import sql
from tests.house.tree import files, name_of, product_files

STATEMENTS = [path for path in files() if path.suffix == ".sql"]
# One value for each name that statements bind; the planner looks at types, not at rows.
PARAMETERS = {
    "id": 1,
    "attempt": 1,
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
    "rounds": [1],
    "others": [1],
    "pairs": [1],
    "first": 1 << 24,
    "last": 2 << 24,
    "election": 1,
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
    "after": -1,
    "before": 1 << 40,
    "everywhere": False,
    "areas": [6474010000],
    "area_ends": [6474020000],
    "direction": 1,
    "onwards": 10,
    "backwards": 0,
    "area_from": 0,
    "area_to": 9_999_999_999,
    "clean": False,
    "target": 2,
    "all_codes": [1],
    "unsound": [1],
}


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
