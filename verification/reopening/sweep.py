"""By the clock: rulings whose windows have opened reopen their rounds, and rounds whose time has ended go on."""

import logging

from candidates.models import Ruling
from foundation import sql
from foundation.errors import Refused
from verification.reopening.operations import reopen_round
from verification.reopening.resuming import queue_due

log = logging.getLogger(__name__)


def sweep_reopenings() -> None:
    """One round of it; a ruling that cannot be carried out does not keep the others waiting."""
    for (pk,) in sql.rows("verification/list_rulings_to_reopen"):
        ruling = Ruling.objects.select_related("pair__election__rule_set", "attachment").get(pk=pk)
        try:
            reopen_round(ruling)
        except Refused as refusal:
            log.info("Ruling %s reopens nothing now: %s", pk, refusal.code)
        except Exception:
            log.exception("Ruling %s could not be carried out", pk)
    queue_due()
