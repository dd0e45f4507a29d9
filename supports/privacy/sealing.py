"""What a request holds about who made it, sealed by the keys of its election: destroyed with them."""

import json
from typing import Any

from candidates.models import Election
from candidates.queries import key_scope
from foundation import seal
from foundation.keys.keyring import Keys, keyring
from supports.privacy.models import DataRequest, Mark
from supports.privacy.people import Person

TOLD, ANSWER, NOTE = "data request", "data request answer", "mark"


def keys_of(election: Election) -> Keys:
    """The keys of an election. Refuses when they were destroyed."""
    return keyring(key_scope(election))


def seal_told(request: DataRequest, told: dict[str, Any]) -> bytes:
    """Name, address and wish of whoever asks, bound to the request."""
    return _seal(json.dumps(told, ensure_ascii=False), request.pk, request.election, TOLD)


def open_told(request: DataRequest) -> dict[str, str]:
    """The same in clear: ``name``, ``email``, ``told``."""
    return json.loads(_open(request.sealed, request.pk, request.election, TOLD))


def seal_answer(request: DataRequest, text: str) -> bytes:
    """What was answered, bound to the request."""
    return _seal(text, request.pk, request.election, ANSWER)


def open_answer(request: DataRequest) -> str:
    """The same in clear; empty while nothing was answered."""
    return _open(request.answer, request.pk, request.election, ANSWER) if request.answer else ""


def seal_note(request: DataRequest, text: str) -> bytes:
    """What is to be corrected, bound to the request it came by."""
    return _seal(text, request.pk, request.election, NOTE)


def open_note(mark: Mark) -> str:
    """The same in clear; empty where there is none."""
    return _open(mark.note, mark.request_id, mark.election, NOTE) if mark.note else ""


def person_behind(request: DataRequest) -> Person:
    """Who asks, in clear. Raises SealBroken; refuses when the keys were destroyed."""
    keys = keys_of(request.election)
    nik = seal.open_nik(request.nik, keys.nik)
    return Person(nik, seal.open_birth_date(request.birth_date, keys.birth_date))


def _seal(text: str, pk: int, election: Election, purpose: str) -> bytes:
    return seal.seal_text(text, pk, seal.derive_key(keys_of(election).text, purpose))


def _open(sealed: bytes | memoryview, pk: int, election: Election, purpose: str) -> str:
    return seal.open_text(sealed, pk, seal.derive_key(keys_of(election).text, purpose))
