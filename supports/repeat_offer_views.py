"""What the page of an upload says about others of its round: what it repeats, what it replaced, what replaced it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from supports.forms import ConfirmDiscardForm
from supports.models import Repeat, Upload
from supports.progress import counts_of_uploads
from supports.repeats import copies_in, repeats_of, worth_saying

MOST_OFFERS = 5
COPIES = "salinan"


@dataclass(frozen=True)
class Offer:
    """An upload whose rows are here too. ``lost`` of its ``rows`` are not; ``busy``: a job is at work on it."""

    other: Upload
    shared: int
    identical: int
    rows: int
    lost: int
    busy: bool
    form: ConfirmDiscardForm

    @property
    def differing(self) -> int:
        """Rows of the same person with other data."""
        return self.shared - self.identical


def offers_for(
    upload: Upload,
    counts: Mapping[str, Any],
    readable: QuerySet[Upload],
    filled: Mapping[str, ConfirmDiscardForm] | None = None,
) -> dict[str, Any]:
    """The part of the page's context about other uploads, those ``readable`` by whoever looks.

    ``filled`` are forms that came back, by their prefix.
    """
    filled = filled or {}
    repeats = repeats_of([upload], readable)[upload.pk]
    said = worth_saying(repeats, counts["rows"])[:MOST_OFFERS] if upload.status == "loaded" else []
    of_others = counts_of_uploads([one.other for one in said])
    copies = copies_in(upload)
    taken = (
        upload.repeated_in.filter(replaced__gt=0, upload__in=readable.order_by())
        .select_related("upload")
        .order_by("upload")
    )
    return {
        "offers": [
            _offer(one, counts["rows"], of_others[one.other_id]["rows"], filled)
            for one in said
            if of_others[one.other_id]["rows"]
        ],
        "copies": copies,
        "copies_form": filled.get(COPIES) or ConfirmDiscardForm(copies, prefix=COPIES),
        "replaced": [one for one in repeats if one.replaced],
        "taken": list(taken),
        "missing": max(0, upload.rows - counts["rows"]),
    }


def prefix_of(other: Upload) -> str:
    """Tells the form of one offer from those of the others."""
    return f"ganti-{other.pk}"


def _offer(repeat: Repeat, rows: int, rows_of_other: int, filled: Mapping[str, ConfirmDiscardForm]) -> Offer:
    other = repeat.other
    form = filled.get(prefix_of(other)) or ConfirmDiscardForm(rows_of_other, prefix=prefix_of(other))
    shared = min(repeat.shared, rows)
    return Offer(
        other=other,
        shared=shared,
        identical=min(repeat.identical, shared),
        rows=rows_of_other,
        lost=max(0, rows_of_other - repeat.theirs),
        busy=other.job is not None and other.job.state in ("queued", "running"),
        form=form,
    )
