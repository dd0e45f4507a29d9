"""Files and functions stay small enough to be read at once, and nothing unfinished or silenced stands in them."""

import ast
import re

import pytest

from tests.house.tree import files, name_of, nodes, product_files

MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 400, 60
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "services", "managers", "misc", "common"}
# Written in two halves, so that this file does not hold them.
MARKS = "|".join(
    (
        r"\bTO" + r"DO\b",
        r"\bFIX" + r"ME\b",
        "raise NotImplemented" + "Error",
        r"mark\.(?:sk" + "ip|xf" + "ail)",
        r"pytest\.sk" + r"ip\(",
    )
)


@pytest.mark.parametrize("path", product_files(), ids=name_of)
def test_file_is_short(path):
    assert len(path.read_text("utf-8").split("\n")) <= MOST_LINES_OF_A_FILE + 1


def test_functions_are_short():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in product_files()
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
        if node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_module_is_a_drawer():
    assert [name_of(path) for path in product_files() if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_nothing_is_left_unfinished():
    python = [path for path in files() if path.suffix == ".py"]
    assert [name_of(path) for path in python if re.search(MARKS, path.read_text("utf-8"))] == []
