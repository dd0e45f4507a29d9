"""The project's files, and what their syntax trees say."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("silon", "verification", "supports", "candidates", "foundation")


@cache
def files():
    """Every file that belongs to the project: what git tracks, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(path for path in map(ROOT.joinpath, listed.stdout.split("\n")) if path.is_file())


def name_of(path):
    """A path as messages show it."""
    return str(path.relative_to(ROOT))


@cache
def product_files():
    """The Python files of the product, without its migrations."""
    return [path for path in files() if _is_product(path) and "migrations" not in path.parts]


def _is_product(path):
    return path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES


@cache
def tree_of(path):
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"))


def nodes(path, *kinds):
    """The nodes of some kinds in a file."""
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, kinds)]


def module_of(path):
    """``supports/ingest/read.py`` → supports.ingest.read."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules():
    """Every module of the product: {name: file}."""
    return {module_of(path): path for path in product_files()}


@cache
def imports_of(path):
    """The modules a file imports, inside functions too: the product's own by their full name."""
    found = set()
    for node in nodes(path, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{name_of(path)}: relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules() else node.module for name in inside}
    return frozenset(found)
