"""The bench as `make bench` runs it, on a few rows; and stopped in its middle."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
from django.conf import settings

from bench.table import VERIFICATION
from tests.silon.processes import command_of, gone, name_of

PAGES = {
    "pair",
    "pair_while_loading",
    "desk_of_office",
    "pair_of_office",
    "election_of_office",
    "uploads",
    "upload",
    "supports",
    "supports_deep",
    "supports_of_area",
    "supports_by_finding",
    "supports_by_finding_of_area",
    "api_progress",
    "api_uploads",
    "api_supports",
    "search_by_nik",
    "search_by_phone",
    "search_by_name",
    "api_search_by_nik",
}
FEW = [
    "--rows",
    "1000",
    "--small",
    "500",
    "--yardstick",
    "200",
    "--flood",
    "50",
    "--requests",
    "1",
    "--elections",
    "3",
    "--people",
    "3",
    "--quick",
]


def command(folder):
    return [
        sys.executable,
        "-m",
        "bench",
        *FEW,
        "--data",
        str(folder),
        "--out",
        str(folder / "out" / "latest.json"),
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    folder.chmod(0o755)
    done = subprocess.run(command(folder), cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done, json.loads((folder / "out" / "latest.json").read_text())


def test_it_measures_everything(run):
    _folder, _done, figures = run
    assert figures["rows"] == 1000
    numbers = set(figures) - {"pages", "nation", "verification", "flood", "indexes", "machine"}
    assert numbers == {
        "rows",
        "copy_s",
        "hand_in_s",
        "ingest_s",
        "ingest_over_copy",
        "rows_per_s",
        "worker_peak_mb",
        "per_row_growth",
        "second_pair_over_first",
        "over_import_export",
        "xlsx_over_csv",
    }
    assert all(figures[name] > 0 for name in numbers)


def test_it_lets_many_teams_upload_at_once(run):
    _folder, _done, figures = run
    flood = figures["flood"]
    assert (flood["uploads"], flood["errors"], flood["overtaken"]) == (44, 0, 0)
    assert 0 < flood["page_p95_ms"] <= flood["page_max_ms"]
    assert flood["pages"] > 10


def test_it_verifies_the_round(run):
    _folder, _done, figures = run
    verification = figures["verification"]
    assert set(verification["pages"]) == {"verify_queue", "verify_desk", "verify_round"}
    numbers = set(verification) - {"pages", "beside_bulk"}
    assert numbers == {"people", *(target.key for target in VERIFICATION)}
    assert all(verification[name] > 0 for name in numbers)


def test_it_measures_every_page(run):
    _folder, _done, figures = run
    assert set(figures["pages"]) == PAGES
    desks = {"territory_of_nation", "territory_of_province", "territory_of_regency"}
    assert set(figures["nation"]) == desks
    asked = [*figures["pages"].values(), *figures["nation"].values()]
    assert all(page["p95_ms"] > 0 and page["queries"] > 0 for page in asked)


def test_it_names_machine_and_indexes(run):
    _folder, done, figures = run
    assert set(figures["machine"]) >= {"cpu", "cores", "memory_gb", "python", "polars", "postgresql"}
    assert any("support_by_nik" in index for index in figures["indexes"])
    assert all(index in done.stdout for index in figures["indexes"])


def test_it_keeps_every_measurement(run):
    folder, _done, figures = run
    details = json.loads((folder / "out" / "details.json").read_text())
    (large,) = details["large"]
    assert large["rows"] == 1000
    assert 0 < large["queued"] + large["worked"] < large["seconds"] < large["matched"] < large["searchable"]
    assert figures["ingest_s"] == round(large["seconds"], 3)
    # The pool's process, the parser unless it was too quick to be seen, and the next file's parser.
    assert 1 <= len(large["peaks_mb"]) <= 3
    assert len(details["pages"]["supports_by_finding"]) > 20  # one for each rule


def test_it_leaves_nothing_but_the_figures(run):
    folder, _done, _figures = run
    assert [path.name for path in folder.iterdir()] == ["out"]


def test_it_stops_everything_on_ctrl_c(tmp_path):
    tmp_path.chmod(0o755)
    process = subprocess.Popen(
        command(tmp_path), cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    for line in process.stderr:
        if line.startswith("Small load 1"):
            break
    started = psutil.Process(process.pid).children(recursive=True)
    assert {"postgres", "redis-server"} <= set(map(name_of, started))
    assert any(command_of(one)[1:3] == ["-m", "celery"] for one in started)
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=300)
    assert process.returncode == 128 + signal.SIGINT
    gone(started)  # nobody waits for grandchildren
    assert list(tmp_path.iterdir()) == []
