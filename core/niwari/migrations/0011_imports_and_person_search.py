"""Files before their import, what people are found by, and single days off the pattern."""

from peewee import SQL, AutoField, CharField, CompositeKey, DateField, IntegerField, TextField, chunked

from niwari.db import InstantField, MigrationModel, is_postgresql

# Not frozen: these texts are made anew at every import and by niwari directory reindex.
from niwari.directory.search.folding import text_of

MUNICIPALITY = SQL("REFERENCES directory_municipality (id)")
PERSON = SQL("REFERENCES directory_person (id)")
APPOINTMENT = SQL("REFERENCES directory_appointment (id)")


def up(migrator, db):
    class ImportDraft(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[MUNICIPALITY])
        by_id = IntegerField(constraints=[APPOINTMENT], index=True)
        kind = CharField(max_length=30)
        name = CharField(max_length=200)
        digest = CharField(max_length=64)
        sealed = TextField()
        made_at = InstantField(index=True)

        class Meta:
            table_name = "directory_import_draft"

    class PersonText(MigrationModel):
        municipality_id = IntegerField(constraints=[MUNICIPALITY])
        person_id = IntegerField(constraints=[PERSON])
        text = TextField()

        class Meta:
            table_name = "directory_person_text"
            primary_key = CompositeKey("municipality_id", "person_id")
            without_rowid = not is_postgresql()

    class Roster(MigrationModel):
        id = AutoField()
        person_id = IntegerField(constraints=[PERSON])
        day = DateField()
        hours = TextField()

        class Meta:
            table_name = "ledger_roster"
            indexes = ((("person_id", "day"), True),)

    for model in (ImportDraft, PersonText, Roster):
        model.create_table(safe=False)

    known = db.execute_sql(
        """
        SELECT DISTINCT post.municipality_id, post.person_id, person.name, person.kana
        FROM directory_appointment AS post JOIN directory_person AS person ON person.id = post.person_id
        """
    )
    texts = ((town, person, text_of(name, kana)) for town, person, name, kana in known.fetchall())
    for chunk in chunked(texts, 500):
        PersonText.insert_many(
            chunk, [PersonText.municipality_id, PersonText.person_id, PersonText.text]
        ).execute()
