"""From measurements to figures, table and document."""

import json
import re

import pytest
from django.conf import settings

from bench.figures import figures_of
from bench.measured import Flood, HandedIn, Load, Measured, Timing, Verified
from bench.publish import filled, publish, published
from bench.sizes import Sizes
from bench.table import lines_of, printed

SIZES = Sizes(rows=1_200_000, small=60_000, yardstick=20_000)
MARKED = (
    "Before.\n\n<!-- figures of `make bench`, filled by `python -m bench --publish` -->\nold\n"
    "<!-- end of the figures -->\n\nAfter.\n"
)


def loaded(seconds, *, matched=0.0, peaks=(100.0,)):
    return Load(
        rows=1,
        upload_id=1,
        seconds=seconds,
        queued=0.0,
        worked=seconds,
        steps={},
        matched=matched,
        searchable=matched,
        received=0.0,
        peaks_mb=peaks,
        shared_peak_mb=50.0,
    )


def timings(queries, p95_ms=1.0):
    return [Timing("/", p95_ms, each) for each in queries]


def measured():
    return Measured(
        small=[loaded(1.0), loaded(9.0), loaded(1.5)],
        large=[
            loaded(20.0, matched=30.0, peaks=(300.0, 150.4)),
            loaded(24.0, matched=30.0, peaks=(200.0, 100.0)),
        ],
        copies=[10.0, 12.0],
        imports=[4.0],
        small_pages={"pair": timings([7])},
        pages={"pair": timings([6], 150.1) + timings([7])},
        nation={"territory_of_nation": timings([13], 88.0)},
        second=loaded(20.0, matched=45.0),
        workbooks=[loaded(3.0), loaded(9.0), loaded(2.0)],
        handed_in=HandedIn(rows=1_200_000, seconds=20.5, steps={}, peaks_mb=(300.0,)),
        verified=Verified(
            rows=1_200_000,
            people=480,
            deal_seconds=12.0,
            pages={"verify_queue": timings([20], 60.0)},
            decision_p95_ms=40.0,
            look_seconds=2.5,
            propose_seconds=5.5,
            bulk_rows=1_000_000,
            bulk_seconds=40.0,
            beside=100,
            beside_p95_ms=210.0,
        ),
        flood=Flood(
            44, ["upload: 502"], page_p95_ms=480.2, page_max_ms=900.0, pages=80, overtaken=1, seconds=9.0
        ),
    )


def figures():
    return figures_of(SIZES, measured(), ["CREATE INDEX a"], {"cpu": "X"})


def test_figures_are_medians_and_ratios_the_right_way_round():
    assert figures() == {
        "rows": 1_200_000,
        "copy_s": 11.0,
        "ingest_s": 22.0,
        "ingest_over_copy": 2.0,
        "rows_per_s": 54_545,
        "worker_peak_mb": 450,  # both processes of the worse load
        "per_row_growth": 0.733,  # 22 s / 1.2 M over 1.5 s / 60,000
        "second_pair_over_first": 1.5,
        "over_import_export": 8.0,  # 4 s / 20,000 over 1.5 s / 60,000
        "xlsx_over_csv": 2.0,  # 3 s over 1.5 s
        "hand_in_s": 20.5,
        "pages": {"pair": {"p95_ms": 150.1, "queries": 7}},
        "nation": {"territory_of_nation": {"p95_ms": 88.0, "queries": 13}},
        "verification": {
            "people": 480,
            "deal_840640_s": 8.406,
            "bulk_look_s": 2.5,
            "bulk_propose_s": 5.5,
            "bulk_500000_s": 20.0,
            "decision_p95_ms": 40.0,
            "beside_bulk_p95_ms": 210.0,
            "beside_bulk": 100,
            "pages": {"verify_queue": {"p95_ms": 60.0, "queries": 20}},
        },
        "flood": {
            "uploads": 44,
            "errors": 1,
            "page_p95_ms": 480.2,
            "page_max_ms": 900.0,
            "pages": 80,
            "overtaken": 1,
            "seconds": 9.0,
        },
        "indexes": ["CREATE INDEX a"],
        "machine": {"cpu": "X"},
    }


def test_the_table_says_what_was_missed():
    verdicts = {line.title: line.verdict for line in lines_of(figures())}
    assert verdicts["ingest / copy"] == "MISSED"
    assert verdicts["Rows per second"] == "met"
    assert verdicts["Page pair: p95 (queries)"] == "MISSED"
    assert verdicts["Page territory_of_nation: p95 (queries)"] == "met"
    assert verdicts["copy: the floor"] == ""
    assert verdicts["XLSX / CSV"] == "met"
    assert verdicts["Hand in and receipt of the large file"] == "MISSED"
    assert verdicts["Deal 840,640 rows to 480 verifiers, at the pace of the large file"] == "met"
    assert verdicts["Decide 500,000 rows together, at the pace of the large file"] == "MISSED"
    assert verdicts["Page verify_queue: p95 (queries)"] == "met"
    assert verdicts["Flood: pages, p95"] == "met"
    assert verdicts["Flood: errors"] == verdicts["Flood: turns out of order"] == "MISSED"


@pytest.mark.parametrize(("queries", "faults"), [([8], 0), ([7], 0), ([9], 1), ([6], 1)])
def test_a_frequent_name_may_be_looked_for_a_second_way(queries, faults):
    run = measured()
    run.pages, run.small_pages = {"search_by_name": timings(queries)}, {"search_by_name": timings([7])}
    assert len(run.faults()) == faults


@pytest.mark.parametrize(
    ("queries", "few", "faults"),
    [
        ([7, 8], [7], ["The page pair asks 8 queries, and 7 with few rows."]),
        ([7, 7], [7, 6], []),
    ],
)
def test_a_run_fails_on_growing_queries(queries, few, faults):
    run = measured()
    run.pages, run.small_pages = {"pair": timings(queries)}, {"pair": timings(few)}
    assert run.faults() == faults


def test_the_document_keeps_the_figures_beside_the_table():
    text = filled(MARKED, figures())
    assert published(text) == figures()
    assert "| ingest / copy | 2.00 | at most 1.5 | MISSED |" in text
    assert text.startswith("Before.\n") and text.endswith("After.\n") and "old" not in text
    assert filled(text, published(text)) == text


def test_a_document_without_marks_is_refused():
    with pytest.raises(ValueError, match="marks"):
        filled("No marks.", figures())


def test_the_published_table_is_rendered_from_the_published_figures():
    text = (settings.BASE_DIR / "docs" / "performance.md").read_text("utf-8")
    assert filled(text, published(text)) == text


def test_everything_printed_stands_on_a_line_of_its_own():
    lines = printed(figures()).splitlines()
    assert "  cpu: X" in lines
    assert "  CREATE INDEX a" in lines
    assert sum(bool(re.match("ingest", line)) for line in lines) == 2


def test_what_is_measured_beside_the_run_is_published_with_it(tmp_path):
    recap = {"rows": 1_200_000, "districts": 44, "villages": 267, "recap_s": 3.2, "close_s": 3.5}
    (tmp_path / "latest.json").write_text(json.dumps(figures()))
    (tmp_path / "recap.json").write_text(json.dumps(recap))
    (tmp_path / "performance.md").write_text(MARKED)
    publish(tmp_path / "latest.json", tmp_path / "performance.md")
    text = (tmp_path / "performance.md").read_text()
    assert published(text) == figures() | {"recap": recap}
    words = "Recap of 1,200,000 rows over 44 kecamatan and 267 kelurahan"
    assert f"| {words} | 3.20 s | at most 3 s | MISSED |" in text
