"""What calls of the API about pairs and uploads stand on: whose it is, and how an upload is shown."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from supports import api_shapes as shapes
from supports.models import Upload
from supports.progress import counts_of_uploads, places_of_uploads
from supports.queries import audience_of, places_read_by, uploads_visible_to
from supports.repeats import repeats_of


class OfPair:
    """Calls below one pair, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def pair(self) -> Pair:
        """The pair of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        pairs = pairs_visible_to(self.request.user, permission)
        return get_object_or_404(pairs.prefetch_related("election__areas"), pk=self.kwargs["pair"])


class OfUpload:
    """Calls about one upload, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def upload(self) -> Upload:
        """The upload of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        uploads = uploads_visible_to(self.request.user, permission)
        related = ("job", "submission__pair__election")
        return get_object_or_404(uploads.select_related(*related), pk=self.kwargs["upload"])

    def answer(self, upload: Upload, status: int = HTTPStatus.OK) -> Response:
        """The upload as it now is."""
        return Response(shown([upload], self.request.user, upload.submission.pair)[0], status=status)


def shown(uploads: Sequence[Upload], user: User, pair: Pair) -> list[dict[str, Any]]:
    """Uploads of a pair with their numbers; the number of queries does not grow with them."""
    places = places_read_by(user, pair, Permission.VIEW_UPLOADS)
    context = {
        "counts": counts_of_uploads(uploads, audience_of(user, pair), places),
        "places": places_of_uploads(uploads, places),
        "repeats": repeats_of(uploads, uploads_visible_to(user)),
    }
    return shapes.UploadAnswer(uploads, many=True, context=context).data
