"""The parts every page is made of: icons, badges, bars, fields."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Select
from django.template import Context
from django.utils.html import format_html
from lucide.templatetags.lucide import lucide

from foundation.workflow.table import (
    BULK,
    CORRECTION,
    DATA_REQUEST,
    HELP_THREAD,
    JOB,
    MANDATE,
    PAIR,
    RECOMMENDATION,
    ROLL,
    SUBMISSION,
    UPLOAD,
    VERMIN,
)

register = template.Library()

# (machine, state) → icon and tone. The words come from the table of states, so colour never speaks alone.
LOOKS: dict[tuple[str, str], tuple[str, str]] = {
    (VERMIN.name, "unverified"): ("circle", "quiet"),
    (VERMIN.name, "MS"): ("check", "good"),
    (VERMIN.name, "BMS"): ("rotate-cw", "warn"),
    (VERMIN.name, "TMS"): ("x", "bad"),
    (ROLL.name, "received"): ("hourglass", "info"),
    (ROLL.name, "current"): ("check", "good"),
    (ROLL.name, "superseded"): ("history", "quiet"),
    (ROLL.name, "failed"): ("x", "bad"),
    (ROLL.name, "removed"): ("trash-2", "quiet"),
    (BULK.name, "proposed"): ("hourglass", "warn"),
    (BULK.name, "refused"): ("x", "quiet"),
    (BULK.name, "approved"): ("loader-circle", "info"),
    (BULK.name, "done"): ("check", "good"),
    (BULK.name, "undoing"): ("loader-circle", "info"),
    (BULK.name, "undone"): ("undo-2", "quiet"),
    (CORRECTION.name, "proposed"): ("hourglass", "warn"),
    (CORRECTION.name, "refused"): ("x", "quiet"),
    (CORRECTION.name, "approved"): ("loader-circle", "info"),
    (CORRECTION.name, "done"): ("check", "good"),
    (UPLOAD.name, "received"): ("hourglass", "info"),
    (UPLOAD.name, "needs_mapping"): ("columns-3", "warn"),
    (UPLOAD.name, "loaded"): ("check", "good"),
    (UPLOAD.name, "failed"): ("x", "bad"),
    (UPLOAD.name, "discarded"): ("trash-2", "quiet"),
    (JOB.name, "queued"): ("hourglass", "info"),
    (JOB.name, "running"): ("loader-circle", "info"),
    (JOB.name, "done"): ("check", "good"),
    (JOB.name, "failed"): ("x", "bad"),
    (JOB.name, "cancelled"): ("ban", "quiet"),
    (PAIR.name, "active"): ("circle", "quiet"),
    (PAIR.name, "withdrawn"): ("undo-2", "quiet"),
    (PAIR.name, "failed"): ("x", "bad"),
    (PAIR.name, "qualified"): ("check", "good"),
    (MANDATE.name, "submitted"): ("hourglass", "info"),
    (MANDATE.name, "approved"): ("check", "good"),
    (MANDATE.name, "refused"): ("undo-2", "warn"),
    (MANDATE.name, "replaced"): ("rotate-cw", "quiet"),
    (MANDATE.name, "revoked"): ("ban", "bad"),
    (HELP_THREAD.name, "waiting"): ("hourglass", "warn"),
    (HELP_THREAD.name, "answered"): ("message-circle", "info"),
    (HELP_THREAD.name, "closed"): ("check", "good"),
    (DATA_REQUEST.name, "received"): ("hourglass", "warn"),
    (DATA_REQUEST.name, "in_progress"): ("loader-circle", "info"),
    (DATA_REQUEST.name, "fulfilled"): ("check", "good"),
    (DATA_REQUEST.name, "refused"): ("undo-2", "quiet"),
    (RECOMMENDATION.name, "filed"): ("hourglass", "warn"),
    (RECOMMENDATION.name, "followed"): ("check", "good"),
    (RECOMMENDATION.name, "declined"): ("x", "quiet"),
    (SUBMISSION.name, "draft"): ("pencil-line", "warn"),
    (SUBMISSION.name, "submitted"): ("send", "info"),
    (SUBMISSION.name, "accepted"): ("check", "good"),
    (SUBMISSION.name, "returned"): ("undo-2", "warn"),
    (SUBMISSION.name, "lapsed"): ("x", "bad"),
    (SUBMISSION.name, "completing"): ("hourglass", "info"),
    (SUBMISSION.name, "in_review"): ("search", "info"),
    (SUBMISSION.name, "closed"): ("check", "good"),
    (SUBMISSION.name, "reopened"): ("rotate-cw", "warn"),
}
# A finding only suggests; its badge is an outline.
EFFECTS = {
    "TMS": ("x", "bad", "berpotensi TMS"),
    "BMS": ("rotate-cw", "warn", "berpotensi BMS"),
    "WARN": ("info", "info", "catatan"),
}

KINDS = {CheckboxInput: "check", Select: "select", CheckboxSelectMultiple: "group"}
CONTROLS = {"check": "form-check-input", "select": "form-select", "text": "form-control", "group": ""}


@register.simple_tag
@cache
def icon(name: str, size: int = 18) -> str:
    """An inline icon that screen readers skip: the word beside it says the same."""
    return lucide(
        Context(), name, size=size, **{"class": "icon", "aria_hidden": "true", "focusable": "false"}
    )


@register.inclusion_tag("components/badge.html")
def badge(subject: Model) -> dict[str, Any]:
    """The state of a subject: words of the table of states, with their icon and tone."""
    machine = subject.machine
    return _state_badge(machine.name, getattr(subject, machine.field), machine.states)


@register.inclusion_tag("components/badge.html")
def vermin_badge(state: str) -> dict[str, Any]:
    """The outcome of administrative verification of one row."""
    return _state_badge(VERMIN.name, state, VERMIN.states)


@register.inclusion_tag("components/badge.html")
def job_badge(state: str) -> dict[str, Any]:
    """Where a job stands."""
    return _state_badge(JOB.name, state, JOB.states)


@register.inclusion_tag("components/badge.html")
def line_badge(line: Any) -> dict[str, Any]:
    """Where a pair of a territory stands: its own status when it no longer does, else that of its round."""
    machine = SUBMISSION if line.state in SUBMISSION.states else PAIR
    return _state_badge(machine.name, line.state, machine.states)


def _state_badge(machine: str, state: str, titles: dict[str, str]) -> dict[str, Any]:
    name, tone = LOOKS[machine, state]
    return {"icon_name": name, "tone": tone, "text": titles[state], "outline": False}


@register.inclusion_tag("components/badge.html")
def effect_badge(effect: str, text: str = "") -> dict[str, Any]:
    """What a finding suggests, or a finding itself (``text``) in the colour of its effect."""
    name, tone, title = EFFECTS[effect]
    return {"icon_name": name, "tone": tone, "text": text or title, "outline": True}


@register.simple_tag
def effect_dot(effect: str) -> str:
    """The icon of an effect in its colour; its words are the title."""
    name, tone, title = EFFECTS[effect]
    return format_html('<span class="dot {}" title="{}">{}</span>', tone, title, icon(name, 14))


@register.inclusion_tag("components/bar.html")
def bar(good: int, whole: int, poor: int = 0, label: str = "") -> dict[str, Any]:
    """A bar of ``whole``: what counts, then what has findings. Widths are SVG attributes: no style."""
    scale = max(whole, good + poor, 1)
    widths = [f"{count * 100 / scale:.3f}" for count in (good, poor)]
    return {"good_width": widths[0], "poor_width": widths[1], "label": label}


@register.inclusion_tag("components/daybars.html")
def daybars(days: Sequence[Any], needed: int = 0) -> dict[str, Any]:
    """One bar for each day (``day``, ``rows``), and a line at what is ``needed``; a table says the same."""
    scale = max(needed, *(one.rows for one in days), 1)
    step = 100 / len(days)
    bars = [
        {
            "day": one.day,
            "rows": one.rows,
            "x": f"{at * step + step * 0.15:.3f}",
            "y": f"{100 - one.rows * 100 / scale:.3f}",
            "height": f"{one.rows * 100 / scale:.3f}",
        }
        for at, one in enumerate(days)
    ]
    line = f"{100 - needed * 100 / scale:.3f}" if needed else ""
    return {"bars": bars, "width": f"{step * 0.7:.3f}", "line": line, "needed": needed}


@register.inclusion_tag("components/field.html")
def form_field(field: BoundField, width: str = "", label: str = "", hint: str = "") -> dict[str, Any]:
    """One field of a form: label, input, help, error; ``width`` is ``short`` or ``medium``.

    A placeholder is no label and disappears when one types: fields of other apps lose theirs.
    """
    kind = next((name for widget, name in KINDS.items() if isinstance(field.field.widget, widget)), "text")
    css = CONTROLS[kind]
    if field.errors:
        css += " is-invalid"
    control = field.as_widget(attrs={"class": css, "placeholder": False})
    texts = {"label": label or field.label, "hint": hint or field.help_text}
    return {"field": field, "kind": kind, "width": width, "control": control, **texts}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """All errors of a form on top, each a link to its field."""
    fields = [(field, error) for field in form for error in field.errors]
    return {"fields": fields, "general": form.non_field_errors()}


@register.filter
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a table, as ``table[key]``; nothing when there is none."""
    return table.get(key)
