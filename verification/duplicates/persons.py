"""One person is counted once: of all the rows that a pair gave of them, in all its rounds, one at most is MS.

Who makes rows MS takes their persons first, in the same transaction (``Counted``); its key makes two who decide at the
same moment wait for each other. What was taken is given up by the trigger when the row is MS no longer.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from candidates.templatetags.wording import number
from foundation import sql
from foundation.errors import Refused
from supports.handing_in.receipts import title_of
from supports.ingest.sheets import place_of
from supports.models import ROW_BITS, Standing, Submission, Support, Upload
from supports.removal import as_array
from verification.duplicates.models import Counted


def take_persons(submission: Submission, ids: Sequence[int]) -> set[int]:
    """Take the persons of undecided rows that are about to become MS; returns the rows that may not.

    Such a row's person is counted by another one, in this round or an earlier one, or earlier among these.
    """
    pair = submission.pair_id
    found = sql.rows("duplicates/list_rivals", submission=submission.pk, pair=pair, ids=as_array(ids))
    several = [pk for (pk,) in found]
    if not several:
        return set()
    sql.run("duplicates/take_persons", pair=pair, ids=as_array(several))
    taken = Counted.objects.filter(support_id__in=several).values_list("support_id", flat=True)
    return set(several) - set(taken)


def give_up_persons(ids: Sequence[int]) -> None:
    """Give up what was taken for rows that did not become MS after all."""
    Counted.objects.filter(support_id__in=ids).delete()


def refuse_counting_twice(standing: Standing) -> None:
    """Refuses: the row's person is counted by another one, which is named, with the way out."""
    found = Support.objects.filter(nik=standing.support.nik, submission__pair=standing.submission.pair_id)
    found = found.filter(submission__kind=Submission.Kind.ROUND, standing__vermin="MS").exclude(
        pk=standing.pk
    )
    other = found.select_related("submission__rule_set").defer("sealed").first()
    message = _(
        "Orang ini sudah dihitung lewat baris lain yang MS: %(place)s. Satu orang dihitung satu kali, sehingga tidak "
        "ada yang berubah. Putuskan baris ini sebagai ganda, atau batalkan dahulu keputusan pada baris itu."
    )
    place = _place_in_words(other) if other else _("baris yang baru saja diputus")
    raise Refused("person_counted", message % {"place": place}, "status")


def _place_in_words(support: Support) -> str:
    upload = Upload.objects.get(pk=support.pk >> ROW_BITS)
    sheet, row_no = place_of(upload.columns.get("sheets", []), support.row_no)
    words = {"name": upload.name, "row": number(row_no), "round": title_of(support.submission)}
    if sheet:
        return _("%(name)s lembar %(sheet)s baris %(row)s, %(round)s") % {**words, "sheet": sheet}
    return _("%(name)s baris %(row)s, %(round)s") % words
