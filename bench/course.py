"""The run: small loads, the yardstick, large loads and copies in turn, pages, a second pair, a flood."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from bench import database, machine
from bench.copying import Floor
from bench.figures import figures_of, write
from bench.flood import measure_flood
from bench.handing_in import measure_hand_in
from bench.loading import load
from bench.measured import Load, Measured, Timing
from bench.nation import measure_nation
from bench.pages import measure_pages
from bench.processes import Worker
from bench.scene import as_workbook, first_lines, make_file, new_election, new_pair
from bench.sizes import Sizes
from bench.table import printed
from bench.verifying import measure_verifying
from bench.yardstick.importing import import_seconds, make_table
from silon.embedded.keep import say
from supports.models import Upload


@dataclass(frozen=True)
class Files:
    """The files of a run; ``workbook`` has the rows of ``small``."""

    small: Path
    workbook: Path
    yardstick: Path
    large: Path


@dataclass
class Course:
    """A run in progress."""

    sizes: Sizes
    folder: Path
    files: Files
    worker: Worker
    measured: Measured = field(default_factory=Measured)

    def small_loads(self) -> None:
        """The first one is forgotten: the worker is starting, nothing is warm. The pages of the last are asked."""
        for number in range(self.sizes.repeats + 1):
            say(f"Small load {number} of {self.sizes.repeats} …")
            loaded = self._load_alone(self.files.small, self.sizes.small)
            if number:
                self.measured.small.append(loaded)
        self.measured.small_pages = self._pages(loaded, requests=1)

    def workbooks(self) -> None:
        """The rows of the small file as XLSX."""
        say("The small file as a workbook …")
        for _ in range(self.sizes.repeats):
            self.measured.workbooks.append(self._load_alone(self.files.workbook, self.sizes.small))

    def imports(self) -> None:
        say("The same rows through django-import-export …")
        for _ in range(self.sizes.repeats):
            database.settle()
            self.measured.imports.append(import_seconds(self.files.yardstick, self.sizes.yardstick))

    def large_loads(self) -> None:
        """Each copy follows a load, so that a machine that slows down slows both."""
        floor = Floor(self.folder)
        for number in range(self.sizes.rounds):
            say(f"Large load {number + 1} of {self.sizes.rounds}, then its copy …")
            self.measured.large.append(self._load_alone(self.files.large, self.sizes.rows))
            if number == 0:
                floor.export()
            self.measured.copies.append(floor.copy())

    def large_pages(self) -> None:
        say("Pages …")
        database.settle()
        self.measured.pages = self._pages(self.measured.large[-1], requests=self.sizes.requests)

    def second_pair(self) -> None:
        """Another pair of the same election gives the same people."""
        say("A second pair …")
        first = Upload.objects.get(pk=self.measured.large[-1].upload_id)
        pair = new_pair(first.submission.pair.election)
        database.settle()
        self.measured.second = load(self.files.large, pair=pair, worker=self.worker, rows=self.sizes.rows)

    def hand_in(self) -> None:
        say("Handing in …")
        database.settle()
        self.measured.handed_in = measure_hand_in(self.measured.large[-1].upload_id, self.worker)

    def verify(self) -> None:
        say("Verifying …")
        database.settle()
        self.measured.verified = measure_verifying(
            self.measured.large[-1].upload_id, self.sizes.requests, self.sizes.people, self.worker
        )

    def flood(self) -> None:
        say("Many teams at once …")
        database.empty()
        database.settle()
        self.measured.flood = measure_flood(self.folder, self.sizes.flood)

    def nation(self) -> None:
        say("The desks of the commission …")
        database.empty()
        self.measured.nation = measure_nation(self.sizes.elections, self.sizes.requests)

    def _load_alone(self, path: Path, rows: int) -> Load:
        """Load into empty tables, for a pair of a new election."""
        database.empty()
        pair = new_pair(new_election())
        database.settle()
        return load(path, pair=pair, worker=self.worker, rows=rows)

    def _pages(self, loaded: Load, requests: int) -> dict[str, list[Timing]]:
        upload = Upload.objects.select_related("submission__pair__election").get(pk=loaded.upload_id)
        return measure_pages(upload, requests)


def run(sizes: Sizes, folder: Path, out: Path) -> int:
    """Measure everything, write ``out`` and print the table. 1 when a page asks ever more queries."""
    load_before = os.getloadavg()[0]
    say("Preparing the database and the files …")
    database.prepare()
    make_table()
    files = make_files(sizes, folder)
    with Worker(folder) as worker:
        course = Course(sizes, folder, files, worker)
        for step in (
            course.small_loads,
            course.workbooks,
            course.imports,
            course.large_loads,
            course.large_pages,
            course.second_pair,
            course.hand_in,
            course.verify,
            course.flood,
            course.nation,
        ):
            step()
            write(out.with_name("details.json"), course.measured.as_json())
    figures = figures_of(
        sizes, course.measured, database.indexes(), machine.describe(database.version(), load_before)
    )
    write(out, figures)
    print(printed(figures))
    faults = course.measured.faults()
    for fault in faults:
        say(fault)
    return 1 if faults else 0


def make_files(sizes: Sizes, folder: Path) -> Files:
    """Invented supporters."""
    election = new_election()
    small = make_file(folder / "small.csv", election=election, rows=sizes.small, seed=1)
    return Files(
        small=small,
        workbook=as_workbook(small, folder / "small.xlsx"),
        yardstick=first_lines(small, folder / "yardstick.csv", sizes.yardstick),
        large=make_file(folder / "large.csv", election=election, rows=sizes.rows, seed=2),
    )
