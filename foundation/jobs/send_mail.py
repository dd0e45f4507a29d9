"""Job: one letter handed to the mail server. One that is away ends the job in good order: the letter waits."""

from foundation.accounts.models import Mail
from foundation.jobs.runner import Run
from foundation.mail import settle, try_to_send


def send_mail(run: Run) -> None:
    """Send it unless that was done already. A worker that dies in between may send it twice, never not at all."""
    mail = Mail.objects.get(pk=run.job.subject_id)
    waits = mail.next_try_at is not None
    sent = waits and try_to_send(mail)
    with run.effects():
        if waits:
            settle(mail, sent)
