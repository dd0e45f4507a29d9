"""A team's own mapping of columns, remembered: a file with the same headings is read like the last one that was mapped.

Nothing is stored for it: the pair's earlier uploads know their headings and how they were mapped.
"""

import re
from collections.abc import Sequence

from supports.ingest.columns import OURS, compact, map_headings
from supports.models import Upload

# Uploads with a mapping of their own that are looked at, the latest first.
LOOK_BACK = 50
_OURS = {compact(word) for headings in OURS.values() for word in headings}


class Remembered(Exception):
    """An earlier upload of the pair had these headings: its file is to be read with ``upload``'s mapping."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(upload.pk)
        self.upload = upload

    @property
    def root(self) -> int:
        """The upload in which a person gave this mapping."""
        return self.upload.columns.get("mapping_from") or self.upload.pk


def recall_mapping(upload: Upload, headings: Sequence[str]) -> None:
    """Raise Remembered when the team mapped a file with these headings before, and said nothing about this one."""
    if upload.mapping:
        return
    mapped = Upload.objects.filter(
        submission__pair=upload.submission.pair_id, loaded_at__isnull=False
    ).exclude(mapping={})
    wanted = _signature(headings)
    for earlier in mapped.order_by("-loaded_at").only("mapping", "columns")[:LOOK_BACK]:
        alike = _signature(earlier.columns.get("headings", [])) == wanted
        if alike and not map_headings(headings, own=earlier.mapping).not_found:
            raise Remembered(earlier)


def _signature(headings: Sequence[str]) -> list[str]:
    """The headings in any order, without those of a report of ours, and without what it calls columns of no name."""
    keys = map(compact, headings)
    return sorted(key for key in keys if key and key not in _OURS and not re.fullmatch(r"kolom\d+", key))
