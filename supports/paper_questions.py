"""What the addresses of the forms ask for: which round, which area."""

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest

from candidates.models import Pair
from foundation.accounts.matrix import Permission
from foundation.regions.queries import path_names
from supports.models import Submission
from supports.papers.overview import ELSEWHERE, may_name
from supports.progress import UNPLACED
from supports.queries import submissions_visible_to


def round_of(request: HttpRequest, pair: Pair, permission: Permission) -> Submission | None:
    """The pair's round that ``?putaran=`` names, else its latest, if any."""
    rounds = submissions_visible_to(request.user, permission).filter(pair=pair, kind=Submission.Kind.ROUND)
    if stage := request.GET.get("putaran"):
        rounds = rounds.filter(stage=stage)
    found = rounds.select_related("pair__election__rule_set", "rule_set").order_by("-id").first()
    if found:
        prefetch_related_objects([found.pair.election], "areas")
    return found


def round_or_404(request: HttpRequest, pair: Pair, permission: Permission) -> Submission:
    """As ``round_of``. Raises Http404 when there is none."""
    found = round_of(request, pair, permission)
    if found is None:
        raise Http404
    return found


def area_asked(request: HttpRequest) -> int:
    """The region of ``?wilayah=``, 0 for none; "lain" for what lies in none. Raises Http404."""
    text = request.GET.get("wilayah", "")
    if text == "lain":
        return ELSEWHERE
    code = number_asked(request, "wilayah")
    if code and not may_name(code):
        raise Http404
    return code


def area_title(code: int) -> str:
    """The name of what is looked into; empty for everything."""
    if code == ELSEWHERE:
        return UNPLACED
    names = path_names(code) if code else ()
    return names[-1] if names else ""


def number_asked(request: HttpRequest, name: str) -> int:
    """A number of the address, 0 when it is not there. Raises Http404 for something else."""
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise Http404
    return int(text or 0)
