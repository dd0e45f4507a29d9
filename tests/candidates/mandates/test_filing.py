"""A mandate is filed by the team or at the counter, once, and filed again after a refusal."""

from datetime import timedelta

import pytest
from django.core import mail

from candidates.mandates import operations
from candidates.mandates.codes import code_of, find_by_code
from candidates.mandates.models import Mandate, MandatePerson
from candidates.mandates.operations import Named
from candidates.mandates.refusals import AlreadySubmitted
from candidates.models import Window
from candidates.queries import now
from foundation.accounts.matrix import Role, ScopeKind
from foundation.attachments.models import Attachment
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.keys.operations import destroy_keys
from foundation.workflow.models import Event
from tests import documents
from tests.candidates.making import make_election, make_pair
from tests.candidates.mandates.filing import (
    LO,
    OPERATORS,
    approved,
    document,
    officer,
    open_election,
    says,
    submit,
)
from tests.factories import work
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.usefixtures("committed")


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.code, caught.value.field


class TestFiling:
    def test_the_team_files_without_an_account_and_gets_a_code_by_mail(self):
        election = open_election()
        mandate = submit(election, head="  Rangga   Wiratama ")
        assert (mandate.status, mandate.pair, mandate.created_by) == ("submitted", None, None)
        assert (mandate.head, mandate.contact_email) == ("Rangga Wiratama", LO.email)
        assert [(one.role, one.name) for one in mandate.people.all()] == [
            ("lo", "Sari Contoh"),
            ("operator", "Tono Contoh"),
        ]
        work()
        (letter,) = mail.outbox
        assert letter.to == [LO.email]
        assert code_of(mandate) in letter.body
        assert f"/mandat/status/{code_of(mandate)}/" in letter.body
        event = Event.objects.get(name="mandate_submitted")
        assert (event.election_id, event.subject_id, event.by_id) == (election.pk, mandate.pk, None)
        assert event.data["people"] == [["lo", "Sari Contoh"], ["operator", "Tono Contoh"]]
        assert "@" not in str(event.data)

    def test_somebody_else_may_file_it_and_is_written_to(self):
        mandate = submit(contact=Named("Ketua Tim", "ketua@contoh.test"))
        assert (mandate.contact_name, mandate.contact_email) == ("Ketua Tim", "ketua@contoh.test")
        work()
        assert mail.outbox[0].to == ["ketua@contoh.test"]

    def test_an_officer_files_at_the_counter_even_after_the_windows(self):
        election, kpu = open_election(), officer()
        Window.objects.update(closes_at=now() - timedelta(minutes=1))
        assert refused(submit, election)[0] == "mandates_closed"
        assert refused(submit, election, by=somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))[0] == (
            "mandates_closed"
        )
        assert submit(election, by=kpu, pair=make_pair(election)).created_by == kpu

    def test_an_election_without_windows_takes_mandates_until_its_day(self):
        over = make_election()
        ahead = make_election(name="Pemilihan mendatang", voting_day=now().date() + timedelta(days=90))
        assert refused(submit, over)[0] == "mandates_closed"
        assert submit(ahead).election == ahead

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"operators": ()}, "person_missing", "operator_1_name"),
            (
                {"operators": (*OPERATORS, Named("Tiga", "tiga@contoh.test"))},
                "too_many_operators",
                "operator_3_name",
            ),
            ({"operators": (Named("Tono", "tono@"),)}, "email_invalid", "operator_1_email"),
            ({"operators": (Named("Tono", "SARI@contoh.test"),)}, "email_twice", "operator_1_email"),
            ({"lo": Named("Sari", "sari")}, "email_invalid", "lo_email"),
            ({"head": " "}, "invalid", "head"),
            ({"lo": Named(" ", "sari@contoh.test")}, "person_missing", "lo_name"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(self, changes, code, field):
        assert refused(submit, **changes) == (code, field)
        assert not Mandate.objects.exists()
        assert not Attachment.objects.exists()

    def test_the_old_law_allows_one_operator(self):
        election = open_election(rule_set="uu10-2016")
        assert refused(submit, election, operators=OPERATORS)[1] == "operator_2_name"
        assert len(submit(election).operators) == 1

    def test_an_election_may_allow_another_number(self):
        election = open_election(operators_allowed=3)
        three = (*OPERATORS, Named("Tiga", "tiga@contoh.test"))
        four = (*three, Named("Empat", "empat@contoh.test"))
        assert refused(submit, election, operators=four) == ("too_many_operators", "operator_4_name")
        assert len(submit(election, operators=three).operators) == 3

    def test_an_address_in_use_is_said_at_its_field(self):
        busy = somebody((Role.OPERATOR, ScopeKind.PAIR, 99), email="Tono@Contoh.test")
        assert refused(submit) == ("email_taken", "operator_1_email")
        busy.assignments.all().delete()
        assert submit().operators[0].email == "tono@contoh.test"

    def test_an_officer_cannot_file_a_mandate_that_names_themselves(self):
        kpu = officer(email="SARI@contoh.test")
        with pytest.raises(NotAllowed) as caught:
            submit(by=kpu)
        assert caught.value.code == "own_mandate"


class TestTheSameTwice:
    def test_the_same_document_is_one_request(self):
        election, content = open_election(), documents.pdf(title="Satu")
        first = submit(election, content=content)
        other_lo = Named("Dewi Contoh", "dewi@contoh.test", "0812")
        with pytest.raises(AlreadySubmitted) as caught:
            submit(election, content=content, lo=other_lo, head="rangga wiratama")
        assert caught.value.mandate == first
        assert isinstance(caught.value, Conflict)
        assert Mandate.objects.count() == 1

    def test_the_same_lo_is_one_request(self):
        election = open_election()
        submit(election)
        assert refused(submit, election)[0] == "mandate_already_submitted"

    def test_another_pair_and_another_election_are_others(self):
        election = open_election()
        submit(election)
        submit(election, head="Bayu Umpama", deputy="Kirana Andaikan")
        submit(open_election(name="Pemilihan lain"))
        assert Mandate.objects.count() == 3

    def test_after_its_decision_a_new_one_can_be_filed(self):
        election = open_election()
        operations.refuse_mandate(submit(election), by=officer(), reason="Tanda tangan tidak ada.")
        assert submit(election).status == "submitted"


class TestAgain:
    def test_a_refused_one_is_mended_and_filed_again_under_its_code(self):
        mandate = submit()
        code = code_of(mandate)
        operations.refuse_mandate(mandate, by=officer(), reason="Surat belum ditandatangani.")
        old = mandate.document
        new = document(mandate.election, documents.pdf(title="Sudah ditandatangani"))
        operations.submit_again(mandate, says(operators=OPERATORS), by=None, document=new)
        again = find_by_code(code)
        assert (again.status, again.reason, again.decided_by, again.pk) == ("submitted", "", None, mandate.pk)
        assert [one.name for one in again.operators] == ["Tono Contoh", "Wati Contoh"]
        assert again.document.stored_file.sha256 == new.sha256
        assert not Attachment.objects.filter(pk=old.pk).exists()
        event = Event.objects.get(name="mandate_resubmit")
        assert event.data["document"] == new.sha256

    def test_without_a_new_document_the_old_one_stays(self):
        mandate = submit()
        operations.refuse_mandate(mandate, by=officer(), reason="Surel operator salah.")
        before = mandate.document
        operations.submit_again(mandate, says(), by=None, document=None)
        mandate.refresh_from_db()
        assert (mandate.document, mandate.status) == (before, "submitted")

    @pytest.mark.parametrize("decide", [None, "approve"])
    def test_only_a_refused_one(self, decide):
        mandate = submit() if decide is None else approved()
        with pytest.raises(Refused) as caught:
            operations.submit_again(
                mandate, says(lo=Named("Dewi", "dewi@contoh.test", "1")), by=None, document=None
            )
        assert caught.value.code == "state_changed"
        assert MandatePerson.objects.filter(email="dewi@contoh.test").count() == 0


class TestCodes:
    def test_a_code_is_found_however_it_is_typed(self):
        mandate = submit()
        code = code_of(mandate)
        number, *seal = code.split("-")
        for typed in (code, code.lower(), f" {number} {' '.join(seal)} ", number + "".join(seal)):
            assert find_by_code(typed) == mandate, typed

    @pytest.mark.parametrize(
        "typed", ["", "x", "1", "1-AAAA-AAAA-AAAA-AAAA", "9" * 40, "\x00", "1-AAAA-AAAA-AAAA-AAA8"]
    )
    def test_what_is_no_code_finds_nothing(self, typed):
        submit()
        assert find_by_code(typed) is None

    def test_one_mandate_s_code_opens_no_other(self):
        first, second = submit(), submit(open_election(name="Pemilihan lain"))
        assert find_by_code(code_of(first).replace(f"{first.pk}-", f"{second.pk}-", 1)) is None

    def test_it_ends_with_the_keys_of_its_election(self):
        mandate = submit()
        code = code_of(mandate)
        destroy_keys(f"election:{mandate.election_id}", by=None)
        assert find_by_code(code) is None
