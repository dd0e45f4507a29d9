import base64
import io
import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from foundation import seal
from foundation.keys import keyring as keyring_module
from foundation.keys.checks import kek_is_right
from foundation.keys.keyring import PURPOSES, Keys, KeysDestroyed, check_kek, keyring
from foundation.keys.models import SealedKey
from foundation.keys.operations import destroy_keys, rotate_kek
from foundation.keys.startup import verify_kek
from foundation.workflow.models import Event

NEW_KEK = bytes(range(32))
NIK = "6474015302799001"


def raw(keys):
    return [getattr(keys, purpose) for purpose in PURPOSES]


def stored():
    return sorted(SealedKey.objects.values_list("scope", "purpose", "kek_id", "wrapped"))


def wrapped_now():
    """Keys that are still there: the check value, six of each scope, those of accounts when tests before made them."""
    return SealedKey.objects.exclude(wrapped=None).count()


def test_keys_of_a_scope_are_random_and_stay_the_same(db):
    first, again, other = keyring("election:1"), keyring("election:1"), keyring("election:2")

    assert first == again
    assert len(set(raw(first) + raw(other))) == 12
    assert {len(key) for key in raw(first)} == {32}


def test_keys_are_stored_only_wrapped(db):
    keys = keyring("election:1")
    rows = SealedKey.objects.filter(scope="election:1")

    assert {row.purpose for row in rows} == set(PURPOSES)
    for row in rows:
        assert len(row.wrapped) == 12 + 32 + 16
        assert not any(key in bytes(row.wrapped) for key in raw(keys))


def test_keys_do_not_show_when_printed(db):
    assert repr(keyring("election:1")) == "Keys()"


def test_missing_purpose_is_made_and_the_others_stay(db):
    before = keyring("election:1")
    SealedKey.objects.filter(scope="election:1", purpose="file").delete()

    after = keyring("election:1")

    assert raw(after)[:5] == raw(before)[:5]
    assert after.file != before.file


def test_wrapped_key_moved_to_another_purpose_or_scope_does_not_open(db):
    keyring("election:1")
    wrapped = SealedKey.objects.get(scope="election:1", purpose="nik").wrapped
    for scope, purpose in (("election:1", "phone"), ("election:2", "nik")):
        keyring(scope)
        with transaction.atomic():
            SealedKey.objects.filter(scope=scope, purpose=purpose).update(wrapped=wrapped)
            with pytest.raises(ImproperlyConfigured):
                keyring(scope)
            transaction.set_rollback(True)


def test_several_at_once_get_the_same_keys(committed):
    found, start = [], threading.Barrier(6)

    def ask():
        start.wait()
        found.append(keyring("election:1"))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    assert len({tuple(raw(keys)) for keys in found}) == 1


def test_keys_of_a_transaction_that_failed_are_not_remembered(committed):
    with transaction.atomic():
        lost = keyring("election:1")
        transaction.set_rollback(True)

    assert not SealedKey.objects.filter(scope="election:1").exists()
    assert keyring("election:1") != lost


def test_remembered_keys_cost_no_query(committed, django_assert_num_queries):
    keyring("election:1")

    with django_assert_num_queries(0):
        keyring("election:1")


# ---- destruction


def test_destroyed_keys_open_nothing_any_more(committed):
    sealed = seal.seal_nik(NIK, keyring("election:1").nik)
    kept = seal.seal_nik(NIK, keyring("election:2").nik)

    assert destroy_keys("election:1", by=None) == 6

    with pytest.raises(KeysDestroyed) as refused:
        keyring("election:1")
    assert refused.value.code == "keys_destroyed"
    assert not SealedKey.objects.filter(scope="election:1").exclude(wrapped=None).exists()
    assert seal.open_nik(kept, keyring("election:2").nik) == NIK
    with pytest.raises(seal.SealBroken):
        seal.open_nik(sealed, keyring("election:2").nik)


def test_destruction_is_an_event_without_keys(db):
    destroy_keys("election:1", by=None)

    event = Event.objects.get(name="keys_destroyed")
    assert event.data == {"scope": "election:1", "keys": 6}


def test_destroying_again_does_nothing(db):
    destroy_keys("election:1", by=None)

    assert destroy_keys("election:1", by=None) == 0
    assert Event.objects.filter(name="keys_destroyed").count() == 1


def test_check_value_cannot_be_destroyed(db):
    with pytest.raises(ValueError):
        destroy_keys("kek", by=None)


def test_database_refuses_a_destroyed_key_that_is_still_there(db):
    keyring("election:1")

    with pytest.raises(IntegrityError, match="sealed_key_is_there_or_destroyed"):
        SealedKey.objects.filter(scope="election:1").update(wrapped=None)


# ---- the key-encryption key


def test_right_kek_starts(db):
    check_kek()
    verify_kek()

    assert kek_is_right(None, databases=["default"]) == []


def test_wrong_kek_stops_the_start(committed, settings):
    check_kek()
    settings.SILON_KEK = NEW_KEK

    with pytest.raises(ImproperlyConfigured, match="SILON_KEK"):
        verify_kek()
    assert connection.connection is None
    assert [error.id for error in kek_is_right(None, databases=["default"])] == ["keys.E001"]
    assert kek_is_right(None, databases=None) == []


def test_wrong_kek_is_named_without_being_shown(db, settings):
    check_kek()
    right = settings.SILON_KEK
    settings.SILON_KEK = NEW_KEK

    with pytest.raises(ImproperlyConfigured) as refused:
        check_kek()
    for key in (right, NEW_KEK):
        assert keyring_module.kek_id(key) in str(refused.value)
        assert key.hex() not in str(refused.value)
        assert base64.b64encode(key).decode() not in str(refused.value)


def test_wrong_kek_makes_no_keys(db, settings):
    check_kek()
    settings.SILON_KEK = NEW_KEK

    with pytest.raises(ImproperlyConfigured):
        keyring("election:1")
    assert not SealedKey.objects.filter(scope="election:1").exists()


@pytest.mark.parametrize(
    "start",
    [["-c", "import silon.wsgi"], ["-m", "celery", "-A", "silon", "worker", "--pool", "solo"]],
    ids=["web", "worker"],
)
def test_process_with_a_wrong_kek_ends_at_once(committed, start):
    environ = os.environ | {"SILON_KEK": base64.b64encode(NEW_KEK).decode()}
    environ.pop("SILON_KEK_FILE", None)

    ended = subprocess.run(
        [sys.executable, *start], env=environ, capture_output=True, text=True, timeout=300, check=False
    )

    assert ended.returncode != 0
    assert f"SILON_KEK (id {keyring_module.kek_id(NEW_KEK)}) does not open" in ended.stderr


def test_system_check_is_registered_for_databases(db):
    assert kek_is_right in checks.registry.registry.get_checks()
    assert checks.Tags.database in kek_is_right.tags


def test_rotation_keeps_every_key(db, settings):
    keyring("election:1")
    destroy_keys("election:2", by=None)
    before, keys = stored(), keyring("election:1")

    rotated = rotate_kek(settings.SILON_KEK, NEW_KEK)

    assert rotated == wrapped_now()
    assert {kek_id for scope, _, kek_id, _ in stored() if scope != "election:2"} == {
        keyring_module.kek_id(NEW_KEK)
    }
    assert not {bytes(wrapped) for *_, wrapped in before if wrapped} & {
        bytes(wrapped) for *_, wrapped in stored() if wrapped
    }
    with pytest.raises(ImproperlyConfigured):
        keyring("election:1")
    settings.SILON_KEK = NEW_KEK
    check_kek()
    assert keyring("election:1") == keys
    with pytest.raises(KeysDestroyed):
        keyring("election:2")


def test_rotation_from_a_wrong_kek_changes_nothing(db):
    keyring("election:1")
    before = stored()

    with pytest.raises(ImproperlyConfigured):
        rotate_kek(NEW_KEK, os.urandom(32))

    assert stored() == before


def test_rotate_kek_command_takes_the_new_key_from_the_environment(db, settings, monkeypatch, tmp_path):
    keys = keyring("election:1")
    kek_file = tmp_path / "kek"
    kek_file.write_text(base64.b64encode(NEW_KEK).decode() + "\n")
    monkeypatch.setenv("SILON_KEK_NEW_FILE", str(kek_file))
    out, wrapped = io.StringIO(), wrapped_now()

    call_command("rotate_kek", stdout=out)

    assert out.getvalue().startswith(f"{wrapped} kunci dibungkus ulang.")
    settings.SILON_KEK = NEW_KEK
    assert keyring("election:1") == keys


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_rotate_kek_command_refuses_what_is_no_key(db, monkeypatch, text):
    monkeypatch.setenv("SILON_KEK_NEW", text)

    with pytest.raises(CommandError, match="SILON_KEK_NEW"):
        call_command("rotate_kek")


def test_rotate_kek_command_refuses_the_present_key(db, monkeypatch):
    monkeypatch.setenv("SILON_KEK_NEW", base64.b64encode(settings.SILON_KEK).decode())

    with pytest.raises(CommandError, match="present"):
        call_command("rotate_kek")


def test_every_purpose_has_a_key():
    assert PURPOSES == ("nik", "phone", "birth_date", "text", "digest", "file")
    assert set(Keys.__dataclass_fields__) == set(PURPOSES)
