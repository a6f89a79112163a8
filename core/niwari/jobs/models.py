"""The queue's tables (huey's, under our names), claimed runs, tasks, and signs of life."""

from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BlobField,
    CharField,
    Check,
    CompositeKey,
    FloatField,
    IntegerField,
    TextField,
    TimestampField,
)

from niwari.db import InstantField, Model

WAITING, RUNNING, DONE, FAILED, CUT = "waiting", "running", "done", "failed", "cut"
DROPPED, DEAD = "dropped", "dead"


class QueueBlobField(BlobField):
    """Bytes, also from PostgreSQL, which answers with a memoryview."""

    def python_value(self, value: Any) -> bytes:
        """Return what is stored as ``bytes``."""
        return value if isinstance(value, bytes) else bytes(value)


class QueueValue(Model):
    """huey's key-value store."""

    id: Any = None
    queue: Any = CharField()
    key: Any = CharField()
    value: Any = QueueBlobField()

    class Meta:
        table_name = "jobs_queue_value"
        primary_key = CompositeKey("queue", "key")


class QueueSchedule(Model):
    """huey's tasks for later."""

    queue: Any = CharField()
    data: Any = QueueBlobField()
    timestamp: Any = TimestampField(resolution=1000)

    class Meta:
        table_name = "jobs_queue_schedule"
        indexes = ((("queue", "timestamp"), False),)


class QueueTask(Model):
    """huey's tasks to be done now."""

    queue: Any = CharField()
    data: Any = QueueBlobField()
    priority: Any = FloatField(default=0.0)

    class Meta:
        table_name = "jobs_queue_task"
        indexes = ((("priority", "id"), False),)


class QueueCounter(Model):
    """huey's counters."""

    id: Any = None
    queue: Any = CharField()
    key: Any = CharField()
    value: Any = IntegerField()

    class Meta:
        table_name = "jobs_queue_counter"
        primary_key = CompositeKey("queue", "key")


class JobRun(Model):
    """One due run of a scheduled job: whoever inserts the row does the work.

    ``municipality_id`` is 0 for a job of the installation. ``state`` is ``waiting`` (somebody asked
    for it, or it was cut off and will be done again), ``running``, ``done``, ``failed`` or ``cut``:
    the worker was killed at it. ``finished_at`` is set where it was done. ``error`` is the kind and
    the place of a failure, never its message. ``worker`` is who runs it (``WorkerSign``).
    """

    job: Any = CharField(max_length=60)
    municipality_id: Any = IntegerField(default=0)
    due_at: Any = InstantField()
    started_at: Any = InstantField()
    finished_at: Any = InstantField(null=True)
    error: Any = TextField(default="")
    state: Any = CharField(max_length=10, default=RUNNING, constraints=[SQL("DEFAULT 'running'")])
    worker: Any = CharField(max_length=100, default="", constraints=[SQL("DEFAULT ''")])
    attempts: Any = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])

    class Meta:
        table_name = "jobs_run"
        indexes = (
            (("job", "municipality_id", "due_at"), True),
            (("due_at",), False),
            (("municipality_id", "due_at", "id"), False),
            (("state", "municipality_id", "due_at", "id"), False),
        )
        constraints = [
            Check("state IN ('waiting', 'running', 'done', 'failed', 'cut')", name="jobs_run_state")
        ]


class TaskRow(Model):
    """Work that somebody asked for, to be done once in a municipality.

    ``data`` is JSON of plain values. ``waiting`` waits for ``due_at``; ``done``, ``dropped`` (the
    plugin was off) and ``dead`` (it failed too often) are ends. ``open_key`` is what the same work
    is known by while it waits, another word while it is being done, and null at its end: what is
    asked for after it was begun is new, and no two of one key are begun together.
    ``what`` is the kind and place of the last error, never its message.
    """

    id: Any = BigAutoField()
    task: Any = CharField(max_length=60)
    municipality_id: Any = IntegerField(constraints=[SQL("REFERENCES directory_municipality (id)")])
    key: Any = CharField(max_length=120, default="")
    open_key: Any = CharField(max_length=200, null=True, unique=True)
    data: Any = TextField()
    state: Any = CharField(max_length=10, default=WAITING)
    attempts: Any = IntegerField(default=0)
    asked_at: Any = InstantField()
    due_at: Any = InstantField()
    ended_at: Any = InstantField(null=True)
    worker: Any = CharField(max_length=100, default="")
    what: Any = CharField(max_length=200, default="")
    request_id: Any = CharField(max_length=40, default="")

    class Meta:
        table_name = "jobs_task"
        indexes = (
            (("state", "task", "due_at", "id"), False),
            (("municipality_id", "state", "id"), False),
            (("state", "ended_at"), False),
        )
        constraints = [
            Check(
                "state IN ('waiting', 'running', 'done', 'dropped', 'dead')", name="jobs_task_state"
            )
        ]


class WorkerSign(Model):
    """The last sign of life of a worker process."""

    worker: Any = CharField(max_length=100, unique=True)
    seen_at: Any = InstantField()

    class Meta:
        table_name = "jobs_worker_sign"


MODELS = (QueueValue, QueueSchedule, QueueTask, QueueCounter, JobRun, TaskRow, WorkerSign)
