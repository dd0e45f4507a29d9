"""Approved, refused, replaced, revoked: who gets access, who loses it, and who may not decide."""

import threading

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from candidates.mandates import operations
from candidates.mandates.models import Mandate
from candidates.mandates.operations import Named
from candidates.models import Pair
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import ApiToken, User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import make_pair
from tests.candidates.mandates.filing import (
    LO,
    OPERATORS,
    PAIR,
    approved,
    officer,
    open_election,
    says,
    submit,
)
from tests.factories import work
from tests.foundation.accounts.people import somebody
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")
DEWI = Named("Dewi Contoh", "dewi@contoh.test", "0812-0000-0009")


def activate(email):
    """Its owner followed the link and set up the second step."""
    user = User.objects.get(email=email)
    moment = user.date_joined
    User.objects.filter(pk=user.pk).update(is_active=True, activated_at=moment, two_factor_at=moment)
    return User.objects.get(pk=user.pk)


def roles_for(pair):
    """Who holds which role for a pair."""
    users = User.objects.filter(assignments__scope_kind="pair", assignments__scope_id=pair.pk)
    return set(users.values_list("email", "assignments__role"))


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.code, caught.value.field


class TestApproval:
    def test_it_registers_the_pair_and_invites_everybody(self):
        kpu = officer()
        mandate = operations.approve_mandate(submit(operators=OPERATORS), by=kpu)
        assert (mandate.status, mandate.decided_by) == ("approved", kpu)
        pair = Pair.objects.get()
        assert (mandate.pair, pair.name, pair.head) == (pair, "Rangga Wiratama – Sekar Anjani", PAIR["head"])
        assert roles_for(pair) == {
            (LO.email, "lo"),
            (OPERATORS[0].email, "operator"),
            (OPERATORS[1].email, "operator"),
        }
        assert all(user.is_invited for user in User.objects.exclude(pk=kpu.pk))
        work()
        links = [letter for letter in mail.outbox if "/akun/aktivasi/?kunci=" in letter.body]
        assert sorted(to for letter in links for to in letter.to) == [
            LO.email,
            *(one.email for one in OPERATORS),
        ]
        assert any(letter.subject == "Mandat Anda disetujui" for letter in mail.outbox)
        event = Event.objects.get(name="mandate_approve")
        assert (event.by_id, event.data["pair"]) == (kpu.pk, pair.pk)

    def test_it_is_linked_to_a_pair_that_is_there(self):
        election = open_election()
        pair = make_pair(election)
        assert approved(election, pair=pair).pair == pair
        assert Pair.objects.count() == 1

    def test_not_to_a_pair_of_another_election_or_one_that_withdrew(self):
        mandate = submit()
        other = make_pair(open_election(name="Pemilihan lain"))
        assert refused(operations.approve_mandate, mandate, by=officer(), pair=other) == (
            "pair_of_another_election",
            "pair",
        )
        gone = make_pair(mandate.election)
        Pair.objects.filter(pk=gone.pk).update(status="withdrawn")
        assert refused(operations.approve_mandate, mandate, by=officer(), pair=gone) == (
            "pair_not_active",
            "pair",
        )
        assert User.objects.filter(email=LO.email).count() == 0

    def test_an_address_taken_meanwhile_stops_all_of_it(self):
        mandate = submit(operators=OPERATORS)
        somebody((Role.LO, ScopeKind.PAIR, 99), email=OPERATORS[1].email)
        assert refused(operations.approve_mandate, mandate, by=officer()) == (
            "email_taken",
            "operator_2_email",
        )
        assert Mandate.objects.get().status == "submitted"
        assert not Pair.objects.exists()
        assert not User.objects.filter(email=LO.email).exists()

    def test_who_had_an_account_and_no_role_any_more_is_given_the_role(self):
        former = somebody(email=LO.email)
        mandate = approved()
        assert (LO.email, "lo") in roles_for(mandate.pair)
        assert User.objects.filter(email=LO.email).get() == former

    def test_two_officers_at_once_approve_it_once(self):
        mandate, first, second = submit(), officer(), officer()
        outcomes = []

        def approve(by):
            try:
                operations.approve_mandate(Mandate.objects.get(pk=mandate.pk), by=by)
                outcomes.append("approved")
            except Refused as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=approve, args=(by,)) for by in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert "approved" in outcomes
        assert sorted(outcomes)[1] in ("pair_name_taken", "state_changed")
        assert Pair.objects.count() == 1
        assert User.objects.filter(email=LO.email).count() == 1


class TestWhatWasSeen:
    def test_one_filed_anew_meanwhile_is_not_approved_unseen(self):
        mandate, kpu = submit(), officer()
        seen = mandate.submitted_at
        operations.refuse_mandate(mandate, by=kpu, reason="Surat belum ditandatangani.")
        operations.submit_again(mandate, says(lo=DEWI), by=None, document=None)
        with pytest.raises(Conflict) as caught:
            operations.approve_mandate(mandate, by=kpu, seen=seen)
        assert caught.value.code == "mandate_changed"
        assert not Pair.objects.exists()
        mandate.refresh_from_db()
        assert operations.approve_mandate(mandate, by=kpu, seen=mandate.submitted_at).status == "approved"


class TestWhoMayNot:
    def test_nobody_approves_a_mandate_that_names_themselves(self):
        mandate = submit()
        with pytest.raises(NotAllowed) as caught:
            operations.approve_mandate(mandate, by=officer(email="Sari@Contoh.test"))
        assert caught.value.code == "own_mandate"

    def test_nobody_decides_for_the_pair_they_work_for(self):
        mandate = approved()
        both = somebody(Role.KPU_REGENCY, (Role.OPERATOR, ScopeKind.PAIR, mandate.pair_id))
        with pytest.raises(NotAllowed):
            operations.revoke_mandate(mandate, by=both, reason="Diganti.")

    @pytest.mark.parametrize(
        "role",
        [
            (Role.KPU_REGENCY, ScopeKind.REGION, 6472),
            (Role.KPU_PROVINCE, ScopeKind.REGION, 63),
            Role.VERIFIER,
            Role.BAWASLU,
            Role.LO,
        ],
    )
    def test_another_territory_and_another_role_do_not_decide(self, role):
        mandate = submit()
        for decide in (operations.approve_mandate, operations.refuse_mandate):
            more = {} if decide is operations.approve_mandate else {"reason": "Tidak."}
            with pytest.raises(NotAllowed):
                decide(mandate, by=somebody(role), **more)
        assert Mandate.objects.get().status == "submitted"

    @pytest.mark.parametrize("role", [Role.KPU_RI, Role.KPU_PROVINCE, Role.KPU_REGENCY])
    def test_every_office_above_decides(self, role):
        assert operations.approve_mandate(submit(), by=somebody(role)).status == "approved"


class TestRefusal:
    def test_the_reason_is_kept_and_mailed(self):
        mandate = operations.refuse_mandate(submit(), by=officer(), reason="  Tidak   ditandatangani. ")
        assert (mandate.status, mandate.reason) == ("refused", "Tidak ditandatangani.")
        work()
        assert "Tidak ditandatangani." in mail.outbox[-1].body
        assert User.objects.filter(email=LO.email).count() == 0

    def test_not_without_a_reason_and_not_twice(self):
        mandate = submit()
        assert refused(operations.refuse_mandate, mandate, by=officer(), reason=" ") == (
            "reason_missing",
            "reason",
        )
        operations.refuse_mandate(mandate, by=officer(), reason="Tidak.")
        with pytest.raises(Conflict):
            operations.approve_mandate(mandate, by=officer())
        assert not Pair.objects.exists()


class TestReplacement:
    def test_only_who_is_not_named_any_more_loses_access_at_once(self, client):
        election = open_election()
        first = approved(election, operators=OPERATORS)
        pair = first.pair
        stays, goes = activate(OPERATORS[0].email), activate(OPERATORS[1].email)
        lo = activate(LO.email)
        apis = {user: client_of(user) for user in (stays, goes, lo)}
        pages = {}
        for user in apis:
            pages[user] = Client()
            pages[user].force_login(user)
            assert pages[user].get(f"/pasangan/{pair.pk}/").status_code == 200
        epoch = stays.session_epoch

        second = approved(election, pair=pair, lo=DEWI, operators=OPERATORS[:1])

        first.refresh_from_db()
        assert (first.status, second.status) == ("replaced", "approved")
        assert roles_for(pair) == {(DEWI.email, "lo"), (OPERATORS[0].email, "operator")}
        assert apis[stays].get("/api/v1/me/").status_code == 200
        assert pages[stays].get(f"/pasangan/{pair.pk}/").status_code == 200
        assert User.objects.get(pk=stays.pk).session_epoch == epoch
        for user in (goes, lo):
            assert apis[user].get("/api/v1/me/").status_code == 401
            assert pages[user].get(f"/pasangan/{pair.pk}/").status_code == 302
            assert not ApiToken.objects.filter(user=user).exists()
        work()
        invited = {to for letter in mail.outbox if "kunci=" in letter.body for to in letter.to}
        assert DEWI.email in invited
        assert sum(OPERATORS[0].email in letter.to for letter in mail.outbox) == 1

    def test_who_changes_places_keeps_the_account(self):
        election = open_election()
        first = approved(election)
        user = activate(OPERATORS[0].email)
        new_lo = Named(OPERATORS[0].name, OPERATORS[0].email.upper(), "0812")
        approved(election, pair=first.pair, lo=new_lo, operators=(Named(LO.name, LO.email),))
        assert roles_for(first.pair) == {(OPERATORS[0].email, "lo"), (LO.email, "operator")}
        assert User.objects.get(email=user.email).session_epoch == user.session_epoch

    def test_who_keeps_another_task_keeps_the_session(self):
        election = open_election()
        first = approved(election)
        lo = activate(LO.email)
        lo.assignments.create(role=Role.OBSERVER, scope_kind=ScopeKind.NATION, scope_id=0)
        api = client_of(lo)
        approved(election, pair=first.pair, lo=DEWI)
        assert api.get("/api/v1/me/").status_code == 200
        assert api.get(f"/api/v1/pairs/{first.pair_id}/uploads/").status_code == 403

    def test_an_invitation_of_somebody_removed_opens_nothing(self):
        election = open_election()
        first = approved(election)
        approved(election, pair=first.pair, lo=DEWI)
        former = User.objects.get(email=LO.email)
        assert not former.is_invited
        assert not former.is_active
        elsewhere = submit(open_election(name="Pemilihan lain"), operators=OPERATORS[1:])
        assert elsewhere.lo.email == LO.email

    def test_one_mandate_is_in_force_for_a_pair(self):
        election = open_election()
        first = approved(election)
        second = submit(election, lo=DEWI, pair=first.pair)
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.filter(pk=second.pk).update(status="approved")


class TestRevocation:
    def test_it_ends_the_whole_team_at_once(self):
        mandate = approved(operators=OPERATORS)
        pair = mandate.pair
        lo = activate(LO.email)
        typist = somebody((Role.TYPIST, ScopeKind.PAIR, pair.pk))
        apis = [client_of(lo), client_of(typist)]
        operations.revoke_mandate(mandate, by=officer(), reason="Pasangan mencabut kuasanya.")
        assert roles_for(pair) == set()
        assert [api.get("/api/v1/me/").status_code for api in apis] == [401, 401]
        assert Event.objects.filter(name="role_ended", data__scope_id=pair.pk).count() == 4
        assert Mandate.objects.get().reason == "Pasangan mencabut kuasanya."

    def test_other_pairs_notice_nothing(self):
        election = open_election()
        mandate = approved(election)
        other = approved(
            election, head="Bayu Umpama", deputy="Kirana Andaikan", lo=DEWI, operators=OPERATORS[1:]
        )
        operations.revoke_mandate(mandate, by=officer(), reason="Dicabut.")
        assert roles_for(other.pair) == {(DEWI.email, "lo"), (OPERATORS[1].email, "operator")}

    def test_only_one_in_force(self):
        with pytest.raises(Conflict):
            operations.revoke_mandate(submit(), by=officer(), reason="Dicabut.")
