"""Lamandau 2018 at full size: within a pair a person counts once, between pairs nothing is deducted before the door.

6,468 rows, of which 5,402 meet what is asked of a row; 102 of them repeat others of the pair: 5,300 MS. The other pair
gave 6,028, 5,398 and 25: 5,373 MS. 844 rows of the one and 843 of the other are of people whom both gave: the first
pair gave one of these twice. Not published, and chosen here: why the other rows fail, and the minimum.

Whom a person given by both supports is asked in the factual verification, which is not there yet.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from foundation.accounts.matrix import Role
from supports.listing import Filter
from supports.management.commands.make_supporters import places_of
from supports.models import PairMatch, Support
from tests import factories
from tests.verification.repairs.stories import brought, decided, in_review, numbers_of, open_windows, people
from verification.repairs.factual import refuse_factual
from verification.results.closing import close_round

pytestmark = pytest.mark.usefixtures("committed")

LAMANDAU = 6209
BOTH = 843  # people


@dataclass(frozen=True)
class Given:
    """What one pair gave: all rows, those that meet what is asked of a row, and of these the repeated ones."""

    rows: int
    fitting: int
    repeated: int

    def files(self, both, own, first_repeated):
        """The rows that meet what is asked, repeated ones last, and those that do not."""
        known = self.fitting - self.repeated - BOTH
        once = pl.concat([both, own.head(known)])
        return pl.concat([once, once.slice(first_repeated, self.repeated)]), own[known : known + self.failing]

    @property
    def failing(self):
        return self.rows - self.fitting


FIRST, SECOND = Given(6_468, 5_402, 102), Given(6_028, 5_398, 25)


def verified(team, given, files, officers):
    """The round of a pair, each row that fits proposed as MS, and the repeated ones decided after."""
    fitting, failing = (
        brought(team, frame, name) for frame, name in zip(files, ("a.csv", "b.csv"), strict=True)
    )
    review = in_review(team, "awal", officers[0])
    bulk, _failed = decided(review, *officers, {fitting: ("MS",), failing: ("TMS", "IDENTITY_DIFFERS")})
    assert (bulk.rows, bulk.doubled) == (given.fitting, given.repeated)
    assert bulk.decided == given.fitting - given.repeated
    (again,) = decided(
        review, *officers, {Filter(finding="DUPLICATE_IDENTICAL"): ("TMS", "DUPLICATE_IDENTICAL")}
    )
    assert again.decided == given.repeated
    return review


def test_lamandau_deducts_what_a_pair_repeats_and_not_what_both_gave():
    election = factories.election(
        name="Pemilihan Bupati Lamandau 2018",
        level="bupati",
        region_id=LAMANDAU,
        rule_set="uu10-2016",
        base=52_000,
        voting_day=date(2018, 6, 27),
        open_now=False,
    )
    open_windows(election, "awal")
    officers = [factories.user(name, Role.KPU_REGENCY, LAMANDAU) for name in ("kpu", "kpu-2")]
    whole = people(places_of(LAMANDAU), 0, 20_000)
    both, own = whole.head(BOTH), (whole[BOTH:10_000], whole[10_000:])
    # The first pair repeats one of those whom both gave, the second none.
    lists = (FIRST.files(both, own[0], BOTH - 1), SECOND.files(both, own[1], BOTH))
    reviews = []
    for name, given, files in zip(("Satu – Contoh", "Dua – Contoh"), (FIRST, SECOND), lists, strict=True):
        pair = factories.pair(election, name)
        team = pair, factories.operator(pair, f"operator-{len(reviews)}")
        reviews.append(verified(team, given, files, officers))

    matched = PairMatch.objects.filter(election=election)
    assert matched.count() == BOTH
    rows = [
        Support.objects.filter(submission=one.submission, nik__in=matched.values("nik")) for one in reviews
    ]
    assert [one.count() for one in rows] == [844, 843]
    # Counted for each of the two.
    assert [one.filter(standing__vermin="MS").count() for one in rows] == [BOTH, BOTH]

    assert [numbers_of(one.submission) for one in reviews] == [(5_300, 0, 1_168), (5_373, 0, 655)]
    assert [sum(numbers_of(one.submission)) for one in reviews] == [6_468, 6_028]
    for review in reviews:
        assert close_round(review, by=officers[0]).outcome == "MS"
        assert refuse_factual(review.submission.pair).pk == review.submission_id
