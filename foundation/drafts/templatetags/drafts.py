"""``<form {% draft "support" row.id %}>``: a form whose text is kept while it is typed."""

import base64
from typing import Any

from django import template
from django.utils.html import format_html

from foundation.drafts.operations import OF_NO_ELECTION, browser_key, ticket_of

register = template.Library()


@register.simple_tag(takes_context=True)
def draft(context: template.Context, kind: str, *of: Any, scope: str = OF_NO_ELECTION) -> str:
    """The attributes of a form that keeps a draft: which form of which thing, sealed by the keys of ``scope``.

    Nothing for who is not logged in.
    """
    user = context["request"].user
    if not user.is_authenticated:
        return ""
    name = ".".join([kind, *map(str, of)])
    key = base64.b64encode(browser_key(user)).decode("ascii")
    return format_html(
        'data-draft="{}" data-draft-name="{}" data-draft-owner="{}" data-draft-key="{}"',
        ticket_of(user, name, scope), name, f"draf.{user.pk}", key,
    )  # fmt: skip
