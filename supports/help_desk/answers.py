"""Frequent answers: published for everybody, changed with every version kept, withdrawn."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.text import slugify
from django.utils.translation import gettext as _

from candidates.queries import now
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow import engine
from supports.help_desk import refusals
from supports.help_desk.models import Answer, AnswerVersion, Thread
from supports.help_desk.wording import foreign_links

# Addresses under /bantuan/ that are other pages.
TAKEN = frozenset({"jawaban", "meja", "pertanyaan", "tanya", "terkirim", "utas"})
LONGEST_SLUG = 70


@dataclass(frozen=True)
class Said:
    """What an answer says."""

    title: str
    text: str
    topic: str
    position: int = 100

    def checked(self) -> "Said":
        """Tidied. Refuses what is empty or too long, sixteen digits, and links to elsewhere."""
        title, text = " ".join(self.title.split()), refusals.tidy_text(self.text)
        if not title or len(title) > Answer._meta.get_field("title").max_length:
            message = _("Judul belum diisi, atau lebih dari 150 huruf. Tulis seperti orang menanyakannya.")
            raise Refused("title_missing", message, "title")
        for field, value in (("title", title), ("text", text)):
            if refusals.holds_nik(value):
                message = _("Jawaban publik memuat 16 digit seperti NIK. Hapus, lalu simpan lagi.")
                raise Refused("nik_in_answer", message, field)
        if foreign := foreign_links(text):
            message = _(
                "Tautan “%(address)s” bukan halaman di situs ini. Pakai alamat yang dimulai dengan “/”, misalnya "
                "/aturan/."
            )
            raise Refused("foreign_link", message % {"address": foreign[0]}, "text")
        return Said(title, text, self.topic, self.position)


@transaction.atomic
def publish_answer(said: Said, *, by: User | None, thread: Thread | None = None) -> Answer:
    """Publish an answer at once, at an address made of its title. ``thread`` is the one it was written for."""
    said, region = said.checked(), _region(by)
    answer = Answer(
        slug=_free_slug(said.title),
        topic=said.topic,
        position=said.position,
        title=said.title,
        text=said.text,
        region=region,
        thread=thread,
        created_by=by,
    )
    try:
        with transaction.atomic():
            answer.save()
    except IntegrityError as error:
        message = _("Jawaban dengan judul itu baru saja diterbitkan. Muat ulang daftarnya.")
        raise Conflict("answer_exists", message, "title") from error
    _keep_version(answer, by)
    engine.record("answer_published", answer, by=by, slug=answer.slug)
    return answer


@transaction.atomic
def change_answer(answer: Answer, said: Said, *, by: User, version: int) -> Answer:
    """Write it anew; what it said before stays readable. Conflict when somebody changed ``version`` meanwhile."""
    said = said.checked()
    current = _own(answer, by)
    if current.version != version:
        message = _("Jawaban ini baru saja diubah orang lain. Baca isinya, lalu ulangi perubahan Anda.")
        raise Conflict("answer_changed", message)
    current.topic, current.position = said.topic, said.position
    if (current.title, current.text) != (said.title, said.text):
        current.title, current.text = said.title, said.text
        current.version += 1
        _keep_version(current, by)
    current.changed_at = now()
    current.save()
    engine.record("answer_changed", current, by=by, slug=current.slug, version=current.version)
    return current


@transaction.atomic
def withdraw_answer(answer: Answer, *, by: User) -> None:
    """Show it to nobody any more; its versions stay."""
    current = _own(answer, by)
    current.withdrawn_at, current.withdrawn_by = now(), by
    current.save()
    engine.record("answer_withdrawn", current, by=by, slug=current.slug)


def answers_shown(wanted: str = "") -> QuerySet[Answer]:
    """Those that everybody reads, by topic; with ``wanted`` those in which each of its words stands."""
    found = Answer.objects.filter(withdrawn_at=None).order_by("topic", "position", "pk")
    for word in wanted.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return found


def answers_changeable_by(user: AnyUser) -> QuerySet[Answer]:
    """The answers of one's own office and of those below it, not withdrawn."""
    held = scopes(user, Permission.PUBLISH_ANSWERS)
    found = Answer.objects.filter(withdrawn_at=None)
    if held.nation:
        return found
    inside = Q(region__in=held.regions)
    for code in (code for code in held.regions if code < 100):
        inside |= Q(region__range=(code * 100, code * 100 + 99))
    return found.filter(inside)


def _own(answer: Answer, by: User) -> Answer:
    current = Answer.objects.select_for_update().get(pk=answer.pk)
    if current.withdrawn_at:
        message = _("Jawaban ini sudah ditarik. Muat ulang daftarnya.")
        raise Conflict("answer_withdrawn", message)
    if not answers_changeable_by(by).filter(pk=answer.pk).exists():
        message = _("Jawaban ini diterbitkan kantor lain, sehingga hanya dapat diubah oleh kantor itu.")
        raise NotAllowed("outside_your_region", message)
    return current


def _region(by: User | None) -> int:
    if by is None:
        return 0
    held = scopes(by, Permission.PUBLISH_ANSWERS)
    if not held:
        raise NotAllowed("outside_your_region", _("Peran Anda tidak mencakup penerbitan jawaban."))
    return 0 if held.nation else min(held.regions)


def _free_slug(title: str) -> str:
    """An address that no other page has, also none that was withdrawn."""
    base = slugify(title)[:LONGEST_SLUG].strip("-") or "jawaban-kpu"
    similar = Answer.objects.filter(slug__startswith=base).order_by(Length("slug"))
    taken = TAKEN | set(similar.values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := base if number == 1 else f"{base}-{number}") not in taken
    )


def _keep_version(answer: Answer, by: User | None) -> None:
    AnswerVersion.objects.create(
        answer=answer, number=answer.version, title=answer.title, text=answer.text, created_by=by
    )
