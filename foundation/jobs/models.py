"""The Job row: the truth about heavy work. Celery only rings the bell."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import JOB


class Job(models.Model):
    """One piece of heavy work on one subject.

    ``kind`` names the function: ``supports.ingest_upload`` = supports/jobs/ingest_upload.py. ``lane`` is what must
    not run twice at once and takes turns with the others (a pair: ``pair:7``; an election: ``election:3``);
    ``later`` is the lane of what can wait.
    ``attempt`` rises with each claim: effects are committed only by the holder of the current attempt.
    """

    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=status_choices(JOB), default=JOB.initial)
    step = models.CharField(max_length=40, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=check_status(JOB), name="job_state_is_of_the_table"),
            models.UniqueConstraint(
                fields=["lane"], condition=Q(state="running"), name="job_one_running_per_lane"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(state="queued"), name="job_queued_once_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id", "-id"], name="job_latest_of_subject"),
            models.Index(
                fields=["state", "id"], condition=Q(state__in=["queued", "running"]), name="job_not_finished"
            ),
            models.Index(fields=["lane", "-started_at"], name="job_last_turn_of_lane"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} ({self.state})"


class WorkerSign(models.Model):
    """The last sign of life of any worker; readiness asks for it."""

    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seen_at:%H:%M:%S}"
