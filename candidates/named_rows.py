"""The rows that a ruling names one by one: kept by their ids, and a fingerprint that only these rows have."""

import hashlib
from collections.abc import Collection, Iterable

from candidates.models import Ruling, RulingRow
from foundation import sql


def fingerprint(ids: Collection[int]) -> tuple[int, str]:
    """How many rows these are, and a digest of exactly them; (0, "") for none."""
    distinct = sorted(set(ids))
    return len(distinct), hashlib.sha256(_as_array(distinct).encode()).hexdigest() if distinct else ""


def keep_rows(ruling: Ruling, ids: Collection[int]) -> None:
    """Write down which rows a new ruling names; in one statement, half a million take seconds."""
    if ids:
        sql.run("candidates/keep_named_rows", ruling=ruling.pk, ids=_as_array(sorted(set(ids))))


def ids_of(ruling: int | None) -> list[int]:
    """The rows that a ruling names; none for no ruling."""
    return (
        list(RulingRow.objects.filter(ruling=ruling).values_list("support_id", flat=True)) if ruling else []
    )


def _as_array(ids: Iterable[int]) -> str:
    """Ids as one value that PostgreSQL reads at once."""
    return f"{{{','.join(map(str, ids))}}}"
