"""Who is meant whole by a municipality."""

from niwari.db import database, is_postgresql, transaction
from niwari.directory.models import Person
from niwari.directory.subjects import people_of
from niwari.specs.contributions import Subject
from niwari.testing.world import World


def test_who_is_a_towns_alone_is_found_without_walking_through_the_town_for_each(
    world: World,
) -> None:
    ctx = world.ctx_for("staff@koriyama")
    query = people_of(Subject(municipality_id=ctx.municipality.id))
    neighbours = world.ctx_for("staff@sukagawa").person_id
    found = {one.id for one in Person.select().where(Person.id.in_(query))}
    assert ctx.person_id in found
    assert neighbours not in found
    sql, params = query.sql()
    with transaction(ctx):
        if is_postgresql():
            database.execute_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
        plan = "\n".join(str(row[-1]) for row in database.execute_sql(f"{explain} {sql}", params))
    assert "directory_appointment_municipality_id" not in plan
