"""From measurements to figures, table and document."""

import re

import pytest
from django.conf import settings

from bench.figures import figures_of
from bench.measured import Flood, Load, Measured, Timing
from bench.publish import filled, published
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
        second=loaded(20.0, matched=45.0),
        workbooks=[loaded(3.0), loaded(9.0), loaded(2.0)],
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
        "pages": {"pair": {"p95_ms": 150.1, "queries": 7}},
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
    assert verdicts["copy: the floor"] == ""
    assert verdicts["XLSX / CSV"] == "met"
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
