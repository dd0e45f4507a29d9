"""Cadangan dukungan: filled and checked at any time, counted nowhere, moved into the open round by choice, and back."""

from collections import Counter

import pytest

from candidates.models import Window
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from supports import operations, rounds
from supports.models import Finding, PairMatch, Standing, Submission, Support, Tally, UploadTally
from supports.moving import Choice, move_supports, preview_move
from supports.progress import counts_of_uploads, progress
from supports.queries import places_read_by, submissions_visible_to, uploads_visible_to
from supports.report import download_report
from supports.rows import add_supports, edit_support, remove_support
from supports.rules import BY_NUMBER, TEAM
from tests.factories import loaded, operator, pair, person, user, work
from tests.supports.test_counts import check_everything
from tests.supports.test_duplicates import next_round
from tests.supports.test_reopening import reopen

pytestmark = pytest.mark.usefixtures("committed")

IDENTICAL, SAME_NIK, GIVEN = "DUPLICATE_IDENTICAL", "DUPLICATE_NIK", "DUPLICATE_ROUND"
CLOSED = "Masa pengisian dukungan belum dijadwalkan."


@pytest.fixture
def team():
    """A pair and its operator."""
    made = pair()
    return made, operator(made)


def people(*numbers, **changes):
    return [person(number, **changes) for number in numbers]


def spare(team, rows, name="cadangan.csv"):
    """A file loaded into the pool."""
    made = loaded(*team, rows, name, target="pool")
    assert made.status == "loaded"
    return made


def pool_of(team):
    return Submission.objects.get(pair=team[0], kind="pool")


def round_of(team):
    return rounds.current_round(team[0])


def move(team, to="round", **choice):
    """Move and carry the job out; how many rows moved."""
    job = move_supports(team[0], by=team[1], choice=Choice(**choice), to=to)
    work()
    job.refresh_from_db()
    assert (job.state, job.error_message) == ("done", "")
    return job.done


def marks(submission):
    """{row number: its duplicate codes} of the rows of a round that have one."""
    found = {}
    for code, support in Finding.objects.filter(submission=submission).values_list("code", "support_id"):
        if BY_NUMBER[code].code.startswith("DUPLICATE"):
            found[support & 0xFFFFFF] = BY_NUMBER[code].code
    return found


def numbers(submission):
    """How many rows a round has, and how many of them are clean."""
    rows = Standing.objects.filter(submission=submission)
    return rows.count(), rows.filter(clean=True).count()


def close_windows():
    Window.objects.all().delete()


# ---- filling the pool -------------------------------------------------------------------------------------


def test_a_file_comes_into_the_pool_while_no_window_is_open_and_is_checked_like_any(team):
    close_windows()
    made = spare(team, [*people(1, 2, 2), person(3, nik=""), person(4, sex="?")])
    pool = pool_of(team)
    assert (made.submission, numbers(pool)) == (pool, (5, 2))
    assert counts_of_uploads([made])[made.pk]["findings"] == {
        "NIK_MISSING": 1,
        "SEX_UNREADABLE": 1,
        "DUPLICATE_IDENTICAL": 1,
    }
    check_everything(pool, given=False)


def test_rows_of_the_pool_count_nowhere(team):
    loaded(*team, people(1))
    spare(team, people(2, 3))
    said = progress(team[0])
    assert (said.submitted, said.counted, said.handed_in) == (1, 1, False)


def test_rows_are_typed_edited_and_removed_in_the_pool_while_no_window_is_open(team):
    close_windows()
    with pytest.raises(Refused, match=CLOSED):
        add_supports(team[0], by=team[1], rows=people(1))
    added = add_supports(team[0], by=team[1], rows=people(1, 2), target="pool")
    assert numbers(pool_of(team)) == (2, 2)
    first = Support.objects.get(pk=added[0].id)
    edit_support(first, by=team[1], changes={"sex": "?"}, revision=0)
    assert numbers(pool_of(team)) == (2, 1)
    remove_support(Support.objects.get(pk=added[1].id), by=team[1], revision=0)
    assert numbers(pool_of(team)) == (1, 0)
    check_everything(pool_of(team), given=False)


def test_an_unknown_target_is_refused(team):
    with pytest.raises(Refused, match="Tujuan “kolam” tidak dikenal"):
        add_supports(team[0], by=team[1], rows=people(1), target="kolam")


def test_a_pair_that_stands_no_longer_fills_no_pool(team):
    type(team[0]).objects.filter(pk=team[0].pk).update(status="withdrawn")
    team[0].refresh_from_db()
    with pytest.raises(Refused, match="Mengundurkan diri"):
        add_supports(team[0], by=team[1], rows=people(1), target="pool")


def test_the_same_file_may_be_in_the_pool_and_in_a_round_once_each(team):
    first, second = loaded(*team, people(1)), spare(team, people(1))
    assert first.pk != second.pk
    assert spare(team, people(1)).pk == second.pk


# ---- duplicates across ------------------------------------------------------------------------------------


def test_the_pool_tells_whose_person_is_already_in_a_round(team):
    loaded(*team, people(1, 2))
    spare(team, people(2, 3))
    assert marks(pool_of(team)) == {2: GIVEN}
    assert numbers(pool_of(team)) == (2, 1)
    assert marks(round_of(team)) == {}


def test_the_pool_is_told_of_rows_that_come_to_a_round_later_and_go_again(team):
    spare(team, people(1, 2, 3))
    made = loaded(*team, people(1))
    (typed,) = add_supports(team[0], by=team[1], rows=people(2))
    assert marks(pool_of(team)) == {2: GIVEN, 3: GIVEN}
    remove_support(Support.objects.get(pk=typed.id), by=team[1], revision=0)
    assert marks(pool_of(team)) == {2: GIVEN}
    operations.discard_upload(made, by=team[1])
    work()
    assert marks(pool_of(team)) == {}
    assert numbers(pool_of(team)) == (3, 3)
    check_everything(pool_of(team), given=False)


def test_moved_rows_meet_those_who_are_there(team):
    loaded(*team, [person(1), person(2, sex="?")])
    spare(team, [person(1), person(2), person(3), person(3, name="Sari Misal")], "lain.csv")
    assert marks(pool_of(team)) == {2: GIVEN, 3: GIVEN, 5: SAME_NIK}
    assert move(team) == 4
    found = Counter(marks(round_of(team)).values())
    assert found == {IDENTICAL: 1, SAME_NIK: 2}
    assert numbers(round_of(team)) == (6, 3)
    assert numbers(pool_of(team)) == (0, 0)
    check_everything(round_of(team))


def test_what_stays_in_the_pool_is_judged_anew(team):
    first = spare(team, people(1, 2), "satu.csv")
    spare(team, people(1), "dua.csv")
    assert marks(pool_of(team)) == {2: IDENTICAL}
    assert move(team, upload=first.pk) == 2
    assert marks(pool_of(team)) == {2: GIVEN}
    assert move(team, to="pool", ids=(first.pk << 24 | 2,)) == 1
    assert marks(pool_of(team)) == {2: IDENTICAL}
    check_everything(round_of(team))
    check_everything(pool_of(team), given=False)


def test_effects_are_those_of_the_round_the_rows_come_to(team):
    """A person given before is lost in a round for new people; where repaired rows are admitted the row is BMS."""
    loaded(*team, people(1))
    later = next_round(team, "perbaikan_1")
    rules = later.rule_set.body
    rules["rounds"][1]["effects"] = {"NAME_SUSPECT": "BMS", "SEX_UNREADABLE": "WARN", GIVEN: "WARN"}
    type(later.rule_set).objects.filter(pk=later.rule_set_id).update(body=rules)
    spare(team, [person(1), person(2, name="B1"), person(3, sex="?"), person(4)])
    assert numbers(pool_of(team)) == (4, 2)
    clean = set(Standing.objects.filter(submission=pool_of(team), clean=True).values_list("pk", flat=True))
    assert {pk & 0xFFFFFF for pk in clean} == {3, 5}
    assert move(team) == 4
    clean = set(Standing.objects.filter(submission=later, clean=True).values_list("pk", flat=True))
    assert {pk & 0xFFFFFF for pk in clean} == {2, 4, 5}
    sound = set(Standing.objects.filter(submission=later, sound=True).values_list("pk", flat=True))
    assert sound == clean
    move(team, to="pool")
    clean = set(Standing.objects.filter(submission=pool_of(team), clean=True).values_list("pk", flat=True))
    assert {pk & 0xFFFFFF for pk in clean} == {3, 5}


# ---- choosing ---------------------------------------------------------------------------------------------


def test_the_preview_counts_what_then_moves(team):
    south = {"district": "Bontang Selatan", "village": "Tanjung Laut"}
    first = spare(team, [*people(1, 2), person(3, sex="?"), person(4, **south)], "satu.csv")
    second = spare(team, [person(5, **south), person(6, district="Entah")], "dua.csv")
    for choice, rows, clean in (
        (Choice(), 6, 4),
        (Choice(clean=True), 4, 4),
        (Choice(upload=second.pk), 2, 1),
        (Choice(area=647402), 2, 2),
        (Choice(area=647402, upload=first.pk), 1, 1),
        (Choice(finding="SEX_UNREADABLE"), 1, 0),
        (Choice(ids=(first.pk << 24 | 2, first.pk << 24 | 4)), 2, 1),
        (Choice(ids=(first.pk << 24 | 2,), upload=second.pk), 0, 0),
    ):
        found = preview_move(team[0], choice)
        assert (found.rows, found.clean) == (rows, clean), choice
        assert (found.source, found.target) == (pool_of(team), round_of(team))
    assert move(team, area=647402) == 2
    assert move(team, finding="SEX_UNREADABLE") == 1
    assert move(team, clean=True) == 2
    assert numbers(pool_of(team)) == (1, 0)
    check_everything(round_of(team))
    check_everything(pool_of(team), given=False)


def test_rows_of_another_pair_are_never_chosen(team):
    other = pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    theirs = spare((other, operator(other, "operator2")), people(1))
    spare(team, people(2))
    assert preview_move(team[0], Choice(ids=(theirs.pk << 24 | 2,))).rows == 0
    assert preview_move(team[0], Choice(upload=theirs.pk)).rows == 0


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"ids": ()}, "Pilih 1 sampai 1.000 baris"),
        ({"ids": tuple(range(1, 1_002))}, "Pilih 1 sampai 1.000 baris"),
        ({"finding": "ENTAH"}, "Kode temuan “ENTAH” tidak dikenal"),
        ({"finding": "SERIAL_RUN"}, "Kode temuan “SERIAL_RUN” tidak dikenal"),
        ({"area": 647403}, "Tidak ada baris yang cocok"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(team, choice, sentence):
    spare(team, people(1))
    with pytest.raises(Refused, match=sentence):
        move_supports(team[0], by=team[1], choice=Choice(**choice))
    assert not Job.objects.filter(kind="supports.move_supports").exists()


def test_nothing_moves_while_the_window_is_closed(team):
    spare(team, people(1))
    close_windows()
    for act in (preview_move, lambda pair, choice: move_supports(pair, by=team[1], choice=choice)):
        with pytest.raises(Refused, match=CLOSED):
            act(team[0], Choice())


def test_what_was_asked_for_in_time_is_moved_though_the_window_closes_meanwhile(team):
    spare(team, people(1))
    job = move_supports(team[0], by=team[1], choice=Choice())
    close_windows()
    work()
    job.refresh_from_db()
    assert job.state == "done"
    assert numbers(round_of(team)) == (1, 1)


def test_a_round_that_was_handed_in_meanwhile_takes_nothing(team):
    spare(team, people(1))
    job = move_supports(team[0], by=team[1], choice=Choice())
    Submission.objects.filter(pk=round_of(team).pk).update(status="submitted")
    work()
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "round_closed")
    assert numbers(pool_of(team)) == (1, 1)


def test_rows_that_came_since_the_preview_are_not_moved_unseen(team):
    spare(team, people(1), "satu.csv")
    with pytest.raises(Conflict, match="semula 2, sekarang 1"):
        move_supports(team[0], by=team[1], choice=Choice(), expected=2)
    job = move_supports(team[0], by=team[1], choice=Choice(), expected=1)
    add_supports(team[0], by=team[1], rows=people(2), target="pool")
    work()
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "rows_changed")
    assert numbers(pool_of(team)) == (2, 2)


def test_asking_twice_is_one_move_and_another_has_to_wait(team):
    spare(team, [*people(1), person(2, sex="?")])
    first = move_supports(team[0], by=team[1], choice=Choice())
    assert move_supports(team[0], by=team[1], choice=Choice()).pk == first.pk
    with pytest.raises(Conflict, match="sedang berjalan"):
        move_supports(team[0], by=team[1], choice=Choice(clean=True))
    work()
    assert numbers(round_of(team)) == (2, 1)


# ---- back -------------------------------------------------------------------------------------------------


def test_rows_go_back_to_the_pool_while_the_round_is_filled(team):
    made = loaded(*team, people(1, 2))
    assert move(team, to="pool", ids=(made.pk << 24 | 2,)) == 1
    assert (numbers(round_of(team)), numbers(pool_of(team))) == ((1, 1), (1, 1))
    assert progress(team[0]).submitted == 1
    check_everything(round_of(team))


def test_rows_that_were_given_stay_in_a_round_that_is_open_again(team):
    loaded(*team, people(1))
    # Nobody's window counts in a round that a ruling has opened again, but the ruling's own.
    reopen(team[0], [user("kpu-ri", Role.KPU_RI), user("kpu-ri-2", Role.KPU_RI)])
    Submission.objects.filter(pk=round_of(team).pk).update(status="reopened")
    with pytest.raises(Refused, match="pernah diserahkan"):
        move_supports(team[0], by=team[1], choice=Choice(), to="pool")
    spare(team, people(2))
    assert move(team) == 1


def test_rows_that_somebody_has_decided_never_move(team):
    loaded(*team, people(1, 2))
    here = Submission.objects.filter(pk=round_of(team).pk)
    # Rows are decided in review only; a ruling may then open the round again with rows that are decided.
    here.update(status="in_review")
    Standing.objects.filter(submission__in=here).update(vermin="MS")
    here.update(status="draft")
    assert preview_move(team[0], Choice(), to="pool").rows == 0


# ---- an upload with rows in two places -------------------------------------------------------------------


def test_a_split_upload_is_counted_where_its_rows_are(team):
    made = spare(team, [*people(1, 2, 3), person(4, sex="?")])
    move(team, clean=True)
    rows = UploadTally.objects.filter(upload=made, key="rows", n__gt=0)
    assert dict(rows.values_list("submission__stage", "n")) == {"awal": 3, "pool": 1}
    assert counts_of_uploads([made])[made.pk] == {
        "rows": 4,
        "rows_clean": 3,
        "findings": {"SEX_UNREADABLE": 1},
    }


def test_a_split_upload_is_discarded_whole(team):
    made = spare(team, people(1, 2, 3))
    move(team, ids=(made.pk << 24 | 2,))
    operations.discard_upload(made, by=team[1])
    work()
    made.refresh_from_db()
    assert (made.status, Support.objects.count(), Finding.objects.count()) == ("discarded", 0, 0)
    assert not Tally.objects.filter(n__gt=0).exists()


def test_rows_that_were_handed_in_stay_when_their_upload_is_discarded(team):
    made = spare(team, people(1, 2, 3))
    move(team, ids=(made.pk << 24 | 2,))
    given = round_of(team)
    Submission.objects.filter(pk=given.pk).update(status="submitted")
    operations.discard_upload(made, by=team[1])
    work()
    made.refresh_from_db()
    assert (made.status, numbers(given), numbers(pool_of(team))) == ("loaded", (1, 1), (0, 0))
    event = Event.objects.get(name="upload_discarded_in_part")
    assert (event.data["rows"], event.data["rows_left_in"]) == (2, ["awal"])
    with pytest.raises(Refused, match="tidak dapat diubah lagi"):
        operations.discard_upload(made, by=team[1])


def report(upload, by, **more):
    return b"".join(download_report(upload, by=by, audience=TEAM, everything=True, **more)).decode()


def test_the_commission_sees_of_an_upload_what_was_moved_and_of_the_pool_nothing(team):
    kpu = user("kpu", Role.KPU_REGENCY, 6474)
    made = spare(team, people(1, 2, 3))
    assert not uploads_visible_to(kpu).exists()
    assert not submissions_visible_to(kpu, "view_supports").filter(kind="pool").exists()
    move(team, ids=(made.pk << 24 | 2,))
    assert list(uploads_visible_to(kpu)) == [made]
    places = places_read_by(kpu, team[0], "view_uploads")
    assert [one.stage for one in places] == ["awal"]
    assert counts_of_uploads([made], places=places)[made.pk]["rows"] == 1
    assert report(made, kpu).count("\n") == 1 + 1
    assert report(made, team[1]).count("\n") == 1 + 3


# ---- across pairs -----------------------------------------------------------------------------------------


def test_people_of_the_pool_are_matched_with_other_pairs_once_they_are_moved(team):
    other = pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    loaded(other, operator(other, "operator2"), people(1, 2))
    spare(team, people(1, 2, 3))
    assert not PairMatch.objects.exists()
    move(team)
    assert PairMatch.objects.count() == 2
    move(team, to="pool")
    assert not PairMatch.objects.exists()


def test_a_move_is_an_event_with_counts_and_a_digest(team):
    spare(team, people(1, 2))
    move(team)
    asked, done = Event.objects.filter(name__startswith="supports_move").order_by("id")
    assert (asked.by_id, asked.data["rows"], asked.data["to"]) == (team[1].pk, 2, "awal")
    assert (done.by_id, done.subject_id) == (team[1].pk, round_of(team).pk)
    said = {name: done.data[name] for name in ("rows", "uploads", "source", "target")}
    assert said == {"rows": 2, "uploads": 1, "source": "pool", "target": "awal"}
    assert len(done.data["digest"]) == 64
