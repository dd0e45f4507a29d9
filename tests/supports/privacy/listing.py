"""Rows in a pair's round, typed: no job and no file."""

from supports.rows import add_supports
from tests import factories


def listed(pair, rows, username="operator"):
    """The pair's operator, who typed these rows."""
    by = factories.operator(pair, username)
    add_supports(pair, by=by, rows=rows)
    return by
