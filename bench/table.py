"""The figures as a table: for the terminal, and for docs/performance.md."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bench.figures import Figures

PAGE_LIMIT_MS = 150
QUEUE_LIMIT_MS = 100
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
    Target(
        "hand_in_s",
        "Hand in and receipt of the large file",
        "{:.1f} s",
        "at most 20 s",
        lambda value: value <= 20,
    ),
    Target("xlsx_over_csv", "XLSX / CSV", "{:.2f}", "at most 2.5", lambda value: value <= 2.5),
)


VERIFICATION = (
    Target(
        "deal_840640_s",
        "Deal 840,640 rows to {people} verifiers, at the pace of the large file",
        "{:.1f} s",
        "at most 10 s",
        lambda value: value <= 10,
    ),
    Target("bulk_look_s", "Look at all rows of the large file before they are decided together", "{:.1f} s"),
    Target("bulk_propose_s", "Propose them: each is written down", "{:.1f} s"),
    Target(
        "bulk_500000_s",
        "Decide 500,000 rows together, at the pace of the large file",
        "{:.1f} s",
        "at most 15 s",
        lambda value: value <= 15,
    ),
    Target(
        "decision_p95_ms",
        "A single decision with the next row's page: p95",
        "{:.0f} ms",
        "at most 50 ms",
        lambda value: value <= 50,
    ),
    Target(
        "beside_bulk_p95_ms",
        "The same while rows are decided together: p95",
        "{:.0f} ms",
        "at most 200 ms",
        lambda value: value <= 200,
    ),
)


# What commands of their own measure (python -m bench.rolls …), each with a file of its own.
PARTS = {
    "rolls": (
        Target("load_s", "Load a list of {voters:,} voters", "{:.1f} s"),
        Target("peak_mb", "Peak memory meanwhile", "{:,} MB", "at most 700 MB", lambda value: value <= 700),
        Target(
            "match_s",
            "Match {supporters:,} supporters with it",
            "{:.1f} s",
            "at most 20 s",
            lambda value: value <= 20,
        ),
    ),
    "recap": (
        Target(
            "recap_s",
            "Recap of {rows:,} rows over {districts} kecamatan and {villages} kelurahan",
            "{:.2f} s",
            "at most 3 s",
            lambda value: value <= 3,
        ),
        Target("close_s", "Close the round, recap and hash included", "{:.2f} s"),
    ),
    "scans": (
        Target("scans_per_s", "Scans of {average_kb:.0f} KB taken in", "{:.1f} per second"),
        Target(
            "page_p95_ms",
            "A page of a scan with its watermark: p95",
            "{:.0f} ms",
            "at most 150 ms",
            lambda value: value <= 150,
        ),
    ),
}


def lines_of(figures: Figures) -> Iterator[Line]:
    """Every figure, the pages last."""
    for target in TARGETS:
        if target.key not in figures:
            continue  # of a run before it was measured
        value = figures[target.key]
        if value is None:
            yield Line(target.title, "not measured yet", target.promise)
        else:
            met = target.met(value) if target.met else None
            yield Line(target.title, target.written.format(value), target.promise, met)
    yield from _verification_lines(figures.get("verification"))
    for part, targets in PARTS.items():
        if part in figures:
            yield from _lines(targets, figures[part])
    for name, timing in (figures["pages"] | figures.get("nation", {})).items():
        value = f"{timing['p95_ms']:.0f} ms ({timing['queries']})"
        met = timing["p95_ms"] <= PAGE_LIMIT_MS
        yield Line(f"Page {name}: p95 (queries)", value, f"at most {PAGE_LIMIT_MS} ms", met)
    yield from _flood_lines(figures["flood"])


def _lines(targets: Iterable[Target], figures: Figures) -> Iterator[Line]:
    """Each figure of a part, its words filled from the part."""
    for target in targets:
        value = figures[target.key]
        met = target.met(value) if target.met else None
        yield Line(target.title.format(**figures), target.written.format(value), target.promise, met)


def _verification_lines(verification: Figures | None) -> Iterator[Line]:
    if verification is None:
        return
    yield from _lines(VERIFICATION, verification)
    for name, timing in verification["pages"].items():
        value = f"{timing['p95_ms']:.0f} ms ({timing['queries']})"
        met = timing["p95_ms"] <= QUEUE_LIMIT_MS
        yield Line(f"Page {name}: p95 (queries)", value, f"at most {QUEUE_LIMIT_MS} ms", met)


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
