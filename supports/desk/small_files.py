"""A small file that a page reads at once and keeps nowhere: a table of elections, which holds no person."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import CSRFCheck

from foundation.errors import NotAllowed


class _KeptInMemory(MemoryFileUploadHandler):
    """Never on the disk. How large the body may be, ``foundation.accounts.access`` has said before it is read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Whatever its size."""
        self.activated = True


def take_small_files(request: HttpRequest) -> None:
    """Read the body with its files into memory. The view is ``csrf_exempt``: the check, made here, reads the body.

    Refuses a form that is not ours.
    """
    request.upload_handlers = [_KeptInMemory(request)]
    check = CSRFCheck(lambda _request: None)
    check.process_request(request)
    if check.process_view(request, None, (), {}):
        message = _(
            "Formulir sudah kedaluwarsa, sehingga tidak ada yang disimpan. Muat ulang, lalu kirim lagi."
        )
        raise NotAllowed("page_expired", message)
