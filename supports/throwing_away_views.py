"""The page on which a practice election is thrown away: what goes, confirmed by typing its name."""

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.election_forms import NameForm
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.web import add_refusal
from supports.election_change_views import election_or_404
from supports.models import Tally, Upload
from supports.throwing_away import JOB, request_throwing_away


@never_cache
@declare(Permission.CHANGE_ELECTION)
def throwing_away(request: HttpRequest, election_id: int) -> HttpResponse:
    """How much would go; POST with the name lets a job take it away. A real election has no such page."""
    election = election_or_404(request, election_id)
    if not election.practice:
        raise Http404
    form = NameForm(election.name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_throwing_away(election, by=request.user, name=form.cleaned_data["name"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("“%(name)s” sedang dibuang.") % {"name": election.name})
            return redirect("pairs")
    latest = Job.objects.filter(kind=JOB, subject_id=election.pk).order_by("-id").first()
    statuses = Tally.objects.filter(
        submission__pair__election=election, key__in=("unverified", "MS", "BMS", "TMS")
    )
    context = {
        "election": election,
        "form": form,
        "pairs": election.pairs.count(),
        "uploads": Upload.objects.filter(submission__pair__election=election).count(),
        "rows": statuses.aggregate(n=Sum("n"))["n"] or 0,
        "working": latest is not None and latest.state in ("queued", "running"),
        "failed": latest.error_message if latest and latest.state == "failed" else "",
    }
    return render(request, "supports/throwing_away.html", context, status=422 if form.errors else 200)
