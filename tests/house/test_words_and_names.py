"""What no file says, what every migration and function says, and why each dependency is there."""

import ast
import re

import pytest

from tests.house.tree import files, name_of, nodes, product_files

# .ci/run also calls a contract check that lies beside a checkout, where there is one.
TEXTS = [
    path for path in files() if path.suffix not in {".xz", ".png", ".heic"} and name_of(path) != ".ci/run"
]
# Written in halves, so that this file does not hold them.
PLACES = "|".join(
    (
        r"/wo" + r"rk/",
        r"/ho" + r"me/\w",
        r"/ro" + r"ot/",
        r"\.\./sha" + "red",
        r"files\.pythonhos" + "ted",
        r"pypi\.or" + "g/simple",
        r"registry\.np" + "mjs",
        r"(?:--index-u" + r"rl|--extra-index-u" + "rl)",
        r"design\.m" + "d",
    )
)
MIGRATIONS = [path for path in files() if path.parent.name == "migrations" and path.stem != "__init__"]
REQUIREMENTS = [path for path in files() if path.name.startswith("requirements")]


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_file_names_no_place_of_one_machine(path):
    assert re.findall(PLACES, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=name_of)
def test_migration_is_named_for_what_it_does(path):
    assert re.fullmatch(r"\d{4}_[a-z][a-z_]+[a-z]", path.stem)
    assert "_auto_" not in path.stem


def test_every_migration_that_runs_something_can_be_undone_or_says_why():
    """A migration that changes data or functions has its way back beside it."""
    one_way = [
        f"{name_of(path)}:{node.lineno}"
        for path in MIGRATIONS
        for node in nodes(path, ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in {"RunSQL", "RunPython"}
        and len(node.args) + len(node.keywords) < 2
    ]
    assert one_way == []


def functions():
    for path in product_files():
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef):
            yield path, node


def untyped(node):
    """Names of the arguments without a type, and "return"."""
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    given += [one for one in (arguments.vararg, arguments.kwarg) if one]
    names = [one.arg for one in given if one.annotation is None and one.arg not in {"self", "cls"}]
    return names + (["return"] if node.returns is None and node.name != "__init__" else [])


def test_every_function_says_its_types():
    found = [
        f"{name_of(path)}:{node.lineno} {node.name} {untyped(node)}"
        for path, node in functions()
        if untyped(node)
    ]
    assert found == []


def test_every_module_says_what_it_is():
    silent = [
        name_of(path)
        for path in product_files()
        if path.stem != "__init__" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_no_error_is_swallowed():
    """An except that catches everything does something about it."""
    swallowed = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        for node in nodes(path, ast.ExceptHandler)
        if (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(part, ast.Pass | ast.Continue) for part in node.body)
    ]
    assert swallowed == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_every_dependency_is_pinned_and_says_why_it_is_there(path):
    """One comment above each, or above a few that belong together."""
    explained = False
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# "):
            explained = True
        elif not line:
            explained = False
        else:
            assert explained, line
            assert line.startswith("-r ") or re.match(r"[\w.\[\],-]+==\S+", line), line
