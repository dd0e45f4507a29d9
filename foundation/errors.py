"""What can go wrong on purpose.

Every interface turns these into its own form: a form error, an API answer, a failed job with a sentence.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


class Refused(Exception):
    """The request cannot be done as it is, and the person asking can mend it.

    ``code`` is stable and part of the API; ``message`` is for people, in Indonesian: what happened, to what,
    what to do now. ``field`` names the input at fault, if one is.
    A refusal for several reasons names them in ``more``, which the API adds to its answer.
    """

    http_status = 422
    more: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """The person may see the thing, but may not do this with it."""

    http_status = 403


class Conflict(Refused):
    """Someone else moved first: the thing is no longer in the state the request was made for."""

    http_status = 409


class TooLarge(Refused):
    """The body is larger than allowed."""

    http_status = 413


class TooMany(Refused):
    """Asked too often; ``retry_after`` seconds from now it may be tried again."""

    http_status = 429

    def __init__(self, code: str, message: str, *, retry_after: int) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Retry(Exception):
    """A passing fault inside a job: give the job back to the queue."""


def sentence_of(refuse: Callable[..., Any], *args: Any) -> str:
    """Why something would be refused now, or nothing: what a page says beside a button that cannot be pressed."""
    try:
        refuse(*args)
    except Refused as refusal:
        return refusal.message
    return ""
