"""One request with its document on its way in: the public page and the counter take it alike."""

from typing import Any

from django.http import HttpRequest

from candidates.models import Election
from candidates.queries import key_scope
from foundation.accounts.models import User
from foundation.attachments.operations import Document, drop_document, dropped_if_refused, take_document
from foundation.errors import Refused
from foundation.web import add_refusal
from supports.privacy.forms import WishForm
from supports.privacy.models import DataRequest
from supports.privacy.operations import file_request


class Filing:
    """Takes the document, checks the form, files the request. ``by``: the officer at the counter."""

    def __init__(self, request: HttpRequest, election: Election, by: User | None = None) -> None:
        self.http_status = 200
        self.refusal: Refused | None = None
        self._request, self._election, self._by = request, election, by
        self.form = self._form()

    def submit(self) -> tuple[DataRequest, str] | None:
        """The request and the secret of its link; None when the form says what is wrong."""
        try:
            document = take_document(self._request, key_scope(self._election), required=self._by is None)
        except Refused as refusal:
            return self._refused(refusal)
        self.form = self._form(self._request.POST)
        if not self.form.is_valid():
            drop_document(document)
            self.http_status = 422
            return None
        return self._file(document)

    def filed(self) -> tuple[DataRequest, str]:
        """As ``submit``, for programs: refuses with the first fault instead of showing all."""
        made = self.submit()
        if made is None:
            field, errors = next(iter(self.form.errors.items()))
            raise self.refusal or Refused("invalid", str(errors[0]), field)
        return made

    def _file(self, document: Document | None) -> tuple[DataRequest, str] | None:
        try:
            with dropped_if_refused(document):
                return file_request(self._election, self.form.wish(), by=self._by, document=document)
        except Refused as refusal:
            return self._refused(refusal)

    def _refused(self, refusal: Refused) -> None:
        self.refusal = refusal
        if not self.form.is_bound:
            self.form = self._form(self._request.POST)
            self.form.is_valid()
        add_refusal(self.form, refusal)
        self.http_status = refusal.http_status

    def _form(self, data: Any = None) -> WishForm:
        return WishForm(data, counter=self._by is not None)
