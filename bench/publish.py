"""Fills docs/performance.md from the figures of a run, and keeps those figures in it.

The table is rendered from the JSON that stands below it; a test renders it again. So neither can be mended by hand.
"""

import json
import re
from pathlib import Path

from bench.figures import Figures
from bench.table import PARTS, markdown

BEGIN = "<!-- figures of `make bench`, filled by `python -m bench --publish` -->"
END = "<!-- end of the figures -->"
BETWEEN = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
JSON_BLOCK = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


def publish(figures: Path, document: Path) -> None:
    """Write the figures of a run into the document, between its marks; those of ``PARTS`` measured beside it too."""
    found = json.loads(figures.read_text("utf-8"))
    for part in PARTS:
        if (path := figures.with_name(f"{part}.json")).exists():
            found[part] = json.loads(path.read_text("utf-8"))
    document.write_text(filled(document.read_text("utf-8"), found), "utf-8")


def filled(text: str, figures: Figures) -> str:
    """The document with these figures. Raises ValueError when it has no marks."""
    raw = json.dumps(figures, indent=1, ensure_ascii=False)
    block = f"<details><summary>The run as JSON</summary>\n\n```json\n{raw}\n```\n\n</details>"
    new, count = BETWEEN.subn(lambda _: f"{BEGIN}\n\n{markdown(figures)}\n\n{block}\n\n{END}", text)
    if count != 1:
        raise ValueError("the document does not have the marks for the figures exactly once")
    return new


def published(text: str) -> Figures:
    """The figures that stand in the document. Raises ValueError when there are none."""
    between = BETWEEN.search(text)
    found = JSON_BLOCK.search(between[0]) if between else None
    if not found:
        raise ValueError("the document has no figures")
    return json.loads(found[1])
