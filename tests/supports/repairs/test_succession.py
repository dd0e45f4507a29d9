"""The round after a closed one begins by itself, once, where the rules let one come."""

from threading import Thread

import pytest
from django.db import connection

from candidates.models import Window
from foundation.errors import Refused
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.handing_in.operations import hand_in
from supports.handing_in.receipts import receipt_of
from supports.handing_in.requirement import shortage_of
from supports.models import Submission
from supports.progress import progress
from supports.repairs.succession import why_none
from supports.rounds import current_round, latest_round, may_change
from tests.factories import loaded, person, work
from tests.supports.repairs.teams import SOUTH, close, closed, decide, open_perbaikan, received, repair_round
from tests.verification.rounds import in_review

pytestmark = pytest.mark.usefixtures("committed")


def rounds(pair):
    return list(Submission.objects.filter(pair=pair).order_by("id").values_list("stage", "status"))


def test_perbaikan_kesatu_begins_when_the_first_round_left_the_pair_short():
    team, _office, _awal = closed()
    begun = current_round(team[0])
    assert (begun.stage, begun.status) == ("perbaikan_1", "draft")
    assert rounds(team[0]) == [("awal", "closed"), ("perbaikan_1", "draft")]
    event = Event.objects.get(name="round_begun")
    assert (event.subject_id, event.data) == (begun.pk, {"stage": "perbaikan_1", "after": "awal"})


def test_it_begins_once_however_many_ask_at_the_same_moment():
    team, _office, _awal = closed()
    found = []

    def ask():
        found.append(latest_round(team[0]).pk)
        connection.close()

    asking = [Thread(target=ask) for _ in range(6)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(found) == 6
    assert set(found) == {repair_round(team).pk}
    assert Event.objects.filter(name="round_begun").count() == 1


@pytest.mark.parametrize(
    ("result", "said"), [("MS", "jumlah dan sebaran terpenuhi"), ("TMS", "tanpa memenuhi")]
)
def test_no_round_begins_behind_one_that_decided_it(result, said):
    team, _office, awal = closed(result=result)
    assert latest_round(team[0]).pk == awal.pk
    with pytest.raises(Refused, match=said) as refused:
        current_round(team[0])
    assert refused.value.code == "no_round_comes"
    assert len(rounds(team[0])) == 1


def test_no_round_begins_for_a_pair_that_withdrew():
    team, _office, awal = closed()
    type(team[0]).objects.filter(pk=team[0].pk).update(status="withdrawn")
    team[0].refresh_from_db()
    assert latest_round(team[0]).pk == awal.pk
    assert "tidak ada putaran berikutnya" in why_none(latest_round(team[0]))


def test_a_round_after_the_factual_verification_waits_for_it():
    team, _office, awal = closed(rule_set="uu10-2016")
    assert latest_round(team[0]).pk == awal.pk
    with pytest.raises(Refused, match="sesudah verifikasi faktual"):
        current_round(team[0])


def test_the_window_of_the_round_says_when_it_can_be_filled():
    team, _office, _awal = closed()
    Window.objects.filter(stage="perbaikan_1").delete()
    with pytest.raises(Refused, match=r"Perbaikan Kesatu belum dijadwalkan") as refused:
        may_change(team[0])
    assert refused.value.code == "window_closed"


def test_what_was_decided_stays_counted_and_the_round_asks_for_the_rest():
    team, _office, _awal = closed()
    loaded(*team, [person(11), person(12, **SOUTH)])
    found = progress(team[0])
    assert (found.submission.stage, found.counted, found.shortfall) == ("perbaikan_1", 3, 0)
    assert sum(area.submitted for area in found.here) == 2
    assert (found.areas_covered, found.submitted) == (2, 7)
    shortage = shortage_of(repair_round(team))
    assert (shortage.asked, shortage.have, shortage.reached) == (2, 2, True)


def test_a_first_round_under_correction_counts_its_ms_and_not_what_was_clean():
    team, _office, awal = closed()
    loaded(*team, [person(11)])
    Submission.objects.filter(pk=awal.pk).update(status="in_review", result="")
    assert progress(team[0]).counted == 2


def test_when_only_the_spread_is_short_the_missing_areas_are_asked():
    team, office, review = in_review([person(1), person(2), person(3, **SOUTH), person(6)])
    decide(review.submission, ("MS", "MS", "TMS", "MS"))
    close(review.submission, office, "BMS")
    open_perbaikan(team[0].election)
    loaded(*team, [person(11)])
    shortage = shortage_of(repair_round(team))
    assert (shortage.asked, shortage.missing_areas, shortage.reached) == (0, 1, False)
    with pytest.raises(Refused, match="Sebaran kurang 1 kecamatan"):
        hand_in(team[0], by=team[1])
    loaded(*team, [person(12, **SOUTH)])
    assert hand_in(team[0], by=team[1]).new


def test_the_second_round_is_handed_in_received_and_receipted_like_the_first():
    team, office, _awal = closed(("MS", "BMS", "MS", "TMS", "BMS"))
    loaded(*team, [person(11)])
    hand_in(team[0], by=team[1])
    work()
    receipt = receipt_of(repair_round(team))
    assert (receipt.body["stage"], receipt.body["rows"], receipt.body["asked"]) == ("perbaikan_1", 1, 1)
    assert receipt.number.startswith("TT-0002/")
    # One kecamatan of the two that are asked for is in this round, the other in the first.
    received(team, office)
    assert repair_round(team).status == "accepted"


def test_a_second_round_that_lapsed_lives_again_like_a_first():
    team, _office, _awal = closed()
    begun = latest_round(team[0])
    engine.move(begun, "lapse", by=None)
    assert latest_round(team[0]).status == "draft"
    assert rounds(team[0])[-1] == ("perbaikan_1", "draft")
