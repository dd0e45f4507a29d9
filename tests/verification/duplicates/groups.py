"""Rounds in verification in which people and telephones come several times, their groups found."""

from datetime import timedelta

from candidates.operations import open_window
from candidates.queries import now
from supports.models import Standing, Submission, Support
from tests import factories
from tests.supports.handing_in.teams import SOUTH
from tests.verification.rounds import in_review, verifier
from verification.dealing import deal_rows
from verification.duplicates.grouping import queue_grouping
from verification.duplicates.models import Group
from verification.models import Review

PHONE = "081234500000"
# Rows 2 and 3 are copies; 4, 5 and 6 one person with other data; 7 to 9 have one telephone; 10 to 12 nothing in common.
ROWS = [
    factories.person(1),
    factories.person(1),
    factories.person(2),
    factories.person(2, address="Jl. Lain 5", phone="081200011122"),
    factories.person(2, name="Budi Tertulis Lain", birth_date="01-01-1990", **SOUTH),
    *(factories.person(at, phone=PHONE) for at in range(3, 6)),
    *(factories.person(at, **SOUTH) for at in range(6, 9)),
]


class Scene:
    """A round in verification with its groups, dealt to one person."""

    def __init__(self, rows=ROWS, rule_set="pkpu8-2024"):
        self.team, self.office, self.review = in_review(rows, rule_set=rule_set)
        factories.work()
        self.person = verifier()
        deal_rows(self.review, by=self.office, people=[self.person])

    @property
    def submission(self):
        related = ("pair__election__rule_set", "rule_set")
        return Submission.objects.select_related(*related).get(pk=self.review.submission_id)

    def row(self, number, submission=None):
        """The standing of a row by its number in the file; the headings are the first."""
        submission = submission or self.submission
        found = Standing.objects.filter(submission=submission).order_by("support_id")
        related = ("submission__rule_set", "submission__pair__election__rule_set", "support")
        return found.select_related(*related)[number - 2]

    def ids(self, *numbers):
        return [self.row(number).pk for number in numbers]

    def group(self, kind):
        return Group.objects.select_related("submission__pair__election", "submission__rule_set").get(
            kind=kind
        )


def later_round(scene, rows, stage="perbaikan_1"):
    """The next round of the same pair, in verification, its groups found."""
    first = scene.submission
    Submission.objects.filter(pk=first.pk).update(status="closed")
    later = Submission.objects.create(pair=first.pair, stage=stage, rule_set=first.rule_set)
    span = {"opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(days=9)}
    open_window(first.pair.election, by=None, stage=stage, kind="filling", **span)
    factories.loaded(*scene.team, rows, "perbaikan.csv")
    assert Support.objects.filter(submission=later).count() == len(rows)
    Submission.objects.filter(pk=later.pk).update(status="in_review")
    later = Submission.objects.select_related("pair__election", "rule_set").get(pk=later.pk)
    review = Review.objects.create(submission=later, rows=len(rows), opened_by=scene.office)
    queue_grouping(later, by=scene.office)
    factories.work()
    deal_rows(review, by=scene.office, people=[scene.person])
    return later


def check_groups():
    """What the triggers keep is what the rows say."""
    for group in Group.objects.all():
        members = list(group.member_rows.values_list("support_id", flat=True))
        here = Standing.objects.filter(pk__in=members, submission=group.submission)
        assert group.members == len(members)
        assert group.waiting == here.filter(vermin="unverified").count()
