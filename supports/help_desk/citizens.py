"""A citizen asks without an account, and follows the answer by a link that is mailed."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Election
from candidates.queries import now
from foundation.errors import Refused
from foundation.workflow import engine
from supports.help_desk import letters, queries, refusals
from supports.help_desk.models import Thread
from supports.help_desk.operations import add_message
from supports.help_desk.sealing import Contact, seal_contact

LONGEST_NAME = 100


@dataclass(frozen=True)
class _Question:
    """A question that was found in order."""

    contact: Contact
    subject: str
    text: str
    region: int


@transaction.atomic
def ask_as_citizen(
    *, name: str, email: str, subject: str, text: str, election: Election | None = None, province: int = 0
) -> Thread:
    """Ask the office of an election, of a province, or (neither is named) KPU RI. The link goes out by mail.

    Refuses what is empty or too long, an address that is none, and sixteen digits anywhere.
    """
    asked = _checked(name, email, subject, text, election, province)
    thread = Thread.objects.create(
        election=election,
        region=asked.region,
        desk=asked.region,
        subject=asked.subject,
        waiting_since=now(),
    )
    thread.contact = seal_contact(thread, asked.contact)
    thread.save(update_fields=["contact"])
    engine.record("help_thread_asked", thread, by=None, attached=queries.CITIZENS, desk=asked.region)
    add_message(thread, asked.text, by=None, office=False, document=None)
    letters.tell_received(thread)
    return thread


def refuse_question(
    *, name: str, email: str, subject: str, text: str, election: Election | None = None, province: int = 0
) -> None:
    """Refuse what ``ask_as_citizen`` would, before it is counted as a question."""
    _checked(name, email, subject, text, election, province)


def _checked(
    name: str, email: str, subject: str, text: str, election: Election | None, province: int
) -> _Question:
    contact = _contact(name, email)
    subject, text = refusals.tidy_subject(subject), refusals.tidy_text(text)
    refusals.refuse_nik(text, "text")
    return _Question(contact, subject, text, election.region_id if election else _province(province))


def _contact(name: str, email: str) -> Contact:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy or len(tidy) > LONGEST_NAME:
        message = _("Nama belum diisi, atau lebih dari %(most)s huruf. Tulis nama Anda.")
        raise Refused("name_missing", message % {"most": LONGEST_NAME}, "name")
    refusals.refuse_nik(tidy, "name")
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("Surel itu tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id.")
        raise Refused("email_invalid", message, "email") from error
    return Contact(tidy, address)


def _province(code: int) -> int:
    if code and code not in queries.offices_above_and_at(queries.NATION):
        message = _("Provinsi itu tidak dikenal. Pilih salah satu dari daftar.")
        raise Refused("province_unknown", message, "province")
    return code
