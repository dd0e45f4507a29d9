"""Everything a run measures, as it was measured. Pure."""

from dataclasses import asdict, dataclass, field
from typing import Any

# A name that thousands have is looked for a second way when the first has met too many: one query more, and no third.
MORE = {"search_by_name": 1}


@dataclass(frozen=True)
class Load:
    """What one load took, in seconds.

    ``seconds``: from handing in the stored file until its counts are there for every reader, waiting in the queue
    and the commit included. ``queued`` and ``worked`` are the job's own times, by the database's clock, without
    the commit. ``steps``: when each was first seen; the job tells them once a second. ``matched``: from the same
    start until the matches across pairs are there too, ``searchable``: until nothing is left to do, the copying of
    names and phones for the search included. ``received``: storing and sealing the file before.
    ``peaks_mb``: most memory (10^6 bytes, resident) of the pool's process and of the parser, each one's own;
    ``shared_peak_mb``: of both at one time, shared pages counted once.
    """

    rows: int
    upload_id: int
    seconds: float
    queued: float
    worked: float
    steps: dict[str, float]
    matched: float
    searchable: float
    received: float
    peaks_mb: tuple[float, ...]
    shared_peak_mb: float

    @property
    def peak_mb(self) -> float:
        """Of both together: an upper bound."""
        return sum(self.peaks_mb)


@dataclass(frozen=True)
class Timing:
    """One address: ``p95_ms`` by nearest rank, and how many queries one request makes."""

    address: str
    p95_ms: float
    queries: int


@dataclass(frozen=True)
class Flood:
    """Many teams at once. ``page_p95_ms`` is what a reader waited meanwhile, network of this machine included.

    ``page_max_ms``: the longest wait of all, which the 95th percentile hides when everybody waits for the same thing.
    ``errors``: everything that was answered otherwise than it should, in words. ``overtaken``: how many times a pair
    was served again while another that had not had a turn was waiting. ``seconds``: until all was loaded.
    """

    uploads: int
    errors: list[str]
    page_p95_ms: float
    page_max_ms: float
    pages: int
    overtaken: int
    seconds: float


@dataclass(frozen=True)
class HandedIn:
    """What one handing-in took: ``seconds`` from asking until the receipt is there, waiting for the worker included."""

    rows: int
    seconds: float
    steps: dict[str, float]
    peaks_mb: tuple[float, ...]


@dataclass(frozen=True)
class Verified:
    """The administrative verification of one round, in seconds and milliseconds.

    ``deal_seconds``: all ``rows`` to ``people``. ``look_seconds`` and ``propose_seconds``: all that waits then, looked
    at and proposed to be decided together; ``bulk_seconds``: from the approval until ``bulk_rows`` are decided, each
    with its record. ``decision_p95_ms``: one decision with the next row's page while nothing else is done,
    ``beside_p95_ms``: each of ``beside`` of them while the bulk decision is carried out.
    """

    rows: int
    people: int
    deal_seconds: float
    pages: dict[str, list[Timing]]
    decision_p95_ms: float
    look_seconds: float
    propose_seconds: float
    bulk_rows: int
    bulk_seconds: float
    beside: int
    beside_p95_ms: float


@dataclass
class Measured:
    """Loads, copies and imports in seconds; pages by name, each with its addresses."""

    small: list[Load] = field(default_factory=list)
    workbooks: list[Load] = field(default_factory=list)
    large: list[Load] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    small_pages: dict[str, list[Timing]] = field(default_factory=dict)
    pages: dict[str, list[Timing]] = field(default_factory=dict)
    nation: dict[str, list[Timing]] = field(default_factory=dict)
    second: Load | None = None
    flood: Flood | None = None
    handed_in: HandedIn | None = None
    verified: Verified | None = None

    def as_json(self) -> dict[str, Any]:
        """For bench/out/details.json: every single measurement."""
        return asdict(self)

    def faults(self) -> list[str]:
        """What makes the run a failed one: pages whose queries grow with the rows."""
        return [
            f"The page {name} asks {most_queries(timings)} queries, and {most_queries(few)} with few rows."
            for name, timings in self.pages.items()
            if not 0
            <= most_queries(timings) - most_queries(few := self.small_pages[name])
            <= MORE.get(name, 0)
        ]


def most_queries(timings: list[Timing]) -> int:
    """Of the addresses of one page."""
    return max(timing.queries for timing in timings)
