"""Letters go out after the commit, by a job; a mail server that is away costs nothing but time."""

import socket
from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models.functions import Now
from django.template import TemplateDoesNotExist

from foundation.accounts.models import Mail
from foundation.accounts.tasks import sweep_mail
from foundation.jobs.models import Job
from foundation.mail import GIVE_UP_AFTER, link_to, send_mail
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import stored_in
from tests.foundation.mail_server import MailServer

pytestmark = pytest.mark.usefixtures("committed")
SECRET = "rahasia-9f2c"
VALUES = {"name": "Rangga Contoh", "roles": "LO", "link": f"https://silon.contoh.test/?kunci={SECRET}"}


def send():
    return send_mail(to="lo@contoh.test", subject="Aktifkan akun", template="activation", context=VALUES)


def again(made):
    return Mail.objects.get(pk=made.pk)


@pytest.fixture
def smtp(settings):
    """Letters go by SMTP, to a port where nobody listens unless the test starts a server there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.EMAIL_PORT = free.getsockname()[1]
    return settings


def test_letter_goes_out_by_a_job_after_the_commit():
    with transaction.atomic():
        send()
        assert outgoing.outbox == []
    work()
    (letter,) = outgoing.outbox
    assert (letter.to, letter.subject) == (["lo@contoh.test"], "Aktifkan akun")
    assert VALUES["link"] in letter.body
    assert "Rangga Contoh" in letter.body


def test_letter_of_what_was_undone_is_never_sent():
    with pytest.raises(RuntimeError), transaction.atomic():
        send()
        raise RuntimeError
    work()
    assert (outgoing.outbox, Mail.objects.count()) == ([], 0)


def test_what_it_says_lies_in_no_row_in_clear_and_is_erased_once_sent():
    made = send()
    assert SECRET not in stored_in(Mail, Job, Event)
    assert SECRET.encode() not in bytes(made.sealed)
    work()
    sent = again(made)
    assert (sent.sealed, sent.next_try_at, sent.tries) == (None, None, 1)
    assert sent.sent_at is not None


def test_letter_reaches_a_real_server_in_letters_of_this_language(smtp):
    server = MailServer()
    smtp.EMAIL_PORT = server.port
    server.start()
    send()
    work()
    server.close()
    (letter,) = server.letters
    assert letter["To"] == "lo@contoh.test"
    assert VALUES["link"] in letter.get_content().replace("=\n", "")


def test_server_that_is_away_is_tried_again_until_it_is_there(smtp, caplog):
    made = send()
    work()
    waiting = again(made)
    assert (waiting.tries, waiting.sent_at) == (1, None)
    assert Job.objects.get().state == "done"
    assert SECRET not in caplog.text
    assert "lo@contoh.test" not in caplog.text
    sweep_mail()
    work()
    assert again(made).tries == 1, "not before its time"
    server = MailServer()
    smtp.EMAIL_PORT = server.port
    server.start()
    Mail.objects.update(next_try_at=Now() - timedelta(seconds=1))
    sweep_mail()
    sweep_mail()
    work()
    server.close()
    assert len(server.letters) == 1
    assert again(made).sent_at is not None


def test_letter_is_given_up_after_three_days_and_erased(smtp, caplog):
    made = send()
    Mail.objects.update(created_at=Now() - GIVE_UP_AFTER - timedelta(minutes=1))
    work()
    given_up = again(made)
    assert (given_up.sealed, given_up.next_try_at, given_up.sent_at) == (None, None, None)
    assert f"Mail {made.pk} (activation) is given up" in caplog.text


def test_worker_that_died_after_sending_sends_it_once_more_at_most():
    made = send()
    job = Job.objects.get()
    work()
    Job.objects.filter(pk=job.pk).update(state="queued")
    work()
    assert len(outgoing.outbox) == 1
    assert again(made).tries == 1


def test_template_that_is_missing_is_told_to_the_caller():
    with pytest.raises(TemplateDoesNotExist):
        send_mail(to="a@contoh.test", subject="x", template="tidak-ada", context={})
    assert not Mail.objects.exists()


def test_links_need_to_know_where_the_site_is(settings):
    settings.SITE_URL = "https://silon.contoh.test/"
    assert link_to("/akun/") == "https://silon.contoh.test/akun/"
    settings.SITE_URL = ""
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        link_to("/akun/")
