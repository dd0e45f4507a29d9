"""Lower roles only, inside the own territory, never for oneself; ended at once."""

import pytest
from django.core import mail
from django.test import Client

from foundation.accounts import granting
from foundation.accounts.matrix import GRANTS, MATRIX, Permission, Role, ScopeKind, title_of
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import long_ago, somebody
from tests.supports.calling import client_of

REGION, NATION = ScopeKind.REGION, ScopeKind.NATION
NEW = {"email": "dewi@contoh.test", "name": "Dewi Contoh"}


def invited(by, role, scope_id, **who):
    kind = REGION if scope_id else NATION
    return granting.invite_staff(by=by, role=role, scope_kind=kind, scope_id=scope_id, **NEW | who)


def refused(by, role, scope_id, **who):
    with pytest.raises(Refused) as caught:
        invited(by, role, scope_id, **who)
    return caught.value.code


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


class TestTheOrder:
    def test_nobody_grants_a_role_of_a_team_or_one_that_could_grant_theirs(self):
        for role, lower in GRANTS.items():
            assert not lower & {Role.LO, Role.OPERATOR, Role.TYPIST}, role
            for other in lower - {role}:
                assert role not in GRANTS.get(other, ()), (role, other)

    def test_who_grants_has_the_page_and_nobody_else(self):
        assert {role for role in Role if Permission.GRANT_ROLES in MATRIX[role]} == set(GRANTS)

    @pytest.mark.parametrize(
        ("granter", "role", "scope_id", "code"),
        [
            (Role.KPU_RI, Role.KPU_PROVINCE, 64, None),
            (Role.KPU_RI, Role.BAWASLU, 0, None),
            (Role.KPU_RI, Role.OBSERVER, 0, None),
            (Role.KPU_RI, Role.KPU_RI, 0, "role_not_lower"),
            (Role.KPU_RI, Role.KPU_PROVINCE, 6474, "scope_does_not_fit"),
            (Role.KPU_PROVINCE, Role.KPU_REGENCY, 6474, None),
            (Role.KPU_PROVINCE, Role.KPU_REGENCY, 6371, "outside_your_region"),
            (Role.KPU_PROVINCE, Role.KPU_PROVINCE, 64, "role_not_lower"),
            (Role.KPU_PROVINCE, Role.BAWASLU, 0, "outside_your_region"),
            (Role.KPU_REGENCY, Role.VERIFIER, 6474, None),
            (Role.KPU_REGENCY, Role.PPK, 647401, None),
            (Role.KPU_REGENCY, Role.PPS, 6474011001, None),
            (Role.KPU_REGENCY, Role.PPK, 647201, "outside_your_region"),
            (Role.KPU_REGENCY, Role.VERIFIER, 64, "outside_your_region"),
            (Role.KPU_REGENCY, Role.KPU_REGENCY, 6474, "role_not_lower"),
            (Role.KPU_REGENCY, Role.LO, 6474, "scope_does_not_fit"),
            (Role.PPS, Role.PPS_HELPER, 6474011001, None),
            (Role.PPS, Role.PPS_HELPER, 6474011002, "outside_your_region"),
            (Role.PPS, Role.PPS, 6474011001, "role_not_lower"),
            (Role.BAWASLU, Role.BAWASLU, 647401, None),
            (Role.BAWASLU, Role.BAWASLU, 6474, "outside_your_region"),
            (Role.BAWASLU, Role.BAWASLU, 64, "outside_your_region"),
            (Role.BAWASLU, Role.VERIFIER, 6474, "role_not_lower"),
            (Role.VERIFIER, Role.PPS, 6474011001, "role_not_lower"),
            (Role.OPERATOR, Role.VERIFIER, 6474, "role_not_lower"),
        ],
    )
    def test_who_gives_what_where(self, db, granter, role, scope_id, code):
        by = somebody(granter)
        if code:
            assert refused(by, role, scope_id) == code
            assert not User.objects.filter(email=NEW["email"]).exists()
        else:
            assert invited(by, role, scope_id).is_invited

    def test_bawaslu_of_the_nation_gives_its_role_in_every_region(self, db):
        national = somebody((Role.BAWASLU, NATION, 0))
        assert invited(national, Role.BAWASLU, 64).is_invited
        assert refused(national, Role.BAWASLU, 0, email="lain@contoh.test") == "outside_your_region"

    def test_the_level_of_the_region_gives_bawaslu_its_title(self):
        titles = [title_of(Role.BAWASLU, code) for code in (0, 64, 6474, 647401, 6474011001)]
        assert titles == ["Bawaslu RI", "Bawaslu provinsi", "Bawaslu kabupaten/kota", "Panwascam", "PKD"]
        assert title_of(Role.PPK, 647401) == "PPK"


class TestInviting:
    def test_never_oneself(self, db):
        by = somebody(Role.KPU_REGENCY, email="KPU@contoh.test")
        assert refused(by, Role.VERIFIER, 6474, email="kpu@contoh.test") == "own_role"

    def test_nobody_of_a_team(self, db):
        somebody(Role.LO, email=NEW["email"])
        assert refused(somebody(Role.KPU_REGENCY), Role.VERIFIER, 6474) == "works_for_a_pair"

    def test_who_has_an_account_gets_one_role_more(self, db):
        user = somebody(Role.PPK, email=NEW["email"])
        assert invited(somebody(Role.KPU_REGENCY), Role.VERIFIER, 6474, email="Dewi@Contoh.test") == user
        assert set(user.assignments.values_list("role", flat=True)) == {"ppk", "verifier"}

    def test_the_link_is_mailed_and_can_be_mailed_again(self, committed):
        by = somebody(Role.KPU_REGENCY)
        user = invited(by, Role.VERIFIER, 6474)
        long_ago()
        granting.send_link_again(user.assignments.get(), by=by)
        work()
        assert [letter.to for letter in mail.outbox] == [[NEW["email"]], [NEW["email"]]]
        User.objects.filter(pk=user.pk).update(is_active=True)
        with pytest.raises(Conflict):
            granting.send_link_again(user.assignments.get(), by=by)


class TestEnding:
    def test_it_is_over_at_once(self, db):
        by, user = somebody(Role.KPU_REGENCY), somebody(Role.VERIFIER)
        page, api = as_user(user), client_of(user)
        assert page.get("/pasangan/").status_code == 200
        granting.end_staff(user.assignments.get(), by=by)
        assert page.get("/pasangan/").status_code == 302
        assert api.get("/api/v1/me/").status_code == 401
        event = Event.objects.get(name="role_ended")
        assert (event.by_id, event.subject_id, event.data["role"]) == (by.pk, user.pk, "verifier")

    def test_who_keeps_another_role_stays_logged_in(self, db):
        user = somebody(Role.VERIFIER, Role.PPK)
        page = as_user(user)
        granting.end_staff(user.assignments.get(role="verifier"), by=somebody(Role.KPU_REGENCY))
        assert page.get("/pasangan/").status_code == 200

    def test_an_invitation_is_called_off_and_the_address_is_free(self, db):
        by = somebody(Role.KPU_REGENCY)
        user = invited(by, Role.VERIFIER, 6474)
        granting.end_staff(user.assignments.get(), by=by)
        assert not User.objects.get(pk=user.pk).is_invited
        assert invited(by, Role.VERIFIER, 6474).pk != user.pk

    def test_nobody_ends_their_own_or_one_above(self, db):
        by = somebody(Role.KPU_REGENCY)
        above = somebody(Role.KPU_PROVINCE)
        for assignment in (by.assignments.get(), above.assignments.get()):
            with pytest.raises(NotAllowed):
                granting.end_staff(assignment, by=by)


@pytest.mark.django_db
class TestThePage:
    def test_it_lists_whom_one_may_end_and_nobody_else(self):
        by = somebody(Role.KPU_REGENCY, name="KPU sendiri")
        somebody(Role.VERIFIER, name="Verifikator Bontang")
        somebody(Role.BAWASLU, name="Pengawas Bontang")
        somebody((Role.VERIFIER, REGION, 6472), name="Verifikator Samarinda")
        somebody(Role.KPU_PROVINCE, name="KPU atasan")
        somebody(Role.OPERATOR, name="Operator tim")
        page = as_user(by).get("/petugas/").content.decode()
        assert "Verifikator Bontang" in page
        assert "Pengawas Bontang" in page
        assert "Bawaslu kabupaten/kota" in page
        for other in ("Verifikator Samarinda", "KPU atasan", "Operator tim"):
            assert other not in page
        assert "Tidak ada petugas yang cocok" in as_user(by).get("/petugas/?cari=zzz").content.decode()
        assert "Verifikator Bontang" in as_user(by).get("/petugas/?cari=BONTANG").content.decode()

    def test_it_invites_by_the_name_of_a_region(self):
        kpu = as_user(somebody(Role.KPU_REGENCY))
        form = NEW | {"role": "ppk", "region": "bontang utara"}
        assert kpu.post("/petugas/", form)["Location"] == "/petugas/"
        assert User.objects.get(email=NEW["email"]).assignments.get().scope_id == 647401

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"region": "Entah"}, "tidak dikenal"),
            ({"region": "647201"}, "di luar wilayah tugas Anda"),
            ({"region": "Nasional"}, "tidak dapat diberikan untuk wilayah ini"),
            ({"role": "kpu_ri"}, "tidak dapat Anda berikan"),
            ({"email": "dewi@"}, "Surel tidak lengkap"),
            ({"name": ""}, "Nama belum diisi"),
        ],
    )
    def test_what_is_wrong_is_said(self, changes, sentence):
        kpu = as_user(somebody(Role.KPU_REGENCY))
        answer = kpu.post("/petugas/", NEW | {"role": "ppk", "region": "647401"} | changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not User.objects.filter(email=NEW["email"]).exists()

    def test_another_territory_is_404(self):
        stranger = somebody((Role.VERIFIER, REGION, 6472)).assignments.get()
        kpu = as_user(somebody(Role.KPU_REGENCY))
        for step in ("akhiri", "tautan"):
            assert kpu.post(f"/petugas/{stranger.pk}/{step}/").status_code == 404

    def test_it_ends_and_sends_again(self):
        by = somebody(Role.KPU_REGENCY)
        one = invited(by, Role.VERIFIER, 6474).assignments.get()
        kpu = as_user(by)
        long_ago()
        assert "Tautan baru dikirim" in kpu.post(f"/petugas/{one.pk}/tautan/", follow=True).content.decode()
        assert "diakhiri" in kpu.post(f"/petugas/{one.pk}/akhiri/", follow=True).content.decode()
        assert not User.objects.get(email=NEW["email"]).assignments.exists()

    def test_pages_follow_each_other_and_queries_do_not_grow(self, django_assert_max_num_queries):
        by = somebody(Role.KPU_REGENCY)
        for number in range(55):
            somebody(Role.VERIFIER, name=f"Verifikator {number:02d}")
        kpu = as_user(by)
        with django_assert_max_num_queries(16):
            page = kpu.get("/petugas/").content.decode()
        assert "Verifikator 54" in page
        assert "Verifikator 04" not in page
        further = page.partition("?sebelum=")[2].partition('"')[0]
        second = kpu.get(f"/petugas/?sebelum={further}").content.decode()
        assert "Verifikator 04" in second
        assert "Verifikator 05" not in second


@pytest.mark.django_db
class TestTheApi:
    def test_list_invite_send_again_end(self):
        kpu = client_of(somebody(Role.KPU_REGENCY))
        body = NEW | {"role": "ppk", "scope_id": 647401}
        made = kpu.post("/api/v1/staff/", body, format="json")
        assert (made.status_code, made.json()["title"], made.json()["invited"]) == (201, "PPK", True)
        (listed,) = kpu.get("/api/v1/staff/").json()["results"]
        assert listed == made.json() == kpu.get(f"/api/v1/staff/{listed['id']}/").json()
        soon = kpu.post(f"/api/v1/staff/{listed['id']}/link/")
        assert (soon.status_code, soon.json()["code"], int(soon["Retry-After"]) > 100) == (
            429,
            "link_just_sent",
            True,
        )
        long_ago()
        assert kpu.post(f"/api/v1/staff/{listed['id']}/link/").status_code == 202
        assert kpu.delete(f"/api/v1/staff/{listed['id']}/").status_code == 204
        assert kpu.get("/api/v1/staff/").json()["results"] == []

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"role": "kpu_regency", "scope_id": 6474}, 403, "role_not_lower"),
            ({"scope_id": 647201}, 403, "outside_your_region"),
            ({"scope_id": 0}, 422, "scope_does_not_fit"),
            ({"role": "raja"}, 400, "invalid_choice"),
        ],
    )
    def test_what_may_not_be_given(self, changes, status, code):
        kpu = client_of(somebody(Role.KPU_REGENCY))
        answer = kpu.post(
            "/api/v1/staff/", NEW | {"role": "ppk", "scope_id": 647401} | changes, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not User.objects.filter(email=NEW["email"]).exists()
