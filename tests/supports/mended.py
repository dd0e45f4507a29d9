"""A report as somebody mends it: fetched, changed row by row, written again."""

import csv
import io

from supports.report import BOM, download_report
from supports.rules import TEAM


def report_of(upload, by, *, everything=True):
    """The rows of an upload's report, as dictionaries."""
    return read(b"".join(download_report(upload, by=by, audience=TEAM, everything=everything)))


def read(content):
    """The rows of a report that was fetched."""
    return list(csv.DictReader(io.StringIO(content.removeprefix(BOM).decode())))


def written(rows):
    """Rows of a report as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return BOM + out.getvalue().encode()
