"""Questions and answers.

The models here are frozen copies: a migration says what the tables were on its day.
"""

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

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
    key = CharField(max_length=36, unique=True)
    envelope = TextField()
    alias_letter = CharField(max_length=3)
    hidden_on = DateField(null=True)
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
    day_only = BooleanField()
    has_files = BooleanField()

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
    author = ForeignKeyField(Appointment, backref="+", null=True)
    key = CharField(max_length=36, unique=True)
    envelope = TextField()
    alias_letter = CharField(max_length=3)
    hidden_on = DateField(null=True)
    question = ForeignKeyField(Question, backref="+", index=False)
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    section = ForeignKeyField(Section, backref="+", index=False)
    body = TextField()
    answered_at = InstantField()

    class Meta:
        table_name = "consult_answer"
        indexes = ((("question", "id"), False),)
        constraints = [Check("body <> ''", name="consult_answer_body")]


def up(migrator, db):
    db.create_tables([Question, Answer])


def down(migrator, db):
    db.drop_tables([Answer, Question])
