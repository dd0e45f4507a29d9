"""The round after a closed one: whether one comes, its beginning, and the sentence that says why none does."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy

from candidates import next_round
from candidates.models import Pair
from candidates.next_round import Next, Past
from candidates.queries import rules_of
from candidates.rule_sets import RuleSet
from foundation.workflow import engine
from supports.models import Submission

WHY_NONE = {
    next_round.PAIR_ENDED: gettext_lazy(
        "Putaran %(title)s selesai dan bakal pasangan calon ini berstatus “%(status)s”, sehingga tidak ada putaran "
        "berikutnya."
    ),
    next_round.FAILED: gettext_lazy(
        "Putaran %(title)s selesai tanpa memenuhi syarat, sehingga tidak ada putaran berikutnya."
    ),
    next_round.MET: gettext_lazy(
        "Putaran %(title)s selesai; syarat jumlah dan sebaran terpenuhi, sehingga tidak ada putaran perbaikan sebelum "
        "verifikasi faktual."
    ),
    next_round.AFTER_FACTUAL: gettext_lazy(
        "Putaran %(title)s selesai. Putaran perbaikan baru dibuka sesudah verifikasi faktual."
    ),
    next_round.NO_MORE: gettext_lazy(
        "Putaran %(title)s selesai, dan aturan pemilihan ini tidak mengenal putaran sesudahnya."
    ),
}


def what_comes(pair: Pair, rounds: Iterable[Submission] | None = None) -> Next:
    """What comes after the rounds of a pair; ``rounds`` are they, the first one first, where they were read already."""
    if rounds is None:
        rounds = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).order_by("id")
    past = [Past(one.stage, one.status == "closed", one.result) for one in rounds]
    return next_round.next_round(rules_of(pair.election), past, stands=pair.status == "active")


def begin_next(latest: Submission) -> Submission | None:
    """The round after a closed one, begun now unless somebody was first; None when the latest is open or none comes."""
    if latest.status != "closed":
        return None
    pair = latest.pair
    rounds = list(Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).order_by("id"))
    if rounds[-1].pk != latest.pk:  # somebody was first, after the latest was read
        rounds[-1].pair = pair
        return rounds[-1]
    coming = what_comes(pair, rounds).round
    if coming is None:
        return None
    with transaction.atomic():
        begun, new = Submission.objects.get_or_create(
            pair=pair, stage=coming.key, defaults={"rule_set": pair.election.rule_set}
        )
        if new:
            engine.record("round_begun", begun, by=None, stage=coming.key, after=latest.stage)
    return begun


def why_none(closed: Submission) -> str:
    """Why no round comes after a closed one, in a sentence; empty when one does."""
    why = what_comes(closed.pair).why
    words = {"title": title_of(closed), "status": closed.pair.get_status_display()}
    return str(WHY_NONE[why] % words) if why in WHY_NONE else ""


def title_of(submission: Submission) -> str:
    """The round's name: Awal, Perbaikan Kesatu."""
    return RuleSet.from_json(submission.rule_set.body).round(submission.stage).title
