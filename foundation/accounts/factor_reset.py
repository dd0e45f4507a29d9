"""Who lost phone and recovery codes: an office above takes the second step away, after seeing who it is."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.ending import end_access
from foundation.accounts.granting import refuse_others
from foundation.accounts.models import Assignment, User
from foundation.errors import Conflict, Refused
from foundation.mail import send_mail
from foundation.workflow.engine import record


def refuse_to_reset(assignment: Assignment, by: User) -> None:
    """Refuse oneself, whoever holds any role that ``by`` could not have given, and who has no second step."""
    for held in assignment.user.assignments.select_related("user"):
        refuse_others(held, by)
    if assignment.user.two_factor_at is None:
        message = _("Akun ini belum mengaktifkan verifikasi dua langkah, jadi tidak ada yang diatur ulang.")
        raise Conflict("two_factor_missing", message)


@transaction.atomic
def reset_second_factor(assignment: Assignment, *, by: User, reason: str, document: str) -> None:
    """Take the second step of a person away and end all access; at the next log-in it is set up anew.

    ``reason`` and ``document`` (the number of what showed who it is) stand in the Event; the person is told by mail.
    Refuses as ``refuse_to_reset``, and without either.
    """
    user = User.objects.select_for_update().get(pk=assignment.user_id)
    assignment.user = user
    refuse_to_reset(assignment, by)
    said = {"reason": " ".join(reason.split()), "document": " ".join(document.split())}
    _refuse_silence(said)
    Authenticator.objects.filter(user=user).delete()
    user.two_factor_at = None
    user.save(update_fields=["two_factor_at"])
    end_access(user, by=by, reason="two_factor_reset")
    record("two_factor_reset", user, by=by, **said)
    if user.email:
        send_mail(
            to=user.email,
            subject=_("Verifikasi dua langkah akun Anda diatur ulang"),
            template="two_factor_reset",
            context={"name": user.name, "by": str(by), "reason": said["reason"]},
        )


def _refuse_silence(said: dict[str, str]) -> None:
    if not said["reason"]:
        raise Refused("reason_missing", _("Alasan belum diisi. Tulis mengapa diatur ulang."), "reason")
    if not said["document"]:
        message = _(
            "Nomor dokumen belum diisi. Tulis dokumen yang membuktikan orangnya, misalnya nomor surat tugas."
        )
        raise Refused("document_missing", message, "document")
