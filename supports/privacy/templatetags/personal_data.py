"""What the pages say about marks: the words of the table of kinds, with icon and tone."""

from typing import Any

from django import template

from supports.privacy.models import Mark

register = template.Library()

LOOKS = {
    Mark.Kind.RESTRICTION: ("lock", "quiet"),
    Mark.Kind.OBJECTION: ("user-x", "bad"),
    Mark.Kind.CORRECTION: ("pencil-line", "warn"),
}


@register.inclusion_tag("components/badge.html")
def mark_badge(kind: str) -> dict[str, Any]:
    """What the person of a row asked for."""
    name, tone = LOOKS[Mark.Kind(kind)]
    return {"icon_name": name, "tone": tone, "text": Mark.Kind(kind).label, "outline": True}
