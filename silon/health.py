"""Is it alive, would an upload be processed, and how much is going on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from foundation import sql
from foundation.accounts.declare import declare
from foundation.accounts.matrix import Permission
from foundation.jobs.models import Job, WorkerSign
from supports.models import Upload

# A worker that is busy with long jobs sweeps rarely; its jobs' heartbeats are then its sign of life.
SIGN_SECONDS = 30
BROKER_SECONDS = 2


@declare(Permission.SEE_HEALTH)
def healthz(request: HttpRequest) -> HttpResponse:
    """200: the web process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@declare(Permission.SEE_HEALTH)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 only when an upload would be processed; otherwise 503 and what is missing."""
    parts = {name: _try(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _try(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "missing"
    except (DatabaseError, OperationalError, OSError) as error:
        return f"missing: {type(error).__name__}"


def _database() -> bool:
    return sql.value("SELECT 1") == 1


def _broker() -> bool:
    options = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
    return True


def _worker() -> bool:
    recently = timezone.now() - timedelta(seconds=SIGN_SECONDS)
    if WorkerSign.objects.filter(seen_at__gte=recently).exists():
        return True
    return Job.objects.filter(state="running", heartbeat_at__gte=recently).exists()


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "broker": _broker, "worker": _worker}


class Figures(Collector):
    """Counts read from the database when Prometheus asks, so that every web process says the same."""

    def collect(self) -> Iterator[Metric]:
        """Jobs by state, age of the oldest waiting job, uploads by status, seconds since a worker's sign."""
        yield _by("silon_jobs", "Jobs by state.", "state", Job.objects.all())
        yield _by("silon_uploads", "Uploads by status.", "status", Upload.objects.all())
        oldest = (
            Job.objects.filter(state="queued").order_by("id").values_list("created_at", flat=True).first()
        )
        yield GaugeMetricFamily(
            "silon_oldest_queued_job_seconds", "Age of the oldest waiting job.", value=_age(oldest)
        )
        sign = WorkerSign.objects.values_list("seen_at", flat=True).first()
        yield GaugeMetricFamily(
            "silon_worker_sign_seconds", "Since a worker's last sign of life.", value=_age(sign)
        )


def _by(name: str, text: str, field: str, rows: Any) -> Metric:
    figure = GaugeMetricFamily(name, text, labels=[field])
    for value, n in rows.values_list(field).annotate(n=Count("pk")).order_by():
        figure.add_metric([value], n)
    return figure


def _age(moment: Any) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0


@declare(Permission.SEE_HEALTH)
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text form. The reverse proxy keeps it inside the network."""
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
