"""The plain text of an answer as a page: paragraphs, lists, and links to pages of this site only."""

import re

from django.urls import Resolver404, resolve
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

LINK = re.compile(r"\[([^\]\[]{1,150})\]\(([^()\s]{1,200})\)")
BULLET = "- "


def foreign_links(text: str) -> list[str]:
    """The addresses in it that are no page of this site."""
    return [address for _words, address in LINK.findall(text) if not _is_ours(address)]


def _is_ours(address: str) -> bool:
    if not address.startswith("/") or address.startswith(("//", "/api/")):
        return False
    try:
        resolve(re.split("[?#]", address, maxsplit=1)[0])
    except Resolver404:
        return False
    return True


def as_page(text: str) -> SafeString:
    """What a browser shows. Everything that was typed is escaped; a link to elsewhere stays text."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


def as_line(text: str) -> str:
    """Its words without the marks, for a list."""
    return " ".join(LINK.sub(r"\1", text).replace(f"\n{BULLET}", " ").split())


def _block(block: str) -> SafeString:
    lines = [line.strip() for line in block.split("\n")]
    if all(line.startswith(BULLET) for line in lines):
        items = format_html_join("", "<li>{}</li>", ((_line(line.removeprefix(BULLET)),) for line in lines))
        return format_html("<ul>{}</ul>", items)
    return format_html(
        "<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((_line(one),) for one in lines))
    )


def _line(line: str) -> SafeString:
    parts, end = [], 0
    for found in LINK.finditer(line):
        parts.append((line[end : found.start()],))
        words, address = found.groups()
        parts.append((format_html('<a href="{}">{}</a>', address, words) if _is_ours(address) else found[0],))
        end = found.end()
    return format_html_join("", "{}", [*parts, (line[end:],)])
