"""People of earlier rounds in a round that lets rows be mended: who is free to come again, and in whose place."""

from collections.abc import Collection, Sequence

from foundation import sql
from supports.models import Submission
from supports.rules import BY_CODE
from supports.standards import Standards

GIVEN_BEFORE = BY_CODE["DUPLICATE_ROUND"].number
TMS_BEFORE = BY_CODE["TMS_BEFORE"].number


def judge_mended(
    submission: Submission,
    standards: Standards,
    niks: Sequence[str],
    *,
    earlier: Sequence[int],
    copies: Collection[int],
) -> None:
    """Judge the rows with these sealed NIKs by what the ``earlier`` rounds decided about their people.

    ``copies`` are the rules that say of a row that another one gives its person. Running it twice changes nothing.
    """
    of = {"submission": submission.pk, "niks": list(niks), "earlier": list(earlier)}
    mended = list(standards.mended)
    sql.run(
        "repairs/find_given_before",
        code=GIVEN_BEFORE,
        failed=TMS_BEFORE,
        mended=mended,
        blocking=sorted(standards.blocking),
        **of,
    )
    sql.run("repairs/forget_by_nik", **of)
    sql.run("repairs/replace_by_nik", mended=mended, copies=sorted(copies), **of)
