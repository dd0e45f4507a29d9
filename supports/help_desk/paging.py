"""The addresses of the pages before and after, with the filters of this one."""

from django.http import HttpRequest

from supports.help_desk.queries import Page


def page_urls(request: HttpRequest, page: Page) -> dict[str, str | None]:
    """As ``components/pager.html`` takes them."""
    return {"next_url": _url(request, page.next), "previous_url": _url(request, page.previous)}


def _url(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query["kursor"] = cursor
    return f"?{query.urlencode()}"
