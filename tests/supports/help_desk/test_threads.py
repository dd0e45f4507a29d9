"""A pair asks, KPU answers: the states, who may, what is refused, and what nobody can read."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F

from candidates.queries import now
from foundation import sql
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Mail
from foundation.errors import NotAllowed, Refused
from foundation.keys.operations import destroy_keys
from foundation.readings.models import Reading
from foundation.workflow.models import Event
from supports.help_desk import operations, queries, refusals
from supports.help_desk.models import Message, Thread
from supports.help_desk.sealing import open_messages
from supports.help_desk.showing import shown
from supports.standards import key_scope
from supports.throwing_away import throw_away
from tests import factories
from tests.candidates.making import make_election
from tests.foundation.accounts.people import somebody, stored_in
from tests.supports.help_desk.asking import (
    SUBJECT,
    TEXT,
    answered,
    asked,
    member,
    officer,
    province,
    row_of,
    team,
)

pytestmark = pytest.mark.django_db


def refusal(code, call, *args, **kwargs):
    """The refusal a call ends with; nothing else may happen."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code, caught.value.message
    return caught.value


class TestAsking:
    def test_a_question_waits_at_the_office_of_its_election(self):
        thread = asked()
        assert (thread.status, thread.region, thread.desk, thread.written) == ("waiting", 6474, 6474, 1)
        assert (thread.attached_kind, thread.attached_title) == ("pair", thread.pair.name)
        assert open_messages(thread, queries.messages_of(thread)) == [TEXT]

    def test_nothing_written_is_stored_in_clear_or_told_by_an_event(self):
        thread = answered(text="Jawaban rahasia tentang berkas")
        stored = stored_in(Message, Event) + str(list(Event.objects.values_list("data", flat=True)))
        assert "berhenti di 40" not in stored
        assert "Jawaban rahasia" not in stored
        names = list(Event.objects.filter(subject_kind="thread").values_list("name", flat=True))
        assert names == ["help_thread_asked", "help_thread_answer"]
        assert Event.objects.filter(subject_kind="thread", pair_id=thread.pair_id).count() == 2

    def test_it_can_be_about_an_upload_or_a_row(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, [factories.person(0)], name="posko.csv")
        row = row_of(pair, operator, 5)
        about_file = asked(pair, operator, kind="upload", thing=upload.pk)
        about_row = asked(pair, operator, kind="support", thing=row.pk)
        assert about_file.attached_title == "posko.csv"
        assert about_row.attached_title == "Diketik langsung, baris 1"

    def test_what_is_another_pairs_or_unknown_cannot_be_asked_about(self):
        pair, operator = team()
        other = factories.pair(pair.election, name="Bayu Umpama – Kirana Andaikan")
        stranger = member(other)
        upload = factories.loaded(other, stranger, [factories.person(0)])
        for kind, thing in (("upload", upload.pk), ("support", 1), ("pair", None), ("typo", 1)):
            about = other if kind == "pair" else pair
            code = "not_the_asker" if kind == "pair" else "attached_unknown"
            refusal(code, asked, about, operator, kind=kind, thing=thing)
        assert not Thread.objects.exists()

    def test_a_typist_asks_about_the_rows_they_typed_only(self):
        pair, operator = team()
        typist = member(pair, Role.TYPIST)
        own, foreign = row_of(pair, typist, 1), row_of(pair, operator, 2)
        thread = asked(pair, typist, kind="support", thing=own.pk)
        refusal("attached_unknown", asked, pair, typist, kind="support", thing=foreign.pk)
        refusal("attached_unknown", asked, pair, typist)
        by_operator = asked(pair, operator)
        assert list(queries.threads_visible_to(typist)) == [thread]
        assert set(queries.threads_visible_to(operator)) == {thread, by_operator}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"subject": "  "}, "subject_missing"),
            ({"subject": "a" * 151}, "subject_too_long"),
            ({"subject": "NIK 6474011201909001"}, "nik_in_subject"),
            ({"text": " \n "}, "text_missing"),
            ({"text": "a" * 4001}, "text_too_long"),
        ],
    )
    def test_what_cannot_be_a_question_is_refused(self, changes, code):
        pair, operator = team()
        refusal(code, asked, pair, operator, **changes)

    def test_kpu_does_not_ask_for_a_pair(self):
        pair, _operator = team()
        refusal("not_the_asker", asked, pair, officer())


class TestAnswering:
    def test_back_and_forth_until_it_is_closed_and_opened_again(self):
        thread = answered()
        assert (thread.status, thread.unseen, thread.waiting_since) == ("answered", True, None)
        operations.mark_seen(thread, by=thread.created_by)
        operations.write(thread, by=thread.created_by, text="Masih sama.")
        thread.refresh_from_db()
        assert (thread.status, thread.unseen, thread.written) == ("waiting", False, 3)
        answered(thread, by=thread.holder, text="Sudah diperbaiki.", close=True)
        thread.refresh_from_db()
        assert thread.status == "closed"
        operations.write(thread, by=thread.created_by, text="Terulang lagi.")
        thread.refresh_from_db()
        assert (thread.status, thread.closed_at, thread.written) == ("waiting", None, 5)

    def test_writing_more_does_not_lose_the_place_in_the_queue(self):
        thread = asked()
        since = thread.waiting_since
        operations.write(thread, by=thread.created_by, text="Tambahan.")
        thread.refresh_from_db()
        assert thread.waiting_since == since

    def test_who_asked_is_told_by_mail_without_the_text(self):
        pair, operator = team(email="operator@contoh.test", name="Operator Contoh")
        answered(asked(pair, operator), text="Isi yang tidak boleh bocor")
        (mail,) = Mail.objects.all()
        assert (mail.to, mail.template) == ("operator@contoh.test", "help_answered")
        assert SUBJECT not in mail.subject

    def test_two_who_answer_at_once_are_told(self):
        thread, first, second = asked(), officer(), officer()
        operations.answer(thread, by=first, text="Pertama.", seen=1)
        said = refusal("answered_meanwhile", operations.answer, thread, by=second, text="Kedua.", seen=1)
        assert (said.http_status, "KPU sudah menjawab" in said.message) == (409, True)
        assert Message.objects.filter(thread=thread).count() == 2

    def test_an_asker_who_wrote_meanwhile_is_read_first(self):
        thread = asked()
        operations.write(thread, by=thread.created_by, text="Ternyata berkasnya salah.")
        said = refusal("answered_meanwhile", operations.answer, thread, by=officer(), text="Ya.", seen=1)
        assert "Penanya menulis lagi" in said.message

    def test_what_a_colleague_holds_is_taken_over_first(self):
        thread, first, second = asked(), officer(name="Ani"), officer(name="Budi")
        operations.take_thread(thread, by=first, held_by=None)
        refusal("taken_meanwhile", operations.take_thread, thread, by=second, held_by=None)
        refusal("thread_held", operations.answer, thread, by=second, text="Ya.", seen=1)
        operations.take_thread(thread, by=second, held_by=first.pk)
        refusal("not_held", operations.release_thread, thread, by=first)
        operations.release_thread(thread, by=second)
        operations.answer(thread, by=first, text="Ya.", seen=1)
        thread.refresh_from_db()
        assert thread.holder == first

    def test_it_is_handed_on_upwards_and_down_again(self):
        thread, kota = asked(), officer()
        refusal("desk_unknown", operations.hand_on, thread, by=kota, desk=6472)
        refusal("desk_unknown", operations.hand_on, thread, by=kota, desk=6474)
        operations.hand_on(thread, by=kota, desk=64)
        refusal("at_another_desk", operations.answer, thread, by=kota, text="Ya.", seen=1)
        assert queries.threads_visible_to(kota).get() == thread
        operations.hand_on(thread, by=province(), desk=6474)
        operations.answer(thread, by=kota, text="Ya.", seen=1)
        refusal("thread_not_waiting", operations.hand_on, thread, by=kota, desk=0)

    def test_kpu_closes_only_what_is_answered_and_the_asker_anything(self):
        thread, kota = asked(), officer()
        refusal("not_answered", operations.close_thread, thread, by=kota)
        operations.close_thread(thread, by=thread.created_by)
        refusal("state_changed", operations.close_thread, thread, by=thread.created_by)
        refusal("state_changed", operations.answer, thread, by=kota, text="Ya.", seen=1)

    def test_what_was_closed_long_ago_is_asked_anew(self):
        thread = answered(close=True)
        long_ago = now() - refusals.REOPENED_WITHIN - timedelta(minutes=1)
        Thread.objects.filter(pk=thread.pk).update(closed_at=long_ago)
        refusal("closed_too_long", operations.write, thread, by=thread.created_by, text="Lagi.")

    def test_a_thread_has_an_end(self, monkeypatch):
        monkeypatch.setattr(refusals, "MOST_MESSAGES", 2)
        thread = answered()
        refusal("thread_full", operations.write, thread, by=thread.created_by, text="Lagi.")
        thread.refresh_from_db()
        assert thread.status == "answered"


class TestWhoMayRead:
    def test_each_reads_their_own_territory_or_pair(self):
        thread = asked()
        pair = thread.pair
        other = factories.pair(pair.election, name="Bayu Umpama – Kirana Andaikan")
        readers = [
            officer(), province(), somebody(Role.KPU_RI), somebody(Role.BAWASLU), member(pair, Role.LO)
        ]  # fmt: skip
        strangers = [
            member(other),
            member(pair, Role.TYPIST),
            somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)),
            somebody(Role.OBSERVER),
            somebody(Role.PPK),
        ]
        assert [queries.threads_visible_to(one).exists() for one in readers] == [True] * 5
        assert [queries.threads_visible_to(one).exists() for one in strangers] == [False] * 5

    def test_nobody_else_writes_or_answers(self):
        thread = asked()
        other = member(factories.pair(thread.pair.election, name="Bayu Umpama – Kirana Andaikan"))
        for stranger in (other, officer(), None):
            with pytest.raises(NotAllowed):
                operations.write(thread, by=stranger, text="Bukan saya.")
        for stranger in (other, somebody(Role.BAWASLU), somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472))):
            with pytest.raises(NotAllowed):
                operations.answer(thread, by=stranger, text="Bukan saya.", seen=1)

    def test_a_nik_is_masked_for_who_may_not_open_identities(self):
        pair, operator = team()
        typist = member(pair, Role.TYPIST)
        row = row_of(pair, typist)
        thread = asked(pair, typist, kind="support", thing=row.pk, text="NIK 6474 0112 0190 9001 benar?")
        (typed,), (opened,) = shown(thread, typist).entries, shown(thread, operator).entries
        assert typed.text == "NIK 6474•••••••••••• benar?"
        assert "6474 0112 0190 9001" in opened.text

    def test_who_reads_an_identity_in_a_thread_is_on_record(self):
        pair, operator = team()
        thread, kota = asked(pair, operator, text="NIK 6474011201909001 benar?"), officer()
        shown(thread, kota)
        reading = Reading.objects.get()
        assert (reading.kind, reading.by_id, reading.rows, reading.pair_id) == ("help", kota.pk, 1, pair.pk)
        shown(asked(pair, operator), kota)
        shown(thread, member(pair, Role.TYPIST))
        assert Reading.objects.count() == 1

    def test_a_team_does_not_read_which_officer_answered(self):
        thread = answered(by=officer(name="Ani Petugas"))
        assert [one.who for one in shown(thread, thread.created_by).entries][1] == "KPU"
        assert [one.who for one in shown(thread, officer()).entries][1] == "Ani Petugas"

    def test_with_its_keys_a_thread_is_gone(self):
        thread = asked()
        destroy_keys(key_scope(thread.election), by=None)
        assert shown(thread, thread.created_by).gone


class TestTheDatabase:
    @pytest.mark.parametrize("table", ["help_desk_message", "help_desk_answerversion"])
    def test_what_was_written_is_never_changed(self, table):
        answered()
        for change in ("UPDATE {} SET number = 9", "DELETE FROM {}"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                sql.execute(change.format(table))

    def test_a_message_opens_only_at_its_place(self):
        first, second = asked(), answered()
        (message,) = queries.messages_of(first)
        message.number = 2
        with pytest.raises(ValueError, match="does not open"):
            open_messages(first, [message])
        assert second.written == 2

    def test_a_practice_election_takes_its_threads_along(self):
        election = make_election(practice=True, name="Latihan")
        pair = factories.pair(election)
        answered(asked(pair, member(pair)))
        kept = asked()
        throw_away(election, by=None)
        assert list(Thread.objects.all()) == [kept]
        assert Message.objects.count() == 1


class TestTheQueue:
    def queue_of(self, user, **wanted):
        return queries.queue(user, queries.Wanted(**wanted))

    def test_what_waits_longest_comes_first_page_by_page(self):
        pair, operator = team()
        threads = [asked(pair, operator, subject=f"Soal {number}") for number in range(5)]
        Thread.objects.filter(pk=threads[3].pk).update(waiting_since=F("waiting_since") - timedelta(days=1))
        kota, order = officer(), [3, 0, 1, 2, 4]
        first = queries.queue(kota, queries.Wanted(), limit=2)
        assert first.threads == [threads[3], threads[0]]
        second = queries.queue(kota, queries.Wanted(), cursor=first.next, limit=2)
        third = queries.queue(kota, queries.Wanted(), cursor=second.next, limit=2)
        seen = [*first.threads, *second.threads, *third.threads]
        assert seen == [threads[at] for at in order]
        assert (first.previous, third.next) == (None, None)
        back = queries.queue(kota, queries.Wanted(), cursor=third.previous, limit=2)
        assert back.threads == second.threads

    def test_what_is_answered_leaves_it_and_each_desk_has_its_own(self):
        pair, operator = team()
        waiting, done = asked(pair, operator), answered(asked(pair, operator))
        kota, upper = officer(), province()
        assert self.queue_of(kota).threads == [waiting]
        assert self.queue_of(kota, status="answered").threads == [done]
        assert self.queue_of(kota, status="", kind="upload").threads == []
        assert self.queue_of(kota, election=pair.election_id).threads == [waiting]
        assert self.queue_of(upper).threads == []
        assert self.queue_of(upper, own_desk=False).threads == [waiting]
        assert (queries.waiting_for(kota), queries.waiting_for(upper)) == (1, 0)
        operations.hand_on(waiting, by=kota, desk=64)
        assert (queries.waiting_for(kota), queries.waiting_for(upper)) == (0, 1)

    @pytest.mark.parametrize("cursor", ["x", ">1", ">1.2.3", f">{2**62}.1", ">9"])
    def test_a_strange_cursor_is_refused(self, cursor):
        refusal("cursor_unknown", queries.queue, officer(), queries.Wanted(), cursor=cursor)
