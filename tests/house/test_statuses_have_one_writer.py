"""A status is written by foundation.workflow, a job's state by its runner, and by nothing else."""

import ast
import re

from tests.house.tree import files, name_of, nodes, product_files

STATUSES = {"status", "state", "vermin", "verfak", "?"}
WRITERS = {"foundation/workflow/engine.py", "foundation/jobs/runner.py", "foundation/jobs/sql/claim_job.sql"}
# Statements that move many rows and record each: they write what the engine hands them.
MOVED_BY_ENGINE = {"verification/sql/record_bulk.sql"}
WRITING_CALLS = {"update", "bulk_update", "update_or_create"}


def written_by(node):
    """The names of what a node writes, where they stand in it; "?" for names that are only known when it runs."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {target.attr for target in targets if isinstance(target, ast.Attribute)}
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return {part.value for part in node.args if isinstance(part, ast.Constant)}
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITING_CALLS:
        return set()
    given = {keyword.arg for keyword in node.keywords} - {None}
    for part in [keyword.value for keyword in node.keywords if keyword.arg is None]:
        keys = part.keys if isinstance(part, ast.Dict) else [None]
        given |= {key.value if isinstance(key, ast.Constant) else "?" for key in keys}
    if node.func.attr != "update":
        given |= {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
    return given


def writers_in_python():
    for path in product_files():
        for node in nodes(path, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Call):
            if written_by(node) & STATUSES:
                yield name_of(path), node.lineno


def writers_in_sql():
    """An UPDATE that sets one; an INSERT of new rows gives the first state, which is no change."""
    pattern = r"\b(?:SET|,)\s+(?:status|state|vermin|verfak)\s*="
    for path in files():
        if path.suffix == ".sql" and re.search(pattern, path.read_text("utf-8")):
            yield name_of(path), 0


def test_only_the_engine_and_the_runner_write_a_status():
    found = {name for name, _line in [*writers_in_python(), *writers_in_sql()]}
    assert found == WRITERS | MOVED_BY_ENGINE, [
        each for each in writers_in_python() if each[0] not in WRITERS
    ]


def test_statements_of_the_engine_write_what_it_hands_them():
    product = "".join(path.read_text("utf-8") for path in product_files())
    for path in files():
        if name_of(path) in MOVED_BY_ENGINE:
            text = path.read_text("utf-8")
            assert text.count("SET vermin = %(to_state)s") == 1 and "vermin = ANY(%(from_states)s)" in text
            named = f'"{path.parts[-3]}/{path.stem}"'
            by_engine = re.findall(rf"engine\.move_recorded\(\s*{named}", product)
            assert len(by_engine) == product.count(named) > 0


def test_writers_would_be_seen():
    texts = {
        "upload.status = 'loaded'": True,
        "Job.objects.filter(pk=1).update(step='', state='done')": True,
        "rows.update(**{'vermin': 'MS'})": True,
        "rows.update(**{machine.field: 'MS'})": True,
        "rows.update(**values)": True,
        "Job.objects.bulk_update(jobs, ['state'])": True,
        "setattr(row, 'vermin', 'MS')": True,
        "state = 1": False,
        "Job.objects.filter(state='done').update(step='')": False,
        "uploads.exclude(status='failed')": False,
    }
    for text, writes in texts.items():
        parts = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assign | ast.Call)]
        assert any(written_by(node) & STATUSES for node in parts) is writes, text
