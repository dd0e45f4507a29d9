"""The sheets that we put into workbooks ourselves: the guide of a template, the key of a report. Pure.

They explain and list nobody. When the workbook comes back they are passed over without a word.
"""

from collections.abc import Sequence

# Rises when the columns of the template or what they take change.
TEMPLATE_VERSION = 1
_GUIDE = "Petunjuk templat dukungan Silon Terbuka"
GUIDE_MARK = f"{_GUIDE}, versi {TEMPLATE_VERSION}"
KEY_MARK = "Keterangan laporan Silon Terbuka"
MARKS = (_GUIDE, KEY_MARK)


def is_ours(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cell with something in it is one of our marks, of whatever version."""
    first = next((cell.strip() for row in rows for cell in row if cell.strip()), "")
    return first.startswith(MARKS)
