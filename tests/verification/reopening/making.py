"""A round that was verified and closed, and a ruling that gives some of its rows back to the team."""

from candidates.models import Window
from candidates.queries import now
from foundation.accounts.matrix import Role
from supports.models import Standing, Submission, Support
from supports.reopening import open_ruling, propose_ruling
from supports.rows import edit_support
from supports.standards import key_scope
from tests import factories
from tests.candidates.making import approve, make_letter
from tests.supports.handing_in.teams import SOUTH, close_windows, handed_in, round_of
from tests.supports.test_counts import check_everything
from tests.verification.rounds import held_by, in_review, receive, standings, verifier
from verification.dealing import deal_rows, open_review
from verification.deciding import decide
from verification.reopening.sweep import sweep_reopenings
from verification.results.closing import close_round

SOUTHERN = [factories.person(4, **SOUTH)]
ROWS = [factories.person(1), factories.person(2), factories.person(3), *SOUTHERN, factories.person(5)]
# Three are asked in two kecamatan: short of both, so the round is BMS and the next one begins.
FIRST = ("MS", "MS", "BMS", "BMS", "TMS")


class Scene:
    """Five rows of which two are MS, two BMS and one TMS; two people of KPU RI, who approve rulings."""

    def __init__(self):
        self.team, self.office, self.review = in_review(ROWS, rule_set="pkpu8-2024")
        self.verifier = verifier()
        self.approvers = [factories.user(name, Role.KPU_RI) for name in ("ri-1", "ri-2")]

    @property
    def pair(self):
        return self.team[0]

    @property
    def submission(self):
        return round_of(self.team)

    def review_now(self):
        """The verification with its round as it is."""
        self.review.refresh_from_db()
        self.review.submission = self.submission
        return self.review

    def deal(self):
        deal_rows(self.review_now(), by=self.office, people=[self.verifier])

    def decide(self, statuses):
        """Decide the first of the rows that wait for the verifier, in their order."""
        waiting = held_by(self.verifier)
        due = [one for one in standings(self.submission) if one.pk in waiting]
        for standing, status in zip(due, statuses, strict=False):
            told = {"BMS": ["OTHER"], "TMS": ["UNDER_AGE"]}.get(status, [])
            decide(standing, by=self.verifier, status=status, reasons=told, note="Dicatat.")

    def rounds(self):
        return list(Submission.objects.filter(pair=self.pair, kind="round").values_list("stage", flat=True))

    def close(self):
        return close_round(self.review_now(), by=self.office)

    def closed(self):
        """Dealt, decided and closed; the windows of everybody have ended."""
        self.deal()
        self.decide(FIRST)
        close_windows()
        return self.close()

    def propose(self, *people, **terms):
        told = {
            "kind": "putusan",
            "document": "7/PS.REG/2024",
            "stage": "awal",
            "hours": 24,
            "covers": "rows",
        }
        if people:
            told["rows"] = [factories.person(at)["nik"] for at in people]
        letter = make_letter(key_scope(self.pair.election))
        return propose_ruling(self.pair, by=None, letter=letter, **told | terms)

    def rule(self, *people, **terms):
        """A ruling that names these people's rows is approved and opened, and the sweep finds it."""
        ruling = self.propose(*people, **terms)
        for person in self.approvers:
            ruling = approve(ruling, by=person)
        open_ruling(ruling, by=None)
        sweep_reopenings()
        return ruling

    def row(self, person):
        """A person's row as it is now."""
        ids = Standing.objects.filter(submission=self.submission).values("pk")
        found = Support.objects.select_related("submission__pair__election__rule_set").filter(pk__in=ids)
        return found.get(name=factories.person(person)["name"])

    def edit(self, person, **changes):
        row = self.row(person)
        return edit_support(row, by=self.team[1], changes=changes, revision=row.revision)

    def verified_again(self):
        """Handed in, received, and its verification goes on."""
        handed_in(self.team)
        receive(self.team, self.office, "accepted")
        self.review = open_review(self.submission, by=self.office)

    def stands(self):
        """How each row stands, in the order of ids; every count is right."""
        check_everything(self.submission)
        return [one.vermin for one in standings(self.submission)]


def end_windows():
    Window.objects.filter(closes_at__gt=now()).update(closes_at=now())
