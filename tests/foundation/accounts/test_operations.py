"""Accounts and roles are given by operations, and each is an Event."""

import pytest

from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role, create_user
from foundation.errors import Refused
from foundation.workflow.models import Event
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db
PASSWORD = "melati-di-tepi-kali"


def test_a_new_account_has_no_role():
    admin = somebody(Role.KPU_RI)
    user = create_user("operator", name="Operator Contoh", password=PASSWORD, by=admin)
    assert user.check_password(PASSWORD)
    assert not user.assignments.exists()
    event = Event.objects.get()
    assert (event.name, event.subject_id, event.by_id) == ("user_created", user.pk, admin.pk)


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("OPERATOR", PASSWORD, "username_taken"),
        ("baru", "pendek", "password_weak"),
        ("baru", "1234567890", "password_weak"),
    ],
)
def test_taken_name_and_weak_password_are_refused(username, password, code):
    User.objects.create(username="operator")
    with pytest.raises(Refused) as refusal:
        create_user(username, name="", password=password, by=None)
    assert refusal.value.code == code
    assert not Event.objects.exists()


def test_a_role_is_given_once():
    user = somebody()
    for _ in range(2):
        assign_role(user, Role.LO, scope_kind=ScopeKind.PAIR, scope_id=3, by=None)
    assert list(user.assignments.values_list("role", "scope_kind", "scope_id")) == [("lo", "pair", 3)]
    event = Event.objects.get()
    assert event.data == {"role": "lo", "scope_kind": "pair", "scope_id": 3}


@pytest.mark.parametrize(
    ("role", "kind", "scope_id"),
    [
        (Role.LO, ScopeKind.REGION, 6474),
        (Role.LO, ScopeKind.PAIR, 0),
        (Role.KPU_RI, ScopeKind.NATION, 1),
        (Role.KPU_PROVINCE, ScopeKind.REGION, 6474),
        (Role.KPU_REGENCY, ScopeKind.REGION, 64),
        (Role.PPK, ScopeKind.REGION, 6474),
        (Role.PPS, ScopeKind.REGION, 647401),
        (Role.OBSERVER, ScopeKind.PAIR, 3),
    ],
)
def test_a_scope_that_does_not_fit_is_refused(role, kind, scope_id):
    user = somebody()
    with pytest.raises(Refused) as refusal:
        assign_role(user, role, scope_kind=kind, scope_id=scope_id, by=None)
    assert refusal.value.code == "scope_does_not_fit"
    assert not user.assignments.exists()
