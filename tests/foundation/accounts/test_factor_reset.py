"""Who lost the phone is let in again by an office above: seen, written down, told, and with every session ended."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from foundation.accounts.factor_reset import reset_second_factor
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import ApiToken, User
from foundation.accounts.operations import assign_role
from foundation.accounts.second_factor import set_up
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import somebody
from tests.foundation.accounts.test_staff import as_user
from tests.foundation.accounts.two_steps import SECRET, app_code
from tests.supports.calling import client_of

WHY = {"reason": "Ponsel hilang", "document": "ST-12/2024"}
REGION = ScopeKind.REGION


def verifier(**fields):
    user = somebody(Role.VERIFIER, two_factor_at=None, email="dewi@contoh.test", **fields)
    set_up(user, secret=SECRET, code=app_code(SECRET))
    return user


def refusal_of(user, by, **changes):
    with pytest.raises(Refused) as caught:
        reset_second_factor(user.assignments.first(), by=by, **WHY | changes)
    return caught.value


def test_everything_ends_and_the_person_is_told(committed):
    user, by = verifier(), somebody(Role.KPU_REGENCY)
    ApiToken.objects.create(user=user)
    epoch = User.objects.get(pk=user.pk).session_epoch
    reset_second_factor(user.assignments.get(), by=by, **WHY)
    work()
    current = User.objects.get(pk=user.pk)
    assert (current.two_factor_at, current.is_active) == (None, True)
    assert current.session_epoch > epoch
    assert not (Authenticator.objects.filter(user=user).exists() or current.auth_token_set.exists())
    event = Event.objects.get(name="two_factor_reset")
    assert (event.by_id, event.subject_id, event.data) == (by.pk, user.pk, WHY)
    (letter,) = mail.outbox
    assert letter.to == ["dewi@contoh.test"]
    assert "Ponsel hilang" in letter.body
    assert isinstance(refusal_of(user, by), Conflict)


def test_only_lower_roles_of_the_own_territory_and_never_oneself(db):
    user = verifier()
    for by in (
        somebody(Role.VERIFIER),
        somebody(Role.PPS),
        somebody((Role.KPU_REGENCY, REGION, 6472)),
        user,
    ):
        assert isinstance(refusal_of(user, by), NotAllowed)
    above = somebody(Role.KPU_PROVINCE)
    assert isinstance(refusal_of(above, somebody(Role.KPU_REGENCY)), NotAllowed)
    assert User.objects.get(pk=user.pk).two_factor_at


def test_a_role_elsewhere_is_not_opened_with_the_one_here(db):
    user, by = verifier(), somebody(Role.KPU_REGENCY)
    assign_role(user, Role.VERIFIER, scope_kind=REGION, scope_id=6472, by=None)
    assert isinstance(refusal_of(user, by), NotAllowed)


@pytest.mark.parametrize(("field", "code"), [("reason", "reason_missing"), ("document", "document_missing")])
def test_nothing_without_its_reason_and_document(db, field, code):
    refusal = refusal_of(verifier(), somebody(Role.KPU_REGENCY), **{field: " "})
    assert (refusal.code, refusal.field) == (code, field)


def test_on_the_page_and_through_rest(committed):
    user, by = verifier(), somebody(Role.KPU_REGENCY)
    here = user.assignments.get().pk
    kpu = as_user(by)
    assert f"/petugas/{here}/dua-langkah/" in kpu.get("/petugas/").content.decode()
    lacking = kpu.post(f"/petugas/{here}/dua-langkah/", {"reason": "", "document": ""})
    assert (lacking.status_code, "Nomor dokumen belum diisi" in lacking.content.decode()) == (422, True)
    address = f"/api/v1/staff/{here}/second-factor/"
    stranger = client_of(somebody((Role.KPU_REGENCY, REGION, 6472)))
    assert stranger.post(address, WHY, format="json").status_code == 404
    assert client_of(somebody(Role.VERIFIER)).post(address, WHY, format="json").status_code == 403
    assert (
        as_user(somebody((Role.KPU_REGENCY, REGION, 6472))).get(f"/petugas/{here}/dua-langkah/").status_code
        == 404
    )
    assert "diatur ulang" in kpu.post(f"/petugas/{here}/dua-langkah/", WHY, follow=True).content.decode()
    assert client_of(by).post(address, WHY, format="json").status_code == 409
