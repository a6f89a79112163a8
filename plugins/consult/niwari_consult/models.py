"""Questions and their answers."""

from typing import Any

from peewee import BooleanField, CharField, Check, ForeignKeyField, IntegerField, TextField

from niwari.api import (
    MUNICIPALITY,
    REGION,
    HidesAuthor,
    InstantField,
    Municipality,
    Section,
    Shared,
)

OPEN, SOLVED = "open", "solved"
AUDIENCES = (MUNICIPALITY, REGION)

# backref="+": without it two plugins with a model of the same name would fight for one attribute of
# the core's models.


class Question(Shared, HidesAuthor):
    """A question; its owner is the author's municipality and section on the day of asking.

    It is written in three parts (``background``, ``heard``, ``ask``; R-052) or plainly in
    ``body``, never both. ``author`` is null where it was asked without a name, or where the author had
    it erased and answers of others remain. ``answer_count`` and ``last_activity_at`` repeat what the
    answers say, so that a list reads one table. ``accepted_answer_id`` has no foreign key, because
    answers point here already; ``acceptances`` counts how often the asker chose one. Of what was done
    without a name the instants are those of its publication; where that was the last, ``day_only`` is
    true. ``has_files`` spares those who read one without files the query for them.
    """

    topic: Any = CharField(max_length=30)
    title: Any = CharField(max_length=120)
    background: Any = TextField(default="")
    heard: Any = TextField(default="")
    ask: Any = TextField(default="")
    body: Any = TextField(default="")
    state: Any = CharField(max_length=10, default=OPEN)
    accepted_answer_id: Any = IntegerField(null=True)
    acceptances: Any = IntegerField(default=0)
    answer_count: Any = IntegerField(default=0)
    asked_at: Any = InstantField()
    last_activity_at: Any = InstantField()
    day_only: Any = BooleanField(default=False)
    has_files: Any = BooleanField(default=False)

    class Meta:
        table_name = "consult_question"
        # The newest of what one may see; the same among one topic; the same among the unanswered.
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


class Answer(HidesAuthor):
    """An answer; ``municipality`` and ``section`` are its author's on the day of answering.

    Who sees the question sees its answers.
    """

    question: Any = ForeignKeyField(Question, backref="+", index=False)
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    body: Any = TextField()
    answered_at: Any = InstantField()

    class Meta:
        table_name = "consult_answer"
        indexes = ((("question", "id"), False),)
        constraints = [Check("body <> ''", name="consult_answer_body")]


MODELS = (Question, Answer)
