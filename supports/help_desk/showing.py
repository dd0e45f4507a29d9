"""A thread as its readers see it: who wrote, what, with NIKs hidden from who may not open identities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from candidates.queries import pairs_visible_to
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from foundation.attachments.models import Attachment
from foundation.keys.keyring import KeysDestroyed
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from supports.help_desk import queries
from supports.help_desk.models import Message, Thread
from supports.help_desk.sealing import Contact, open_contact, open_messages
from supports.help_desk.texts import holds_nik, mask_niks


@dataclass(frozen=True)
class Entry:
    """One message on a page."""

    number: int
    office: bool
    who: str
    text: str
    at: datetime
    attachment: Attachment | None


@dataclass(frozen=True)
class Shown:
    """A thread's messages, and the citizen who asks for who may know; ``gone``: its keys were destroyed."""

    entries: list[Entry]
    contact: Contact | None = None
    gone: bool = False


def shown(thread: Thread, user: AnyUser) -> Shown:
    """What this reader may read of a thread; identities among it are on record (``foundation.readings``).

    As many queries for two hundred messages as for one.
    """
    answers = queries.answers_at(user, thread.desk) or queries.answers_at(user, thread.region)
    messages = queries.messages_of(thread)
    try:
        texts = open_messages(thread, messages)
        contact = open_contact(thread) if answers else None
    except KeysDestroyed:
        return Shown([], gone=True)
    niks = sum(map(holds_nik, texts)) if _opens_identities(thread, user) else 0
    if not niks:
        texts = [mask_niks(text) for text in texts]
    if niks or contact:
        record_reading(Kind.HELP, thread, by=user, rows=niks, thread=thread.pk, contact=contact is not None)
    asker = contact.name if contact else _("Warga")
    return Shown(_entries(messages, texts, asker, names_staff=answers), contact)


def shown_to_citizen(thread: Thread) -> Shown:
    """The thread for the citizen whose it is."""
    messages = queries.messages_of(thread)
    try:
        texts = [mask_niks(text) for text in open_messages(thread, messages)]
    except KeysDestroyed:
        return Shown([], gone=True)
    return Shown(_entries(messages, texts, _("Anda"), names_staff=False))


def _entries(
    messages: Sequence[Message], texts: Sequence[str], asker: str, *, names_staff: bool
) -> list[Entry]:
    return [
        Entry(one.number, one.office, _who(one, asker, names_staff), text, one.created_at, one.attachment)
        for one, text in zip(messages, texts, strict=True)
    ]


def _who(message: Message, asker: str, names_staff: bool) -> str:
    """An officer answers for the office: outside it nobody reads which one."""
    if message.office:
        return str(message.created_by) if names_staff else _("KPU")
    return str(message.created_by) if message.created_by else asker


def _opens_identities(thread: Thread, user: AnyUser) -> bool:
    if thread.pair_id is None:
        return scopes(user, Permission.OPEN_IDENTITY).contains_region(thread.region)
    return pairs_visible_to(user, Permission.OPEN_IDENTITY).filter(pk=thread.pair_id).exists()
