"""silon → verification → supports → candidates → foundation, and inside an app from the pages down to the models."""

import ast
import re

import pytest
from importlinter.cli import lint_imports

from tests.house.tree import PACKAGES, ROOT, imports_of, modules, name_of, product_files, tree_of

# Inside an app each part may know those with a smaller number. A module of no such name knows no interface.
ROLES = {
    "urls": 6,
    "api_urls": 6,
    "views": 5,
    "api": 5,
    "api_shapes": 5,
    "commands": 5,
    "forms": 4,
    "operations": 3,
    "queries": 2,
    "models": 1,
}
INTERFACE = 4
PURE = {
    "candidates.next_round",
    "candidates.rule_sets",
    "candidates.thresholds",
    "foundation.accounts.matrix",
    "foundation.errors",
    "foundation.workflow.table",
    "supports.ingest.columns",
    "supports.ingest.normalise",
    "supports.ingest.parser",
    "supports.ingest.prepare",
    "supports.ingest.read",
    "supports.nik",
    "supports.occupations",
    "supports.rules",
    "supports.synthetic",
}
FRAMEWORKS = {"django", "rest_framework", "celery", "psycopg2"}


def layer(module):
    return PACKAGES.index(module.split(".")[0])


def app_of(module):
    """``foundation.jobs.runner`` → foundation.jobs; ``supports.ingest.read`` → supports."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "foundation" else parts[0]


def role_of(module):
    """The number of a module's part, or None; that of a subpackage is called as that of its app."""
    if ".management.commands." in module:
        return ROLES["commands"]
    own = module.removeprefix(app_of(module)).rpartition(".")[2]
    found = re.fullmatch(r"(?:\w+_)?(views|api|forms|urls)", own)
    return ROLES.get(found[1] if found else own)


def inner_imports():
    """(importer, imported) of the product's modules."""
    for module, path in modules().items():
        for imported in imports_of(path):
            if imported in modules():
                yield module, imported


def test_contracts_of_pyproject_hold():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_no_app_knows_one_above_it():
    assert [pair for pair in inner_imports() if layer(pair[1]) < layer(pair[0])] == []


def test_inside_an_app_imports_go_from_pages_to_models():
    upwards = []
    for module, imported in inner_imports():
        if app_of(module) != app_of(imported) or role_of(imported) is None:
            continue
        own = role_of(module)
        if role_of(imported) > (own or INTERFACE - 1) or (own is None and role_of(imported) >= INTERFACE):
            upwards.append((module, imported))
    assert upwards == []


def test_jobs_are_imported_by_nobody():
    """They are enqueued by name: whoever runs them is not whoever asks for them."""
    jobs = {
        module
        for module in modules()
        if re.match(r"\w+\.jobs\.", module) and app_of(module) != "foundation.jobs"
    }
    assert len(jobs) > 2
    assert [pair for pair in inner_imports() if pair[1] in jobs] == []


def everything_below(module, seen=None):
    """The modules that one needs, through all that it imports."""
    seen = set() if seen is None else seen
    for imported in imports_of(modules()[module]) - seen:
        seen.add(imported)
        if imported in modules():
            everything_below(imported, seen)
    return seen


def said_to_be_pure():
    """Modules whose first words say that they are pure, and those that must be."""
    docs = {module: ast.get_docstring(tree_of(path)) or "" for module, path in modules().items()}
    return sorted(PURE | {module for module, text in docs.items() if re.search(r"\bPure\b", text)})


@pytest.mark.parametrize("module", said_to_be_pure())
def test_pure_module_needs_no_framework(module):
    needed = {name.split(".")[0] for name in everything_below(module)}
    assert needed & FRAMEWORKS == set()


def test_no_signals():
    """What happens is written where it happens. The start of a Celery worker has no other door."""
    found = [
        (name_of(path), imported)
        for path in product_files()
        for imported in imports_of(path)
        if imported not in modules() and re.search(r"\.(signals|dispatch)\b", imported)
    ]
    assert found == [("silon/celery.py", "celery.signals")]
