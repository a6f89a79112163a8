"""The first tables of core."""

from peewee import AutoField, BigAutoField, BlobField, BooleanField, CharField, Check, CompositeKey, DateField, FloatField, ForeignKeyField, IntegerField, SQL, TextField, TimestampField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Region(MigrationModel):
        id = AutoField()
        code = CharField(unique=True, max_length=30)
        name = CharField(max_length=100)

        class Meta:
            table_name = 'directory_region'

    class Municipality(MigrationModel):
        id = AutoField()
        code = CharField(unique=True, max_length=6)
        name = CharField(max_length=50)
        kana = CharField(max_length=100, default='')
        kind = CharField(max_length=20)
        revision = IntegerField(default=1)

        class Meta:
            table_name = 'directory_municipality'

    class RegionMembership(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, index=False)
        municipality = ForeignKeyField(Municipality)
        starts_on = DateField()
        ends_on = DateField(null=True)

        class Meta:
            table_name = 'directory_region_membership'
            indexes = ((('region', 'municipality', 'starts_on'), True),)

    class Section(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        parent = ForeignKeyField('self', null=True)
        name = CharField(max_length=100)
        path = CharField(max_length=400)

        class Meta:
            table_name = 'directory_section'
            indexes = ((('municipality', 'path'), True),)

    class Person(MigrationModel):
        id = AutoField()
        login = CharField(unique=True, max_length=200)
        name = CharField(max_length=100)
        kana = CharField(index=True, max_length=200, default='')
        email = CharField(max_length=254, default='')

        class Meta:
            table_name = 'directory_person'

    class Appointment(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person)
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section)
        employment = CharField(max_length=20)
        starts_on = DateField()
        ends_on = DateField(null=True)
        is_main = BooleanField(default=True)

        class Meta:
            table_name = 'directory_appointment'
            indexes = ((('municipality', 'starts_on'), False), (('person', 'starts_on'), False),)
            constraints = [
                Check("employment IN ('full_time', 'short_time', 'fiscal_year', 'reappointed')", name='directory_appointment_employment'),
                Check('ends_on IS NULL OR ends_on >= starts_on', name='directory_appointment_dates'),
            ]

    class Headship(MigrationModel):
        id = AutoField()
        section = ForeignKeyField(Section, index=False)
        appointment = ForeignKeyField(Appointment)
        starts_on = DateField()
        ends_on = DateField(null=True)

        class Meta:
            table_name = 'directory_headship'
            indexes = ((('section', 'starts_on'), True),)

    class AuditEntry(MigrationModel):
        id = BigAutoField()
        municipality_id = IntegerField(constraints=[SQL('REFERENCES directory_municipality (id)')])
        at = InstantField()
        actor_id = IntegerField(null=True, constraints=[SQL('REFERENCES directory_appointment (id)')])
        on_behalf_of_id = IntegerField(null=True, constraints=[SQL('REFERENCES directory_appointment (id)')])
        actor = CharField(max_length=100, default='')
        action = CharField(max_length=60)
        object_kind = CharField(max_length=60)
        object_id = IntegerField(null=True)
        details = TextField(default='{}')
        request_id = CharField(max_length=40, default='')

        class Meta:
            table_name = 'audit_entry'
            indexes = ((('municipality_id', 'id'), False), (('object_kind', 'object_id'), False),)

    class Installation(MigrationModel):
        id = IntegerField(primary_key=True)
        environment = CharField(max_length=20)

        class Meta:
            table_name = 'host_installation'
            constraints = [
                Check('id = 1', name='host_installation_one_row'),
            ]

    class Enablement(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL('REFERENCES directory_municipality (id)')])
        plugin = CharField(max_length=30)
        state = CharField(max_length=10)
        since = InstantField()
        changed_by_id = IntegerField(null=True, constraints=[SQL('REFERENCES directory_appointment (id)')])
        reason = TextField(default='')

        class Meta:
            table_name = 'host_enablement'
            indexes = ((('municipality_id', 'plugin'), True),)
            constraints = [
                Check("state IN ('on', 'off', 'paused')", name='host_enablement_state'),
            ]

    class QueueValue(MigrationModel):
        queue = CharField()
        key = CharField()
        value = BlobField()

        class Meta:
            table_name = 'jobs_queue_value'
            primary_key = CompositeKey('queue', 'key')

    class QueueSchedule(MigrationModel):
        id = AutoField()
        queue = CharField()
        data = BlobField()
        timestamp = TimestampField(resolution=1000)

        class Meta:
            table_name = 'jobs_queue_schedule'
            indexes = ((('queue', 'timestamp'), False),)

    class QueueTask(MigrationModel):
        id = AutoField()
        queue = CharField()
        data = BlobField()
        priority = FloatField(default=0.0)

        class Meta:
            table_name = 'jobs_queue_task'
            indexes = ((('priority', 'id'), False),)

    class QueueCounter(MigrationModel):
        queue = CharField()
        key = CharField()
        value = IntegerField()

        class Meta:
            table_name = 'jobs_queue_counter'
            primary_key = CompositeKey('queue', 'key')

    class JobRun(MigrationModel):
        id = AutoField()
        job = CharField(max_length=60)
        municipality_id = IntegerField(default=0)
        due_at = InstantField()
        started_at = InstantField()
        finished_at = InstantField(null=True)
        error = TextField(default='')

        class Meta:
            table_name = 'jobs_run'
            indexes = ((('job', 'municipality_id', 'due_at'), True),)

    class WorkerSign(MigrationModel):
        id = AutoField()
        worker = CharField(unique=True, max_length=100)
        seen_at = InstantField()

        class Meta:
            table_name = 'jobs_worker_sign'

    class Session(MigrationModel):
        id = BigAutoField()
        token_hash = CharField(unique=True, max_length=64)
        appointment = ForeignKeyField(Appointment, null=True)
        data = TextField(default='{}')
        created_at = InstantField()
        seen_at = InstantField()
        expires_at = InstantField(index=True)
        issuer = CharField(max_length=200, default='')
        idp_session = CharField(index=True, max_length=200, default='')

        class Meta:
            table_name = 'identity_session'

    class ExternalIdentity(MigrationModel):
        id = AutoField()
        issuer = CharField(max_length=200)
        subject = CharField()
        person = ForeignKeyField(Person)
        bound_at = InstantField()

        class Meta:
            table_name = 'identity_external_identity'
            indexes = ((('issuer', 'subject'), True), (('issuer', 'person'), True),)

    class RoleGrant(MigrationModel):
        id = AutoField()
        appointment = ForeignKeyField(Appointment, index=False)
        role = CharField(max_length=20)

        class Meta:
            table_name = 'identity_role_grant'
            indexes = ((('appointment', 'role'), True),)
            constraints = [
                Check("role IN ('hr', 'it', 'secretariat', 'auditor')", name='identity_role_grant_role'),
            ]

    class DevelopmentCode(MigrationModel):
        id = AutoField()
        code_hash = CharField(unique=True, max_length=64)
        login = CharField(max_length=200)
        redirect_uri = TextField()
        scope = TextField()
        nonce = CharField(index=True, max_length=200, default='')
        challenge = CharField(max_length=128)
        session = CharField(max_length=64)
        issued_at = InstantField()
        expires_at = InstantField(index=True)

        class Meta:
            table_name = 'identity_development_code'

    class DevelopmentKey(MigrationModel):
        id = AutoField()
        jwk = TextField()
        made_at = InstantField()

        class Meta:
            table_name = 'identity_development_key'

    class WorkPattern(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person, index=False)
        starts_on = DateField()
        week = TextField()
        observes_holidays = BooleanField(default=True)

        class Meta:
            table_name = 'ledger_work_pattern'
            indexes = ((('person', 'starts_on'), True),)

    class LeaveSpan(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person, index=False)
        kind = CharField(max_length=20)
        starts_at = InstantField()
        ends_at = InstantField()

        class Meta:
            table_name = 'ledger_leave_span'
            indexes = ((('person', 'starts_at'), False), (('person', 'kind', 'starts_at', 'ends_at'), True),)
            constraints = [
                Check("kind IN ('annual', 'sick', 'special', 'maternity', 'childcare', 'partial', 'care', 'study', 'grandchild')", name='ledger_leave_span_kind'),
                Check('ends_at > starts_at', name='ledger_leave_span_times'),
            ]

    class RateRow(MigrationModel):
        id = AutoField()
        level = CharField(max_length=20)
        target_id = IntegerField()
        starts_on = DateField()
        ends_on = DateField(null=True)
        basis_points = IntegerField()

        class Meta:
            table_name = 'ledger_rate'
            indexes = ((('level', 'target_id', 'starts_on'), True),)
            constraints = [
                Check("level IN ('region', 'municipality', 'section', 'person')", name='ledger_rate_level'),
                Check('basis_points BETWEEN 0 AND 2000', name='ledger_rate_basis_points'),
            ]

    class Account(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        starts_on = DateField()
        ends_on = DateField()
        base = IntegerField()
        cap = IntegerField()
        used = IntegerField(default=0)
        reserved = IntegerField(default=0)

        class Meta:
            table_name = 'ledger_account'
            indexes = ((('person', 'municipality', 'starts_on'), True), (('municipality', 'starts_on'), False),)
            constraints = [
                Check('reserved >= 0', name='ledger_account_reserved'),
                Check('ends_on >= starts_on', name='ledger_account_dates'),
            ]

    class Request(MigrationModel):
        id = AutoField()
        appointment = ForeignKeyField(Appointment, index=False)
        person = ForeignKeyField(Person, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        activity = CharField(max_length=60)
        counts = BooleanField(default=True)
        discreet = BooleanField(default=False)
        purpose = TextField()
        place = CharField(max_length=30)
        work_date = DateField()
        starts_at = InstantField(null=True)
        ends_at = InstantField(null=True)
        minutes = IntegerField()
        state = CharField(max_length=20)
        requested_at = InstantField()
        form_key = CharField(max_length=36)
        agreed_minutes = IntegerField(null=True)
        decided_by = ForeignKeyField(Appointment, null=True, index=False)
        decided_at = InstantField(null=True)
        decision_note = TextField(default='')
        decision_key = CharField(null=True, max_length=36)

        class Meta:
            table_name = 'ledger_request'
            indexes = ((('person', 'form_key'), True), (('person', 'work_date'), False), (('municipality', 'state', 'section'), False),)
            constraints = [
                Check('minutes > 0', name='ledger_request_minutes'),
                Check('agreed_minutes IS NULL OR (agreed_minutes > 0 AND agreed_minutes <= minutes)', name='ledger_request_agreed_minutes'),
                Check('(starts_at IS NULL AND ends_at IS NULL) OR (starts_at < ends_at)', name='ledger_request_interval'),
            ]

    class JournalEntry(MigrationModel):
        id = BigAutoField()
        account = ForeignKeyField(Account, index=False)
        request = ForeignKeyField(Request, null=True)
        kind = CharField(max_length=20)
        work_date = DateField()
        minutes = IntegerField(default=0)
        used_delta = IntegerField()
        reserved_delta = IntegerField()
        posted_at = InstantField()
        posted_by = ForeignKeyField(Appointment, null=True, index=False)
        reverses = ForeignKeyField('self', unique=True, null=True)

        class Meta:
            table_name = 'ledger_journal_entry'
            indexes = ((('account', 'id'), False),)
            constraints = [
                Check("kind IN ('agreement', 'release', 'record', 'reversal')", name='ledger_journal_entry_kind'),
                Check("(kind = 'reversal') = (reverses_id IS NOT NULL)", name='ledger_journal_entry_reversal'),
                Check('used_delta = 0 OR used_delta = minutes', name='ledger_journal_entry_used'),
            ]

    for model in (Region, Municipality, RegionMembership, Section, Person, Appointment, Headship, AuditEntry, Installation, Enablement, QueueValue, QueueSchedule, QueueTask, QueueCounter, JobRun, WorkerSign, Session, ExternalIdentity, RoleGrant, DevelopmentCode, DevelopmentKey, WorkPattern, LeaveSpan, RateRow, Account, Request, JournalEntry):
        model.create_table(safe=False)
