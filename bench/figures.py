"""From measurements to the figures of bench/out/latest.json. Its keys are a contract. Pure."""

import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench.measured import Measured, Timing, Verified, most_queries
from bench.sizes import Sizes

Figures = dict[str, Any]


def figures_of(
    sizes: Sizes, measured: Measured, indexes: list[str], machine: dict[str, str | int | float]
) -> Figures:
    """Medians, their ratios, and null for what is not measured."""
    ingest = median(load.seconds for load in measured.large)
    small = median(load.seconds for load in measured.small)
    copy = median(measured.copies)
    imported = median(measured.imports)
    per_row, per_small_row = ingest / sizes.rows, small / sizes.small
    return {
        "rows": sizes.rows,
        "copy_s": round(copy, 3),
        "ingest_s": round(ingest, 3),
        "ingest_over_copy": round(ingest / copy, 3),
        "rows_per_s": round(sizes.rows / ingest),
        "worker_peak_mb": round(max(load.peak_mb for load in measured.large)),
        "per_row_growth": round(per_row / per_small_row, 3),
        "second_pair_over_first": _second_over_first(measured),
        "over_import_export": round(imported / sizes.yardstick / per_small_row, 2),
        "xlsx_over_csv": _xlsx_over_csv(measured, small),
        "hand_in_s": measured.handed_in and round(measured.handed_in.seconds, 3),
        "pages": {name: _slowest(timings) for name, timings in measured.pages.items()},
        "nation": {name: _slowest(timings) for name, timings in measured.nation.items()},
        "verification": measured.verified and _verification(measured.verified),
        "flood": _flood(measured),
        "indexes": indexes,
        "machine": machine,
    }


def _second_over_first(measured: Measured) -> float | None:
    """Time until loaded and matched: the second pair's over the first's."""
    if measured.second is None:
        return None
    return round(measured.second.matched / median(load.matched for load in measured.large), 3)


def _xlsx_over_csv(measured: Measured, small: float) -> float | None:
    """The same rows as a workbook, over the CSV."""
    if not measured.workbooks:
        return None
    return round(median(load.seconds for load in measured.workbooks) / small, 2)


def _verification(verified: Verified) -> Figures:
    """What was asked for other numbers of rows is said for those, at the pace that was measured."""
    return {
        "people": verified.people,
        "deal_840640_s": round(verified.deal_seconds / verified.rows * 840_640, 3),
        "bulk_look_s": round(verified.look_seconds, 3),
        "bulk_propose_s": round(verified.propose_seconds, 3),
        "bulk_500000_s": round(verified.bulk_seconds / verified.bulk_rows * 500_000, 3),
        "decision_p95_ms": verified.decision_p95_ms,
        "beside_bulk_p95_ms": verified.beside_p95_ms,
        "beside_bulk": verified.beside,
        "pages": {name: _slowest(timings) for name, timings in verified.pages.items()},
    }


def _flood(measured: Measured) -> Figures | None:
    """The errors as their number: what they say stands in the details."""
    return measured.flood and asdict(measured.flood) | {"errors": len(measured.flood.errors)}


def _slowest(timings: list[Timing]) -> dict[str, float]:
    return {"p95_ms": max(timing.p95_ms for timing in timings), "queries": most_queries(timings)}


def write(out: Path, content: Figures) -> None:
    """As JSON, with the folder it stands in."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
