"""The figures as a table: for the terminal, and for docs/performance.md."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.figures import Figures

PAGE_LIMIT_MS = 150
FLOOD_LIMIT_MS = 500


@dataclass(frozen=True)
class Line:
    """One figure: its words, its value, its target in words, and whether it is met (None: there is no target)."""

    title: str
    value: str
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """In one word; empty where nothing was promised."""
        return {None: "", True: "met", False: "MISSED"}[self.met]


@dataclass(frozen=True)
class Target:
    """A figure of latest.json, how it is written, and what was promised."""

    key: str
    title: str
    written: str
    promise: str = ""
    met: Callable[[float], bool] | None = None


TARGETS = (
    Target("rows", "Rows of the large file", "{:,}"),
    Target("copy_s", "copy: the floor", "{:.1f} s"),
    Target("ingest_s", "ingest: stored file to finished counts", "{:.1f} s"),
    Target("ingest_over_copy", "ingest / copy", "{:.2f}", "at most 1.5", lambda value: value <= 1.5),
    Target("rows_per_s", "Rows per second", "{:,}", "at least 50,000", lambda value: value >= 50_000),
    Target(
        "worker_peak_mb", "Peak memory of the worker", "{:,} MB", "at most 700 MB", lambda value: value <= 700
    ),
    Target(
        "per_row_growth",
        "Time per row, large / small file",
        "{:.2f}",
        "at most 1.2",
        lambda value: value <= 1.2,
    ),
    Target(
        "over_import_export",
        "Time per row, django-import-export / ours",
        "{:.1f}",
        "at least 6",
        lambda value: value >= 6,
    ),
    Target(
        "second_pair_over_first",
        "The same people by a second pair / by the first, matching included",
        "{:.2f}",
        "at most 1.6",
        lambda value: value <= 1.6,
    ),
    Target("xlsx_over_csv", "XLSX / CSV", "{:.2f}", "at most 2.5", lambda value: value <= 2.5),
)


def lines_of(figures: Figures) -> Iterator[Line]:
    """Every figure, the pages last."""
    for target in TARGETS:
        value = figures[target.key]
        if value is None:
            yield Line(target.title, "not measured yet", target.promise)
        else:
            met = target.met(value) if target.met else None
            yield Line(target.title, target.written.format(value), target.promise, met)
    for name, timing in figures["pages"].items():
        value = f"{timing['p95_ms']:.0f} ms ({timing['queries']})"
        met = timing["p95_ms"] <= PAGE_LIMIT_MS
        yield Line(f"Page {name}: p95 (queries)", value, f"at most {PAGE_LIMIT_MS} ms", met)
    yield from _flood_lines(figures["flood"])


def _flood_lines(flood: Figures | None) -> Iterator[Line]:
    """What many teams at once made of it; nothing before it is measured."""
    if flood is None:
        return
    errors, waited, overtaken = flood["errors"], flood["page_p95_ms"], flood["overtaken"]
    yield Line("Flood: uploads at once", f"{flood['uploads']}")
    yield Line("Flood: errors", f"{errors}", "none", errors == 0)
    yield Line(
        "Flood: pages, p95", f"{waited:.0f} ms", f"at most {FLOOD_LIMIT_MS} ms", waited <= FLOOD_LIMIT_MS
    )
    yield Line("Flood: pages, longest wait", f"{flood['page_max_ms']:.0f} ms")
    yield Line("Flood: turns out of order", f"{overtaken}", "none", overtaken == 0)


def printed(figures: Figures) -> str:
    """For the terminal, with the machine and the indexes below."""
    rows = [(line.title, line.value, line.target, line.verdict) for line in lines_of(figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    facts = [f"  {name}: {value}" for name, value in figures["machine"].items()]
    indexes = [f"  {definition}" for definition in figures["indexes"]]
    parts = [*table, "", "Machine:", *facts, "", "Indexes kept up by a load, and by the copy:", *indexes]
    return "\n".join(part.rstrip() for part in parts)


def markdown(figures: Figures) -> str:
    """The same for a document."""
    rows = [f"| {line.title} | {line.value} | {line.target} | {line.verdict} |" for line in lines_of(figures)]
    facts = ", ".join(f"{name} {value}" for name, value in figures["machine"].items())
    indexes = [f"- `{definition}`" for definition in figures["indexes"]]
    table = ["| figure | measured | promised | |", "|---|---|---|---|", *rows]
    return "\n".join([*table, "", f"Machine: {facts}.", "", "Indexes:", "", *indexes])
