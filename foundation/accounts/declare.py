"""Every URL declares its permission; a URL without one stops the start-up."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from foundation.accounts.matrix import Permission

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
View = TypeVar("View", bound=Callable[..., Any])


def declare(permission: Permission | None = None, **by_method: Permission) -> Callable[[View], View]:
    """Say what a view (function, class, or the result of ``as_view()``) asks of its user.

    One permission for all methods, or one for each: ``@declare(GET=Permission.VIEW_PAIR, POST=...)``.
    """

    def mark(view: View) -> View:
        if by_method:
            view.permissions = by_method
        else:
            view.permission = permission
        return view

    return mark


def declaration(view: Callable[..., Any]) -> Permission | dict[str, Permission] | None:
    """What a URL's view declares, on itself or on the class it was made from."""
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        found = getattr(holder, "permissions", None) or getattr(holder, "permission", None)
        if found:
            return found
    return None


def required(view: Callable[..., Any], method: str) -> Permission | None:
    """The permission one request needs; None if none is declared for its method."""
    declared = declaration(view)
    if not isinstance(declared, dict):
        return declared
    if method == "HEAD":
        method = "GET"
    if method == "OPTIONS":
        return next(iter(declared.values()))
    return declared.get(method)


def each_url(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the site, as (route, pattern)."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from each_url(entry, route)
        else:
            yield route, entry


def methods_of(view: Callable[..., Any]) -> set[str]:
    """The methods a class-based view answers; empty for a function, which may answer any."""
    actions = getattr(view, "actions", None)
    if actions:
        return {method.upper() for method in actions} & set(METHODS)
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return {method for method in METHODS if cls and hasattr(cls, method.lower())}


def undeclared_urls() -> list[str]:
    """A sentence for every URL, or method of one, that declares no permission."""
    faults = []
    for route, pattern in each_url():
        declared = declaration(pattern.callback)
        if declared is None:
            faults.append(f"/{route} declares no permission")
        elif isinstance(declared, dict):
            missing = sorted(methods_of(pattern.callback) - set(declared))
            faults.extend(f"/{route} declares no permission for {method}" for method in missing)
    return faults


def verify_urls() -> None:
    """Refuse to start when a URL declares no permission. Raises ImproperlyConfigured."""
    faults = undeclared_urls()
    if faults:
        raise ImproperlyConfigured("; ".join(faults) + ". See foundation.accounts.declare.")


def check_urls(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The same as a system check, for runserver, migrate and check."""
    return [checks.Error(fault, id="accounts.E001") for fault in undeclared_urls()]
