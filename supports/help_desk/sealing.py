"""Messages and citizens' addresses are sealed: by the keys of the election they are about, else by those of accounts.

Whoever destroys an election's keys ends its threads, too. A blob is bound to its place: it opens nowhere else.
"""

import json
from dataclasses import dataclass

from candidates.queries import key_scope
from foundation.keys.keyring import keyring
from foundation.seal import derive_key, open_text, seal_text
from supports.help_desk.models import Message, Thread

OF_NO_ELECTION = "accounts"
NUMBER_BITS = 12


@dataclass(frozen=True)
class Contact:
    """How a citizen is called and reached."""

    name: str
    email: str


def scope_of(thread: Thread) -> str:
    """The scope of the keys that seal a thread."""
    return key_scope(thread.election) if thread.election else OF_NO_ELECTION


def seal_message(thread: Thread, number: int, text: str) -> bytes:
    """What is stored of a message."""
    return seal_text(text, _place(thread.pk, number), _key(thread, "messages"))


def open_messages(thread: Thread, messages: list[Message]) -> list[str]:
    """Their texts. Refuses when the keys were destroyed."""
    key = _key(thread, "messages")
    return [open_text(one.sealed, _place(thread.pk, one.number), key) for one in messages]


def seal_contact(thread: Thread, contact: Contact) -> bytes:
    """What is stored of a citizen."""
    text = json.dumps({"name": contact.name, "email": contact.email})
    return seal_text(text, thread.pk, _key(thread, "contact"))


def open_contact(thread: Thread) -> Contact | None:
    """Who asks, for who may answer; None when it is a pair. Refuses when the keys were destroyed."""
    if thread.contact is None:
        return None
    return Contact(**json.loads(open_text(thread.contact, thread.pk, _key(thread, "contact"))))


def _key(thread: Thread, purpose: str) -> bytes:
    return derive_key(keyring(scope_of(thread)).text, f"help desk {purpose}")


def _place(thread_id: int, number: int) -> int:
    return thread_id << NUMBER_BITS | number
