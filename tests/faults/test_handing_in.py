"""What goes wrong while a round is handed in: it is handed in once or not at all, and the receipt says what it held."""

import hashlib
import io
import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection

from candidates import windows, zones
from candidates.models import Window
from candidates.operations import open_window
from candidates.queries import now
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.storage import sweep_orphans
from supports import incoming
from supports.handing_in import operations
from supports.handing_in.checking import check_stored, check_stored_rows
from supports.handing_in.operations import hand_in
from supports.handing_in.receipts import receipt_of
from supports.handing_in.sweep import sweep_rounds
from supports.models import HandIn, IncomingFile, Receipt, Submission, Support
from supports.queries import incoming_visible_to
from supports.rows import edit_support
from tests.factories import as_csv, election, loaded, operator, pair, person, user, work
from tests.faults.test_worker_dies import kill_children, let_time_pass
from tests.supports.handing_in.teams import close_windows, ready_team, round_of
from tests.supports.holding import held_at, wait_until_somebody_waits

pytestmark = pytest.mark.usefixtures("committed")

STEPS = {
    "the hashing": "LOCK TABLE supports_support IN ACCESS EXCLUSIVE MODE",
    "the move": "LOCK TABLE workflow_event IN SHARE MODE",
    "the receipt": "LOCK TABLE supports_receipt IN SHARE MODE",
}


def check_handed_in_once(team):
    submission, receipt = round_of(team), Receipt.objects.get()
    assert (submission.status, HandIn.objects.filter(ended_at=None).count()) == ("submitted", 0)
    assert check_stored(receipt.body) == []
    assert receipt.body["rows"] == Support.objects.filter(submission=submission).count()


@pytest.mark.parametrize("step", STEPS)
def test_worker_killed_while_it_hands_in_hands_in_once(stack, step):
    team = ready_team()
    worker, _beat = stack.start_worker(), stack.start_beat()
    worker.signal(signal.SIGSTOP)
    hand_in(team[0], by=team[1])
    with held_at(STEPS[step]):
        worker.signal(signal.SIGCONT)
        wait_until_somebody_waits()
        assert (round_of_now(team).status, Receipt.objects.count()) == ("draft", 0)
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    check_handed_in_once(team)
    # What the killed attempt had stored is swept away, what the receipt needs stays.
    StoredFile.objects.update(created_at=now() - timedelta(days=2))
    sweep_orphans(timedelta(days=1))
    assert check_stored_rows(Receipt.objects.get()) == []


def round_of_now(team):
    return Submission.objects.only("status").get(pair=team[0])


def in_threads(*acts):
    """All at once, each with a session of its own; what each gave or raised."""
    given, together = [None] * len(acts), threading.Barrier(len(acts))

    def carry(at):
        together.wait()
        try:
            given[at] = acts[at]()
        except Refused as refusal:
            given[at] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=carry, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_four_people_who_hand_in_at_once_get_one_receipt():
    team = ready_team()
    people = [team[1], *(user(f"lo{n}", "lo", team[0]) for n in range(3))]
    for _ in range(3):
        given = in_threads(*(lambda who=who: hand_in(team[0], by=who) for who in people))
        assert len({one.hand_in.pk for one in given}) == 1
    assert HandIn.objects.count() == 1
    work()
    check_handed_in_once(team)
    given = in_threads(*(lambda who=who: hand_in(team[0], by=who) for who in people))
    assert [one.new for one in given] == [False] * 4
    assert Receipt.objects.count() == 1


def test_an_edit_that_began_before_is_in_the_receipt():
    team = ready_team()
    row = Support.objects.select_related("submission__pair__election__rule_set").earliest("pk")
    done = []

    def edit():
        done.append(edit_support(row, by=team[1], changes={"name": "Nama Sesudah"}, revision=0))
        connection.close()

    editing = threading.Thread(target=edit)
    carrying = threading.Thread(target=lambda: (work(), connection.close()))
    with held_at("LOCK TABLE supports_finding IN SHARE MODE"):
        editing.start()
        wait_until_somebody_waits()
        hand_in(team[0], by=team[1])
        carrying.start()
        wait_until_somebody_waits(2)
    editing.join()
    carrying.join()
    assert done[0].name == "Nama Sesudah"
    check_handed_in_once(team)


def test_edits_that_race_it_are_in_the_receipt_or_refused():
    team = ready_team(
        [person(n) for n in range(40)] + [person(50, district="Bontang Selatan", village="Tanjung Laut")]
    )
    rows = list(Support.objects.select_related("submission__pair__election__rule_set").order_by("pk")[:12])
    acts = [
        lambda row=row: edit_support(row, by=team[1], changes={"name": "Baru"}, revision=0) for row in rows
    ]
    given = in_threads(*acts[:6], lambda: hand_in(team[0], by=team[1]), *acts[6:], work)
    work()
    for edited in given[:6] + given[7:13]:
        assert isinstance(edited, Support) or edited.code in ("hand_in_under_way", "round_closed")
    check_handed_in_once(team)


# ---- the last second --------------------------------------------------------------------------------------

OFFSETS = {"Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"}
REGIONS = {"Asia/Jakarta": 3273, "Asia/Makassar": 6474, "Asia/Jayapura": 9171}


@pytest.mark.parametrize("zone", REGIONS)
def test_asked_for_in_the_last_second_it_is_in_time_and_a_second_later_it_is_late(zone, monkeypatch):
    made = election(region_id=REGIONS[zone], base=30, name=f"Pemilihan {zone}")
    assert made.zone == zone
    span = {"opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(days=1)}
    open_window(made, by=None, stage="awal", kind="handing_in", **span)
    early, late = pair(made), pair(made, "Bayu Umpama – Kirana Andaikan")
    for team in ((early, "satu"), (late, "dua")):
        loaded(team[0], operator(team[0], team[1]), [person(1)])
        let_short_in(Submission.objects.get(pair=team[0]))
    Window.objects.filter(kind="handing_in").update(closes_at=(closes := now()))
    with monkeypatch.context() as a_second_ago:
        a_second_ago.setattr(operations, "now", lambda: closes - timedelta(seconds=1))
        asked = hand_in(early, by=of("satu"))
    with pytest.raises(Refused) as caught:
        hand_in(late, by=of("dua"))
    assert caught.value.code == "window_closed"
    assert caught.value.message.startswith("Masa penyerahan dukungan berakhir ")
    assert caught.value.message.endswith(f" {zones.LABELS[zone]}.")
    work()
    body = receipt_of(Submission.objects.get(pair=early)).body
    assert asked.hand_in.requested_at < closes
    assert (body["zone"], body["submitted_at"][-6:]) == (zones.LABELS[zone], OFFSETS[zone])


def of(username):
    return User.objects.get(username=username)


def let_short_in(submission):
    rules = submission.rule_set
    about = {"code": rules.code, "version": 98, "title": rules.title}
    body = {**rules.body, "short_may_be_handed_in": True}
    submission.rule_set = type(rules).objects.get_or_create(**about, defaults={"body": body})[0]
    submission.save(update_fields=["rule_set"])


@pytest.mark.parametrize("zone", REGIONS)
def test_the_last_day_of_handing_in_lasts_to_its_last_second_on_the_region_s_clocks(zone):
    typed = zones.read("12-05-2024 23.59", zone)
    window = windows.Window(zones.read("08-05-2024 08.00", zone), zones.whole_last_minute(typed, zone))
    told = {"kind": "handing_in", "stage": "", "zone": zone}
    assert windows.judge([window], now=typed + timedelta(seconds=59), **told).open
    over = windows.judge([window], now=typed + timedelta(seconds=60), **told)
    assert over.reason == f"Masa penyerahan dukungan berakhir 12 Mei 2024 pukul 23.59 {zones.LABELS[zone]}."


# ---- bytes that come late ---------------------------------------------------------------------------------


def declared(team, content, sha256=None):
    """A file declared for the round, of which nothing has come."""
    known = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
    return incoming.declare_file(team[0], by=team[1], name="akhir.csv", size=len(content), sha256=known)


def send(file, content):
    """All bytes of a declared file, and its end."""
    found = incoming_visible_to(of("operator")).get(pk=file.pk)
    incoming.take_piece(found, io.BytesIO(content).read, offset=0, length=len(content))
    return incoming.hand_in_file(incoming_visible_to(of("operator")).get(pk=file.pk), by=of("operator"))


def test_bytes_that_were_declared_before_and_come_within_the_grace_belong_to_it():
    team = ready_team()
    content = as_csv([person(9)])
    file = declared(team, content)
    asked = hand_in(team[0], by=team[1]).hand_in
    work()
    assert (round_of(team).status, Receipt.objects.count()) == ("draft", 0)
    close_windows()
    sweep_rounds()
    assert (round_of(team).status, Job.objects.filter(state="queued").count()) == ("draft", 0)
    upload, _new = send(file, content)
    assert upload.received_at == file.declared_at < asked.requested_at
    work()
    sweep_rounds()
    work()
    check_handed_in_once(team)
    assert Receipt.objects.get().body["rows"] == 5


def test_other_bytes_than_were_declared_are_refused_and_it_goes_on_without_them():
    team = ready_team()
    file = declared(team, as_csv([person(9)]))
    hand_in(team[0], by=team[1])
    work()
    other = as_csv([person(8)])
    assert len(other) == file.size
    with pytest.raises(Refused) as caught:
        send(file, other)
    assert caught.value.code == "sha256_mismatch"
    assert caught.value.message.startswith("Isi berkas yang diterima berbeda dari yang dinyatakan")
    assert not IncomingFile.objects.exists()
    sweep_rounds()
    work()
    check_handed_in_once(team)
    assert Receipt.objects.get().body["rows"] == 4


def test_after_the_grace_it_goes_on_without_the_file():
    team = ready_team()
    content = as_csv([person(9)])
    file = declared(team, content)
    hand_in(team[0], by=team[1])
    work()
    IncomingFile.objects.update(declared_at=now() - timedelta(hours=5))
    HandIn.objects.update(requested_at=now() - timedelta(hours=4))
    with pytest.raises(Refused) as caught:
        send(file, content)
    assert caught.value.code == "hand_in_under_way"
    sweep_rounds()
    work()
    check_handed_in_once(team)


def test_a_file_whose_digest_was_not_declared_is_not_waited_for():
    team = ready_team()
    content = as_csv([person(9)])
    file = declared(team, content, sha256="")
    hand_in(team[0], by=team[1])
    with pytest.raises(Refused) as caught:
        send(file, content)
    assert caught.value.code == "hand_in_under_way"
    work()
    check_handed_in_once(team)
