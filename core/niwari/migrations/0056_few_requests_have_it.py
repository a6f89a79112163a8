"""What few requests have gets indexes of those few alone."""

COLUMNS = (
    ("standing_id", "work_date"),
    ("freeze_id",),
    ("travel_for_id",),
    ("joint_with_id",),
)


def up(migrator, db):
    for columns in COLUMNS:
        name = "_".join(("ledger_request", *columns))
        migrator.migrate(migrator.drop_index("ledger_request", name))
        listed = ", ".join(f'"{column}"' for column in columns)
        db.execute_sql(
            f'CREATE INDEX "{name}" ON "ledger_request" ({listed}) '
            f'WHERE ("{columns[0]}" IS NOT NULL)'
        )
