"""The list of rows that comes in the same form as a document: it may name people, so it never touches the disk."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest


class ListInMemory(FileUploadHandler):
    """Takes the file of one field and leaves the others. Its size: what the whole body may have (access)."""

    def __init__(self, field: str, request: HttpRequest) -> None:
        super().__init__(request)
        self._field, self._bytes = field, io.BytesIO()

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """A file begins; of the list the other handlers hear nothing."""
        super().new_file(field_name, *args, **kwargs)
        if field_name == self._field:
            self._bytes = io.BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep the next piece, or pass it on."""
        if self.field_name != self._field:
            return raw_data
        self._bytes.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The list as a whole; of another file nothing."""
        if self.field_name != self._field:
            return None
        self._bytes.seek(0)
        kind = self.content_type or "text/csv"
        return InMemoryUploadedFile(self._bytes, self._field, self.file_name, kind, file_size, self.charset)
