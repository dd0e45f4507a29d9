"""Handing in: once, at the moment it was asked for, with a receipt of what the round held; or refused, and why."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from candidates.models import Ruling, Window
from candidates.operations import open_window
from candidates.queries import now
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.keys.signing import newest_public_key
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports import operations as uploads
from supports.handing_in.ed25519 import verify
from supports.handing_in.hashing import root_now
from supports.handing_in.operations import hand_in, redraft
from supports.handing_in.receipts import receipt_of
from supports.handing_in.signed import signed_bytes
from supports.handing_in.sweep import sweep_rounds
from supports.models import HandIn, Receipt, Support
from supports.rows import add_supports, edit_support
from tests.factories import loaded, operator, pair, person, upload, user, work
from tests.supports.handing_in.teams import (
    ENOUGH,
    SOUTH,
    close_windows,
    handed_in,
    ready_team,
    round_of,
    small_election,
)

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    return ready_team()


def refusal(act, *args, **more):
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value


# ---- the receipt ------------------------------------------------------------------------------------------


def test_a_round_is_handed_in_with_a_receipt_of_what_it_holds(team):
    before = now()
    draft = root_now(round_of(team))
    asked = handed_in(team)
    body = receipt_of(round_of(team)).body
    assert (round_of(team).status, asked.error_code) == ("submitted", "")
    assert Job.objects.get(pk=asked.job_id).state == "done"
    assert (body["rows"], body["counted"], body["asked"], body["min_spread"]) == (4, 3, 3, 2)
    assert (body["root"], draft.rows) == (draft.root, 4)
    assert body["number"] == "TT-0001/6474/2024"
    assert body["findings"] == {"SEX_UNREADABLE": 1}
    counts = {one["name"]: (one["rows"], one["counted"]) for one in body["by_area"]}
    assert counts == {"Bontang Utara": (3, 2), "Bontang Selatan": (1, 1), "Bontang Barat": (0, 0)}
    assert body["submitted_at"].endswith("+08:00")
    assert body["zone"] == "WITA"
    assert before <= asked.requested_at <= now()
    said = signed_bytes(body)
    assert verify(bytes.fromhex(body["public_key"]), said, bytes.fromhex(body["signature"]))
    assert body["public_key"] == newest_public_key().key


def test_receipts_are_numbered_by_election(team):
    handed_in(team)
    other = pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    second = (other, operator(other, "operator2"))
    loaded(*second, [person(n) for n in range(10, 14)] + [person(20, **SOUTH)])
    handed_in(second)
    assert list(Receipt.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2]
    elsewhere = ready_team_of_another_election()
    handed_in(elsewhere)
    assert Receipt.objects.latest("id").sequence == 1


def ready_team_of_another_election():
    made = pair(small_election(name="Pemilihan ulang"))
    team = made, operator(made, "operator3")
    loaded(*team, ENOUGH)
    return team


def test_a_receipt_is_never_changed(team):
    handed_in(team)
    for statement in ("UPDATE supports_receipt SET number = 'x'", "DELETE FROM supports_receipt"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_who_handed_in_and_what_is_in_the_events(team):
    handed_in(team)
    asked, moved, issued = Event.objects.filter(
        name__in=("hand_in_requested", "submission_submit", "receipt_issued")
    )
    assert asked.by_id == team[1].pk
    assert moved.data["requested_by"] == team[1].pk
    assert (issued.data["rows"], issued.data["number"]) == (4, "TT-0001/6474/2024")
    assert issued.pair_id == team[0].pk


# ---- once -------------------------------------------------------------------------------------------------


def test_asking_again_is_the_same_handing_in(team):
    first = hand_in(team[0], by=team[1])
    again = hand_in(team[0], by=operator(team[0], "kedua"))
    assert (first.new, again.new, again.hand_in.pk) == (True, False, first.hand_in.pk)
    work()
    after = hand_in(team[0], by=team[1])
    assert (after.new, after.hand_in.pk, Receipt.objects.count()) == (False, first.hand_in.pk, 1)


def test_nothing_changes_between_asking_and_the_receipt(team):
    row = Support.objects.select_related("submission__pair__election__rule_set").earliest("pk")
    made = uploads.Upload.objects.get()
    hand_in(team[0], by=team[1])
    for act in (
        lambda: edit_support(row, by=team[1], changes={"name": "Lain"}, revision=0),
        lambda: add_supports(team[0], by=team[1], rows=[person(9)]),
        lambda: upload(*team, [person(9)], "susulan.csv"),
        lambda: uploads.discard_upload(made, by=team[1]),
    ):
        refused = refusal(act)
        assert refused.code == "hand_in_under_way"
        assert refused.message.startswith("Penyerahan putaran ini sudah diminta ")
    work()
    assert receipt_of(round_of(team)).body["rows"] == 4
    assert refusal(edit_support, row, by=team[1], changes={"name": "Lain"}, revision=0).code == "round_closed"


# ---- refused ----------------------------------------------------------------------------------------------


def test_below_the_minimum_it_says_what_is_missing_and_where():
    team = ready_team([person(1), person(2, sex="?")])
    refused = refusal(hand_in, team[0], by=team[1])
    assert (refused.code, refused.http_status) == ("requirement_not_met", 422)
    assert refused.message == (
        "Belum dapat diserahkan. Kurang 1 pendukung: diminta 3, yang diberikan 2. Sebaran kurang 1 kecamatan: diminta "
        "2, tercakup 1. Belum ada pendukung di Bontang Selatan, Bontang Barat. Tambah dukungan, lalu serahkan lagi."
    )
    minimum, spread = refused.more["missing"]
    assert (minimum["code"], minimum["missing"], minimum["asked"], minimum["have"]) == ("minimum", 1, 3, 2)
    assert [(one["name"], one["given"]) for one in minimum["areas"]] == [
        ("Bontang Utara", 2),
        ("Bontang Selatan", 0),
        ("Bontang Barat", 0),
    ]
    assert (spread["code"], spread["missing"], [one["code"] for one in spread["areas"]]) == (
        "spread",
        1,
        [647402, 647403],
    )
    assert not HandIn.objects.exists()


def test_a_rule_set_may_let_a_short_round_be_handed_in():
    team = ready_team([person(1)])
    submission = round_of(team)
    rules = submission.rule_set
    lenient = {"code": rules.code, "version": 99, "title": rules.title}
    submission.rule_set = type(rules).objects.create(
        **lenient, body={**rules.body, "short_may_be_handed_in": True}
    )
    submission.save(update_fields=["rule_set"])
    handed_in(team)
    body = receipt_of(round_of(team)).body
    assert (body["rows"], body["counted"], body["asked"]) == (1, 1, 3)


def test_outside_the_window_it_says_until_when(team):
    close_windows("handing_in")
    refused = refusal(hand_in, team[0], by=team[1])
    assert refused.code == "window_closed"
    assert refused.message.startswith("Masa penyerahan dukungan berakhir ")


def test_before_any_row_there_is_nothing_to_hand_in():
    team = ready_team(rows=None)
    assert refusal(hand_in, team[0], by=team[1]).code == "nothing_to_hand_in"


def test_rows_that_were_not_looked_at_are_not_handed_in(team):
    add_supports(team[0], by=team[1], rows=[person(9)])
    refused = refusal(hand_in, team[0], by=team[1], expected=4)
    assert (type(refused), refused.code) == (Conflict, "rows_changed")
    assert "semula 4, sekarang 5" in refused.message
    assert hand_in(team[0], by=team[1], expected=5).new


def test_who_may_not_submit_and_a_pair_that_stands_no_longer_are_refused(team):
    stranger = user("pemantau", "observer", 6474)
    assert refusal(hand_in, team[0], by=stranger).code == "not_yours_to_move"
    type(team[0]).objects.filter(pk=team[0].pk).update(status="withdrawn")
    team[0].refresh_from_db()
    assert refusal(hand_in, team[0], by=team[1]).code == "pair_not_active"


# ---- files that are still on their way --------------------------------------------------------------------


def test_a_file_that_waits_for_its_turn_belongs_to_the_receipt(team):
    waiting = upload(*team, [person(9)], "susulan.csv")
    asked = hand_in(team[0], by=team[1])
    assert asked.new
    work()
    waiting.refresh_from_db()
    assert (waiting.status, receipt_of(round_of(team)).body["rows"]) == ("loaded", 5)


def test_a_file_that_cannot_be_read_does_not_hold_it_up(team):
    broken = upload(*team, b"\x00\x01\x02", "rusak.csv")
    hand_in(team[0], by=team[1])
    work()
    broken.refresh_from_db()
    assert broken.status in ("failed", "needs_mapping")
    assert receipt_of(round_of(team)).body["rows"] == 4


def test_what_the_files_bring_may_not_be_enough_and_the_round_is_open_again():
    team = ready_team([person(1)])
    upload(*team, [person(2)], "susulan.csv")
    asked = hand_in(team[0], by=team[1]).hand_in
    work()
    asked.refresh_from_db()
    assert (asked.error_code, round_of(team).status) == ("requirement_not_met", "draft")
    assert asked.error_message.startswith("Belum dapat diserahkan. Kurang 1 pendukung")
    add_supports(team[0], by=team[1], rows=[person(9, **SOUTH)])
    assert handed_in(team).error_code == ""


# ---- by the clock -----------------------------------------------------------------------------------------


def test_asked_for_in_time_and_hashed_after_the_end_it_counts(team):
    asked = hand_in(team[0], by=team[1]).hand_in
    close_windows()
    sweep_rounds()
    work()
    assert round_of(team).status == "submitted"
    assert asked.requested_at < Window.objects.latest("closes_at").closes_at


def test_what_is_not_handed_in_lapses_when_the_windows_have_ended(team):
    sweep_rounds()
    assert round_of(team).status == "draft"
    close_windows("handing_in")
    sweep_rounds()
    assert round_of(team).status == "draft", "it may still be filled"
    close_windows()
    sweep_rounds()
    assert round_of(team).status == "lapsed"
    assert Event.objects.get(name="submission_lapse").by_id is None


def test_where_handing_in_was_never_scheduled_nothing_lapses():
    team = ready_team(handing_in=None)
    close_windows()
    sweep_rounds()
    assert round_of(team).status == "draft"


def test_while_a_ruling_waits_nothing_lapses_and_one_that_is_open_lets_a_lapsed_round_be_handed_in(team):
    close_windows()
    ruling = Ruling.objects.create(
        pair=team[0], kind="putusan", document="1/2024", stage="awal", hours=48, opens="both"
    )
    sweep_rounds()
    assert round_of(team).status == "draft"
    type(ruling).objects.filter(pk=ruling.pk).delete()
    sweep_rounds()
    assert round_of(team).status == "lapsed"
    assert refusal(hand_in, team[0], by=team[1]).code == "window_closed"
    frozen = Ruling.objects.create(
        pair=team[0],
        kind="kesepakatan",
        document="2/2024",
        stage="awal",
        hours=48,
        opens="handing_in",
        covers="frozen",
    )
    moment = now()
    Window.objects.create(
        election=team[0].election,
        pair=team[0],
        ruling=frozen,
        stage="awal",
        kind="handing_in",
        opens_at=moment,
        closes_at=moment + timedelta(hours=48),
    )
    assert refusal(add_supports, team[0], by=team[1], rows=[person(9)]).code in (
        "round_closed",
        "window_closed",
    )
    handed_in(team)
    assert (round_of(team).status, receipt_of(round_of(team)).body["rows"]) == ("submitted", 4)


# ---- returned ---------------------------------------------------------------------------------------------


def test_a_returned_round_is_filled_again_and_handed_in_again(team):
    handed_in(team)
    submission = round_of(team)
    engine.move(submission, "return", by=user("kpu", "kpu_regency", 6474))
    assert refusal(add_supports, team[0], by=team[1], rows=[person(9)]).code == "round_returned"
    redraft(submission, by=team[1])
    add_supports(team[0], by=team[1], rows=[person(9)])
    asked = handed_in(team)
    first, second = Receipt.objects.order_by("id")
    assert (asked.receipt, first.body["rows"], second.body["rows"]) == (second, 4, 5)
    assert second.number == "TT-0002/6474/2024"


def test_a_returned_round_may_be_handed_in_as_it_is(team):
    handed_in(team)
    engine.move(round_of(team), "return", by=user("kpu", "kpu_regency", 6474))
    handed_in(team)
    first, second = Receipt.objects.order_by("id")
    assert first.body["root"] == second.body["root"]


def test_a_round_that_was_handed_in_is_not_filled_again_by_its_team(team):
    handed_in(team)
    assert refusal(redraft, round_of(team), by=team[1]).code == "state_changed"
    close_windows()
    assert refusal(redraft, round_of(team), by=team[1]).code == "window_closed"


def test_windows_of_another_stage_do_not_count(team):
    close_windows("handing_in")
    moment = now()
    open_window(
        team[0].election,
        by=None,
        stage="perbaikan_1",
        kind="handing_in",
        opens_at=moment,
        closes_at=moment + timedelta(days=1),
    )
    assert refusal(hand_in, team[0], by=team[1]).code == "window_closed"
