"""The queue's tables (huey's, under our names), claimed runs, and signs of life."""

from typing import Any

from peewee import (
    BlobField,
    CharField,
    CompositeKey,
    FloatField,
    IntegerField,
    TextField,
    TimestampField,
)

from niwari.db import InstantField, Model


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

    ``municipality_id`` is 0 for a job of the installation. ``finished_at`` is null while it runs or
    when it was cut off; ``error`` tells why it failed.
    """

    job: Any = CharField(max_length=60)
    municipality_id: Any = IntegerField(default=0)
    due_at: Any = InstantField()
    started_at: Any = InstantField()
    finished_at: Any = InstantField(null=True)
    error: Any = TextField(default="")

    class Meta:
        table_name = "jobs_run"
        indexes = ((("job", "municipality_id", "due_at"), True), (("due_at",), False))


class WorkerSign(Model):
    """The last sign of life of a worker process."""

    worker: Any = CharField(max_length=100, unique=True)
    seen_at: Any = InstantField()

    class Meta:
        table_name = "jobs_worker_sign"


MODELS = (QueueValue, QueueSchedule, QueueTask, QueueCounter, JobRun, WorkerSign)
