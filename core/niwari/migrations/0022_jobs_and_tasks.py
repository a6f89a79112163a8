"""What became of a run of a job, and who runs it; work that is asked for, to be done later."""

from peewee import SQL, BigAutoField, CharField, Check, IntegerField, TextField

from niwari.db import InstantField, MigrationModel
from niwari.db.rebuilding import add_check

MUNICIPALITY = "REFERENCES directory_municipality (id)"
STATES = "state IN ('waiting', 'running', 'done', 'failed', 'cut')"


def up(migrator, db):
    class TaskRow(MigrationModel):
        id = BigAutoField()
        task = CharField(max_length=60)
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        key = CharField(max_length=120)
        open_key = CharField(max_length=200, null=True, unique=True)
        data = TextField()
        state = CharField(max_length=10)
        attempts = IntegerField()
        asked_at = InstantField()
        due_at = InstantField()
        ended_at = InstantField(null=True)
        worker = CharField(max_length=100)
        what = CharField(max_length=200)
        request_id = CharField(max_length=40)

        class Meta:
            table_name = "jobs_task"
            indexes = (
                (("state", "task", "due_at", "id"), False),
                (("municipality_id", "state", "id"), False),
                (("state", "ended_at"), False),
            )
            constraints = [
                Check(
                    "state IN ('waiting', 'running', 'done', 'dropped', 'dead')",
                    name="jobs_task_state",
                )
            ]

    TaskRow.create_table(safe=False)
    # With defaults of the database: what was written so far is said right below.
    new = {
        "state": CharField(max_length=10, constraints=[SQL("DEFAULT 'running'")]),
        "worker": CharField(max_length=100, constraints=[SQL("DEFAULT ''")]),
        "attempts": IntegerField(constraints=[SQL("DEFAULT 1")]),
    }
    migrator.migrate(
        *(
            migrator.add_column("jobs_run", name, field, allow_not_null=True)
            for name, field in new.items()
        )
    )
    db.execute_sql(
        "UPDATE jobs_run SET state = CASE WHEN finished_at IS NOT NULL THEN 'done' "
        "WHEN error <> '' THEN 'failed' ELSE 'cut' END"
    )
    # From now on a failure is told by its kind and place alone; a message may hold anything.
    db.execute_sql("UPDATE jobs_run SET error = 'Exception' WHERE error <> ''")
    migrator.migrate(
        add_check(migrator, "jobs_run", "state", "jobs_run_state", STATES),
        migrator.add_index("jobs_run", ("municipality_id", "due_at", "id"), False),
        migrator.add_index("jobs_run", ("state", "municipality_id", "due_at", "id"), False),
    )
