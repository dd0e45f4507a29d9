"""What a thread or a message may not be, and who may not write it; each refusal with its sentence."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from candidates.models import Pair
from candidates.templatetags.wording import number
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from supports.help_desk import queries
from supports.help_desk.kinds import KINDS
from supports.help_desk.models import Message, Thread
from supports.help_desk.texts import holds_nik

MOST_LETTERS = 4_000
MOST_MESSAGES = 200
REOPENED_WITHIN = timedelta(days=30)


def tidy_subject(subject: str) -> str:
    """One line. Refuses none, one that is too long, and one that holds a NIK: it is stored in clear."""
    tidy = " ".join(subject.replace("\x00", "").split())
    longest = Thread._meta.get_field("subject").max_length
    if not tidy:
        message = _("Pokok pertanyaan belum diisi. Tulis dalam satu kalimat apa yang ditanyakan.")
        raise Refused("subject_missing", message, "subject")
    if len(tidy) > longest:
        message = _("Pokok pertanyaan lebih dari %(most)s huruf. Pindahkan rinciannya ke isi pertanyaan.")
        raise Refused("subject_too_long", message % {"most": longest}, "subject")
    if holds_nik(tidy):
        message = _("Pokok pertanyaan memuat 16 digit seperti NIK. Hapus NIK itu, lalu kirim lagi.")
        raise Refused("nik_in_subject", message, "subject")
    return tidy


def tidy_text(text: str) -> str:
    """Without blanks around it. Refuses nothing, and more than a letter."""
    tidy = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not tidy:
        message = _("Isi belum ditulis, sehingga tidak ada yang dikirim. Tulis pertanyaan atau jawabannya.")
        raise Refused("text_missing", message, "text")
    if len(tidy) > MOST_LETTERS:
        message = _(
            "Isi terlalu panjang: %(n)s huruf, paling banyak %(most)s. Ringkas, atau lampirkan sebagai dokumen."
        )
        counts = {"n": number(len(tidy)), "most": number(MOST_LETTERS)}
        raise Refused("text_too_long", message % counts, "text")
    return tidy


def refuse_nik(text: str, field: str) -> None:
    """Refuse sixteen digits in what a citizen writes: nobody needs them to answer."""
    if holds_nik(text):
        message = _(
            "Tulisan ini memuat 16 digit seperti NIK, sehingga tidak dikirim. Hapus NIK itu; KPU tidak memerlukannya "
            "untuk menjawab, dan akan meminta bukti melalui saluran resmi bila perlu."
        )
        raise Refused("nik_in_text", message, field)


def refuse_foreign_thing(kind: str, thing_id: int, pair: Pair, by: User) -> str:
    """What a thread calls the thing it is attached to. Refuses a kind or a thing that is not there for who asks."""
    found = KINDS[kind].visible(by, pair).filter(pk=thing_id).first() if kind in KINDS else None
    if found is None:
        message = _(
            "Yang hendak ditanyakan tidak ada, sudah dihapus, atau di luar wewenang Anda. Buka lagi halamannya, lalu "
            "tanyakan dari sana."
        )
        raise Refused("attached_unknown", message, "attached")
    return KINDS[kind].name(found)[: Thread._meta.get_field("attached_title").max_length]


def refuse_stranger(thread: Thread, by: User | None) -> None:
    """Refuse who is not on the side that asks. ``by=None``: the citizen, who came by the mailed link."""
    if by is None and thread.created_by_id is None:
        return
    if by is None or not queries.threads_of_team(by, Permission.ASK_HELP).filter(pk=thread.pk).exists():
        message = _("Hanya yang bertanya yang dapat menulis di sini. Petugas menjawab melalui meja bantuan.")
        raise NotAllowed("not_the_asker", message)


def refuse_other_office(thread: Thread, by: User) -> None:
    """Refuse who does not answer at the desk where the thread lies."""
    if not queries.answers_at(by, thread.desk):
        office = queries.office_names([thread.desk])[thread.desk]
        message = _("Pertanyaan ini berada di meja %(office)s, sehingga hanya dapat dijawab dari sana.")
        raise NotAllowed("at_another_desk", message % {"office": office})


def refuse_held(thread: Thread, by: User) -> None:
    """Refuse to answer what a colleague holds."""
    if thread.holder_id not in (None, by.pk):
        message = _(
            "Pertanyaan ini sedang dipegang %(name)s, sehingga belum ada yang dikirim. Ambil alih dahulu bila Anda "
            "yang menjawab; tulisan Anda tetap ada di halaman ini."
        )
        raise Conflict("thread_held", message % {"name": thread.holder})


def refuse_unread(thread: Thread, seen: int) -> None:
    """Refuse to write to a thread in which something was written that its writer has not seen."""
    if seen == thread.written:
        return
    newest = Message.objects.select_related("created_by").filter(thread=thread).order_by("-number").first()
    if newest is None or not newest.office:
        message = _(
            "Penanya menulis lagi sementara Anda mengetik, sehingga tulisan Anda belum dikirim. Baca tulisannya; "
            "tulisan Anda tetap ada di bawah."
        )
    else:
        message = _(
            "KPU sudah menjawab sementara Anda mengetik, sehingga tulisan Anda belum dikirim. Baca jawabannya; tulisan "
            "Anda tetap ada di bawah."
        )
    raise Conflict("answered_meanwhile", message)


def refuse_full(thread: Thread) -> None:
    """Refuse to go on for ever in one thread."""
    if thread.written >= MOST_MESSAGES:
        message = _("Percakapan ini sudah berisi %(most)s tulisan. Ajukan pertanyaan baru.")
        raise Refused("thread_full", message % {"most": MOST_MESSAGES}, "text")


def refuse_long_closed(thread: Thread, moment: datetime) -> None:
    """Refuse to reopen what was closed too long ago."""
    if thread.closed_at and moment - thread.closed_at > REOPENED_WITHIN:
        message = _(
            "Pertanyaan ini ditutup lebih dari %(days)s hari yang lalu, sehingga tidak dapat dibuka lagi. Ajukan "
            "pertanyaan baru."
        )
        raise Refused("closed_too_long", message % {"days": REOPENED_WITHIN.days})
