"""A question outlives its author's erasure where others answered it: then it has no author.

And no id is handed out again after its row was erased. SQLite can neither drop NOT NULL nor add
AUTOINCREMENT, so both tables are built anew with the ids of their rows; PostgreSQL's sequences never
went back.
"""

from peewee import CharField, Check, ForeignKeyField, IntegerField, PostgresqlDatabase, TextField

from niwari.api import IdField, InstantField, MigrationModel


class Municipality(MigrationModel):
    class Meta:
        table_name = "directory_municipality"


class Section(MigrationModel):
    class Meta:
        table_name = "directory_section"


class Appointment(MigrationModel):
    class Meta:
        table_name = "directory_appointment"


class Question(MigrationModel):
    id = IdField()
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    section = ForeignKeyField(Section, backref="+", index=False)
    region_id = IntegerField(null=True)
    audience = CharField(max_length=20)
    author = ForeignKeyField(Appointment, backref="+", null=True)
    topic = CharField(max_length=30)
    title = CharField(max_length=120)
    background = TextField()
    heard = TextField()
    ask = TextField()
    body = TextField()
    state = CharField(max_length=10)
    accepted_answer_id = IntegerField(null=True)
    acceptances = IntegerField()
    answer_count = IntegerField()
    asked_at = InstantField()
    last_activity_at = InstantField()
    form_key = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "consult_question"
        indexes = (
            (("last_activity_at", "id"), False),
            (("topic", "last_activity_at", "id"), False),
            (("answer_count", "last_activity_at", "id"), False),
        )
        constraints = [
            Check("audience IN ('municipality', 'region')", name="consult_question_audience"),
            Check("state IN ('open', 'solved')", name="consult_question_state"),
            Check(
                "(state = 'solved') = (accepted_answer_id IS NOT NULL)",
                name="consult_question_accepted",
            ),
            Check("acceptances BETWEEN 0 AND 2", name="consult_question_acceptances"),
            Check("answer_count >= 0", name="consult_question_answer_count"),
            Check("(body = '') <> (ask = '')", name="consult_question_one_shape"),
            Check(
                "body = '' OR (background = '' AND heard = '')", name="consult_question_plain_shape"
            ),
        ]


class Answer(MigrationModel):
    id = IdField()
    question = ForeignKeyField(Question, backref="+", index=False)
    author = ForeignKeyField(Appointment, backref="+")
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    section = ForeignKeyField(Section, backref="+", index=False)
    body = TextField()
    answered_at = InstantField()
    form_key = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "consult_answer"
        indexes = ((("question", "id"), False),)
        constraints = [Check("body <> ''", name="consult_answer_body")]


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("ALTER TABLE consult_question ALTER COLUMN author_id DROP NOT NULL")
        return
    aside = {"consult_answer": Answer, "consult_question": Question}
    for table in aside:
        db.execute_sql(f"CREATE TEMPORARY TABLE aside_{table} AS SELECT * FROM {table}")
        db.execute_sql(f"DROP TABLE {table}")
    for table, model in reversed(aside.items()):
        model.create_table(safe=False)
        columns = ", ".join(field.column_name for field in model._meta.sorted_fields)
        db.execute_sql(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM aside_{table}")
        db.execute_sql(f"DROP TABLE aside_{table}")
