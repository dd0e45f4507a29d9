"""A round with decided rows, and three officers: one proposes a correction, two approve it."""

import datetime

from foundation.accounts.matrix import Role
from supports.models import Standing
from supports.standards import key_scope
from tests import factories
from tests.candidates.making import make_letter
from tests.supports.handing_in.teams import SOUTH, round_of
from tests.supports.test_counts import check_everything
from tests.verification.rounds import BONTANG, in_review, standings, verifier
from verification.corrections.choosing import Wanted
from verification.corrections.models import Correction
from verification.corrections.operations import approve_correction, preview_correction, propose_correction
from verification.dealing import deal_rows
from verification.deciding import decide
from verification.models import Decision, Work

ROWS = [
    *(factories.person(at) for at in range(6)),
    *(factories.person(at, birth_date="01-01-2020", marital="Belum kawin") for at in range(20, 23)),
    *(factories.person(at, **SOUTH) for at in range(30, 33)),
]
NORTH, ALL = Wanted(area=647401), Wanted(area=6474)
TERMS = {"number": "112/PY.02.1-BA/2024", "dated": datetime.date(2024, 8, 1), "reason": "Hasil mediasi."}


class Scene:
    """Nine rows in the north, three in the south; of each of two verifiers half; all decided MS but the young, TMS."""

    def __init__(self):
        self.team, self.office, self.review = in_review(ROWS, rule_set="pkpu8-2024")
        self.others = [factories.user(f"kpu-{at}", Role.KPU_REGENCY, BONTANG) for at in (2, 3, 4)]
        self.people = [verifier(), verifier("verifikator-2")]
        deal_rows(self.review, by=self.office, people=self.people)
        for number, standing in enumerate(standings(self.submission)):
            told = {"status": "TMS", "reasons": ["UNDER_AGE"]} if 6 <= number < 9 else {"status": "MS"}
            decide(standing, by=Work.objects.get(pk=standing.pk).holder, **told)

    @property
    def submission(self):
        return round_of(self.team)

    def review_now(self):
        """The verification with its round as it is."""
        self.review.submission = self.submission
        return self.review

    def look(self, wanted=NORTH):
        return preview_correction(self.submission, wanted, by=self.office)

    def letter(self, title="Berita acara mediasi"):
        return make_letter(key_scope(self.submission.pair.election), title)

    def propose(self, wanted=NORTH, **more):
        given = {"by": self.office, "token": self.look(wanted).token, "document": self.letter(), **TERMS}
        return propose_correction(self.review_now(), wanted, **given | more)

    def approve(self, made, *people):
        for person in people:
            made = approve_correction(fresh(made), by=person)
        return made

    def approved(self, wanted=NORTH, **more):
        return self.approve(self.propose(wanted, **more), *self.others[:2])

    def decider_of(self, number):
        """Who decided the row first."""
        return Decision.objects.filter(support_id=standings(self.submission)[number].pk).earliest("pk").by

    def counts(self):
        check_everything(self.submission)
        return [Standing.objects.filter(vermin=one).count() for one in ("unverified", "MS", "BMS", "TMS")]


def fresh(made):
    """As a request finds it."""
    related = ("review__submission__pair__election", "review__submission__rule_set", "job")
    return Correction.objects.select_related(*related).get(pk=made.pk)
