"""A round in verification with something in every state that a call about it may ask for."""

from datetime import date

from candidates.models import RuleSet
from candidates.queries import key_scope
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.operations import assign_role
from foundation.jobs.models import Job
from foundation.jobs.operations import cancel
from foundation.workflow import engine
from supports.handing_in.receipts import receipt_of
from supports.listing import Filter
from supports.models import Submission
from supports.receiving.operations import Counted, receive_round
from tests import factories
from tests.candidates.making import make_letter
from tests.supports.handing_in.teams import ENOUGH, handed_in
from tests.verification.results.made import accounted, made_round
from tests.verification.rounds import standings
from verification.bulk import approve_bulk, preview_bulk, propose_bulk
from verification.corrections.choosing import Wanted, choose
from verification.corrections.models import Correction
from verification.corrections.operations import approve_correction, propose_correction
from verification.dealing import deal_rows, open_review
from verification.deciding import decide
from verification.duplicates.models import Group
from verification.results.closing import close_round

WEST = {"district": "Bontang Barat", "village": "Kanaan"}
# One person in three rows, the last one in an area that is not dealt.
SAME = [factories.person(20), factories.person(20, address="Jl. Lain 5"), factories.person(20, **WEST)]
ROWS = [
    *ENOUGH[:2], *SAME[:2], *ENOUGH[2:], factories.person(21), factories.person(22),
    factories.person(7, **WEST), SAME[2],
]  # fmt: skip


def review_states(world):
    """What waits for the office of the world, was decided by it, and was decided in bulk."""
    office, second = world.people["kpu"], factories.user("kpu-2", Role.KPU_REGENCY, 6474)
    submission = _accepted_round(world)
    rules = submission.rule_set
    RuleSet.objects.filter(pk=rules.pk).update(body={**rules.body, "second_reader": ["TMS"]})
    review = open_review(submission, by=office)
    factories.work()
    deal_rows(review, by=office, people=[office, second], area=647401)
    decided, held, first, again, _south, read, *_rest = standings(submission)
    decide(decided, by=office, status="MS")
    decide(again, by=office, status="BMS", reasons=["DUPLICATE_NIK"])
    decide(read, by=second, status="TMS", reasons=["KTP_MISSING"])
    done = _approved(review, 647402, second, office)
    factories.work()
    stopped = _approved(review, 647403, second, office)
    cancel(Job.objects.get(pk=stopped.job_id), by=office)
    third = factories.user("kpu-3", Role.KPU_REGENCY, 6474)
    waiting, halted = (_correction(review, second) for _ in range(2))
    for person in (office, third):
        approve_correction(
            Correction.objects.select_related("review__submission").get(pk=halted.pk), by=person
        )
    cancel(Correction.objects.get(pk=halted.pk).job, by=office)
    return {
        "correction": waiting.pk,
        "stopped_correction": halted.pk,
        "correction_token": choose(submission, Wanted(status="MS")).token,
        "in_review": submission.pk,
        "held_row": held.pk,
        "group": Group.objects.get(submission=submission, kind=Group.Kind.NIK).pk,
        "first_of_group": first.pk,
        "decided_row": decided.pk,
        "bulk": _proposed(review, 647401, second).pk,
        "done_bulk": done.pk,
        "stopped_bulk": stopped.pk,
        "bulk_token": preview_bulk(submission, Filter(area=647401)).token,
        "closed": _closed_round(world, office).pk,
        **_results(world, office),
    }


def _results(world, office):
    """A round that can be closed, and one that was."""
    counts = {647401: {"MS": 3, "TMS": 1}}
    names = {"closable": "Gading Misal – Intan Umpama", "ended": "Laras Misal – Panji Umpama"}
    made = {
        name: made_round(factories.pair(world.election, name=title), "awal", counts, status="in_review")
        for name, title in names.items()
    }
    result = close_round(accounted(made["ended"], office), by=office)
    accounted(made["closable"], office)
    return {"result": result.pk, "closable": made["closable"].pk}


def _closed_round(world, office):
    submission = _accepted_round(world, "Wulan Contoh – Yoga Misal")
    open_review(submission, by=office)
    engine.move(submission, "close", by=office, result="BMS")
    return submission


def _accepted_round(world, name="Rani Misal – Sakti Umpama"):
    other, operator = (
        factories.pair(world.election, name=name),
        world.people["operator"],
    )
    assign_role(operator, Role.OPERATOR, scope_kind=ScopeKind.PAIR, scope_id=other.pk, by=None)
    factories.loaded(other, operator, ROWS)
    handed_in((other, operator))
    submission = Submission.objects.select_related("pair__election__rule_set").get(pair=other, kind="round")
    receipt = receipt_of(submission)
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=world.people["kpu"], decision="accepted", minutes_number="BA-1", areas=areas)
    submission.refresh_from_db()
    return submission


def _proposed(review, area, by):
    token = preview_bulk(review.submission, Filter(area=area)).token
    return propose_bulk(review, Filter(area=area), by=by, status="MS", token=token)


def _approved(review, area, by, second):
    made = _proposed(review, area, by)
    approve_bulk(made, by=second)
    return made


def _correction(review, by):
    wanted = Wanted(status="MS")
    told = {"number": "1/2024", "dated": date(2024, 8, 1), "reason": "Hasil mediasi."}
    document = make_letter(key_scope(review.submission.pair.election), "Berita acara")
    token = choose(review.submission, wanted).token
    return propose_correction(review, wanted, by=by, token=token, document=document, **told)
