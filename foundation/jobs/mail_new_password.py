"""Job: the link with which somebody who forgot a password chooses another, if the address is an account's."""

from foundation.accounts.passwords import mail_link
from foundation.jobs.runner import Run


def mail_new_password(run: Run) -> None:
    """Make the link and queue the letter; an address of nobody ends the job alike."""
    with run.effects():
        mail_link(run.job.params["sealed"])
