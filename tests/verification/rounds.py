"""A round in verification, and people who decide about it."""

from foundation.accounts.matrix import Role
from supports.handing_in.receipts import receipt_of
from supports.models import Standing
from supports.receiving.operations import Counted, receive_round
from tests import factories
from tests.supports.handing_in.teams import handed_in, ready_team, round_of
from verification.dealing import open_review
from verification.models import Work

BONTANG = 6474


def accepted(rows=None, **more):
    """A pair's round that the office accepted, and that office."""
    team = ready_team(rows, **more) if rows else ready_team(**more)
    handed_in(team)
    office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
    receive(team, office, "accepted")
    return team, office


def receive(team, office, decision, **more):
    """The office receives the round as the receipt says."""
    receipt = receipt_of(round_of(team))
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision=decision, minutes_number="BA-1/2024", areas=areas, **more)


def in_review(rows=None, **more):
    """The same with its verification opened: team, office, review."""
    team, office = accepted(rows, **more)
    return team, office, open_review(round_of(team), by=office)


def verifier(name="verifikator", scope=BONTANG, role=Role.VERIFIER):
    """Somebody who decides."""
    return factories.user(name, role, scope)


def standings(submission):
    """Every row, in the order of ids."""
    found = Standing.objects.filter(submission=submission).order_by("support_id")
    return list(found.select_related("submission__rule_set", "submission__pair"))


def held_by(person):
    """The ids of the rows that wait for a person."""
    return set(Work.objects.filter(holder=person).values_list("support_id", flat=True))
