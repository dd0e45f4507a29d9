"""The pair with which the story of Bontang 2024 is played in the demo: its team, and open windows for two rounds."""

from datetime import timedelta

from django.conf import settings

from candidates.models import Pair, Window
from candidates.operations import create_pair, open_window
from candidates.queries import now, window_state
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role, create_user
from silon.demo import OPEN_DAYS, seed_demo
from silon.demo_accounts import STORY_ACCOUNT

PAIR, HEAD, DEPUTY = "Satria Umpama – Dewi Contoh", "Satria Umpama", "Dewi Contoh"
STAGES = ("awal", "perbaikan_1")


def prepare_story() -> Pair:
    """The pair, without a row, and its operator; making it twice changes nothing. Only for the demo."""
    election = seed_demo()
    pair = election.pairs.filter(name=PAIR).first()
    if pair is None:
        pair = create_pair(election, by=None, name=PAIR, head=HEAD, deputy=DEPUTY)
    _open_windows(pair)
    user = User.objects.filter(username=STORY_ACCOUNT).first()
    if user is None:
        name = "Operator pasangan ketiga"
        user = create_user(STORY_ACCOUNT, name=name, password=settings.DEMO_PASSWORD, by=None)
    assign_role(user, Role.OPERATOR, scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=None)
    return pair


def _open_windows(pair: Pair) -> None:
    """Both rounds at once, so that nobody has to wait for the second."""
    moment = now()
    for stage in STAGES:
        for kind in (Window.Kind.FILLING, Window.Kind.HANDING_IN):
            if not window_state(pair, kind, stage).open:
                open_window(
                    pair.election,
                    by=None,
                    stage=stage,
                    kind=kind,
                    opens_at=moment - timedelta(minutes=1),
                    closes_at=moment + timedelta(days=OPEN_DAYS),
                    decree="Jadwal peragaan",
                )
