"""`manage.py create_user`: how the first account of a new system comes about."""

import io

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "melati-di-tepi-kali"


@pytest.fixture
def typed(monkeypatch):
    """The password arrives on standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


def test_first_account_gets_its_role(typed, capsys):
    call_command("create_user", "kpu", "--name=KPU Contoh", "--role=kpu_regency", "--region=6474")
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert list(user.assignments.values_list("role", "scope_kind", "scope_id")) == [
        ("kpu_regency", "region", 6474)
    ]
    assert capsys.readouterr().out == "Akun kpu dibuat sebagai KPU kabupaten/kota.\n"


def test_role_that_does_not_fit_its_place_leaves_no_account(typed):
    with pytest.raises(CommandError, match="tidak dapat diberikan untuk lingkup ini"):
        call_command("create_user", "lo", "--name=LO Contoh", "--role=lo")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("address", "sentence"), [("bukan", "salah tulis"), ("KPU@contoh.test", "sudah dipakai")]
)
def test_address_that_cannot_be_used_leaves_no_account(typed, address, sentence):
    User.objects.create(username="lama", email="kpu@contoh.test")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_user", "kpu", "--name=KPU", "--role=kpu_ri", f"--email={address}")
    assert User.objects.count() == 1


def test_address_is_where_a_forgotten_password_is_mended(typed):
    call_command("create_user", "kpu", "--name=KPU", "--role=kpu_ri", "--email=kpu@contoh.test")
    assert User.objects.get().email == "kpu@contoh.test"
