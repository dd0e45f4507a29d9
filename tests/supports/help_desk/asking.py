"""Questions for tests, asked and answered by the real operations. Every person is invented."""

from foundation.accounts.matrix import Role, ScopeKind
from supports.help_desk import operations
from supports.models import Support
from supports.rows import add_supports
from tests import factories
from tests.foundation.accounts.people import somebody

SUBJECT, TEXT = "Unggahan tidak selesai", "Berkas berhenti di 40 %. Sudah dicoba dua kali."


def team(**fields):
    """A pair and one of its operators."""
    pair = factories.pair()
    return pair, member(pair, **fields)


def member(pair, role=Role.OPERATOR, **fields):
    """Somebody more of the pair's team."""
    return somebody((role, ScopeKind.PAIR, pair.pk), **fields)


def officer(**fields):
    """Somebody of KPU Kota Bontang."""
    return somebody(Role.KPU_REGENCY, **fields)


def province():
    return somebody(Role.KPU_PROVINCE)


def asked(pair=None, by=None, **changes):
    """A question that waits."""
    if pair is None:
        pair, by = team()
    return operations.ask(pair, by=by, **{"subject": SUBJECT, "text": TEXT} | changes)


def answered(thread=None, by=None, text="Coba lagi.", **more):
    """One that KPU has answered."""
    thread = thread or asked()
    thread.refresh_from_db()
    operations.answer(thread, by=by or officer(), text=text, seen=thread.written, **more)
    thread.refresh_from_db()
    return thread


def row_of(pair, by, number=0):
    """A row that somebody of the team typed."""
    person = factories.person(number)
    (added,) = add_supports(pair, by=by, rows=[person])
    return Support.objects.get(pk=added.id)
