"""The first tables of leave_cafe."""

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import IdField, InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = 'directory_municipality'

    class Section(MigrationModel):
        class Meta:
            table_name = 'directory_section'

    class Appointment(MigrationModel):
        class Meta:
            table_name = 'directory_appointment'

    class Person(MigrationModel):
        class Meta:
            table_name = 'directory_person'

    class Experience(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        author = ForeignKeyField(Appointment, field=Appointment.id, null=True)
        key = CharField(unique=True, max_length=36)
        envelope = TextField(default='')
        alias_letter = CharField(max_length=3, default='')
        hidden_on = DateField(null=True)
        scheme = CharField(max_length=30)
        role = CharField(max_length=10)
        employment = CharField(max_length=20)
        year = IntegerField()
        headline = CharField(max_length=80)
        applied = TextField(default='')
        helped = TextField(default='')
        otherwise = TextField(default='')
        returned = TextField(default='')
        thanks = IntegerField(default=0)
        told = IntegerField(default=0)
        posted_on = DateField()

        class Meta:
            table_name = 'leave_cafe_experience'
            indexes = ((('scheme', 'id'), False), (('role', 'id'), False), (('employment', 'id'), False), (('year', 'id'), False), (('municipality', 'posted_on'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='leave_cafe_experience_audience'),
                Check("headline <> ''", name='leave_cafe_experience_headline'),
                Check('year BETWEEN 1990 AND 2100', name='leave_cafe_experience_year'),
                Check('thanks >= 0', name='leave_cafe_experience_thanks'),
                Check("applied <> '' OR helped <> '' OR otherwise <> '' OR returned <> ''", name='leave_cafe_experience_words'),
            ]

    class Thanks(MigrationModel):
        id = IdField()
        experience = ForeignKeyField(Experience, on_delete='CASCADE', index=False)
        person = ForeignKeyField(Person)

        class Meta:
            table_name = 'leave_cafe_thanks'
            indexes = ((('experience', 'person'), True),)

    class Confirmation(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, unique=True)
        pack = CharField(max_length=60)
        version = CharField(max_length=60)
        fingerprint = CharField(max_length=64)
        confirmed_by = ForeignKeyField(Appointment, null=True)
        confirmed_at = InstantField()

        class Meta:
            table_name = 'leave_cafe_confirmation'

    class RulesTold(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, unique=True)
        fingerprint = CharField(max_length=64)

        class Meta:
            table_name = 'leave_cafe_rules_told'

    for model in (Experience, Thanks, Confirmation, RulesTold):
        model.create_table(safe=False)
