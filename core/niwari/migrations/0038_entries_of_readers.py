"""PostgreSQL finds by columns who may read an entry: those of a region, and of a municipality."""


def up(migrator, db):
    migrator.migrate(
        migrator.add_index("search_entry", ("region_id", "position"), False),
        migrator.add_index("search_entry", ("municipality_id", "position"), False),
    )
