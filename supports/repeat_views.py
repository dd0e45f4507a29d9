"""One click on an upload's page: let it take the place of another, or take its copies out."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from supports import repeats
from supports.forms import ConfirmDiscardForm
from supports.progress import counts_of_uploads
from supports.repeat_offer_views import COPIES, prefix_of
from supports.upload_views import carry_out, show_upload, upload_or_404


@require_POST
@declare(Permission.UPLOAD)
def replace_upload(request: HttpRequest, upload_id: int, old_id: int) -> HttpResponse:
    """Let this upload take the place of another; the number of rows that go with that one has to be typed."""
    old = upload_or_404(request, old_id, Permission.UPLOAD)
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    if old.status == "loaded":
        rows = counts_of_uploads([old])[old.pk]["rows"]
        form = ConfirmDiscardForm(rows, request.POST, prefix=prefix_of(old))
        if not form.is_valid():
            return show_upload(request, upload, filled={prefix_of(old): form})
    return carry_out(request, upload, repeats.replace_upload, old=old)


@require_POST
@declare(Permission.UPLOAD)
def remove_copies(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Take the copies out of an upload; their number has to be typed."""
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    copies = repeats.copies_in(upload)
    if copies:
        form = ConfirmDiscardForm(copies, request.POST, prefix=COPIES)
        if not form.is_valid():
            return show_upload(request, upload, filled={COPIES: form})
    return carry_out(request, upload, repeats.remove_copies)
