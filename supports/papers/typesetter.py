"""The typesetter: a process of its own that reads papers to be set from stdin and writes their PDFs to stdout.

``typeset`` starts it with ``python -m supports.papers.typesetter``. It limits its own memory and processor time, and
what it is given is data of a template of ours, never markup; it can write no file, and no message quotes it.

Stdin: a first line with the limits (JSON); then for each paper one line of JSON: template, data (a JSON text), tags.
Stdout: for each paper one letter, the length in 8 bytes (little-endian), the content: P the PDF, or E where a template
is at fault.
"""

import json
import resource
import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"
# Packages are looked for here and nowhere else: there are none, and none is fetched from a network.
NO_PACKAGES = TEMPLATES / "packages"
# PDFs carry a time; one and the same makes equal data equal bytes. The time that counts is printed on the page.
TIME = 946_684_800


def main() -> None:
    """Set one paper after the other until stdin ends."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    limit(**json.loads(source.readline()))
    for line in source:
        letter, content = answer(json.loads(line))
        out.write(letter + len(content).to_bytes(8, "little"))
        out.write(content)
        out.flush()


def answer(paper: dict) -> tuple[bytes, bytes]:
    """The letter and content for one paper."""
    try:
        return b"P", pdf_of(paper["template"], paper["data"], tags=paper["tags"])
    except typst.TypstError as error:
        # Where in a template of ours; the message itself could quote data.
        return b"E", "\n".join(error.trace or [type(error).__name__]).encode()


def pdf_of(template: str, data: str, *, tags: bool) -> bytes:
    """The PDF of a template of ours filled with a JSON text. Raises TypstError."""
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        package_path=NO_PACKAGES,
        package_cache_path=NO_PACKAGES,
        timestamp=TIME,
        pdf_tags=tags,
    )


def limit(memory: int, cpu: int) -> None:
    """Bytes of address space and seconds of processor; no file and no core dump, which would hold rows in clear."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))


if __name__ == "__main__":
    main()
