"""A municipality as plain values, for what stands below the directory, whose tables these are."""

from datetime import date

from niwari.context import MunicipalityRef
from niwari.db import database, is_postgresql


def find_municipality(municipality_id: int, day: date) -> MunicipalityRef | None:
    """Return a municipality by id as it is now, with its region as of ``day``, in one query."""
    mark = "%s" if is_postgresql() else "?"
    found = database.execute_sql(
        "SELECT m.id, m.code, m.name, m.revision, r.region_id "  # noqa: S608 - constants
        "FROM directory_municipality m LEFT JOIN directory_region_membership r "
        f"ON r.municipality_id = m.id AND r.starts_on <= {mark} "
        f"AND (r.ends_on IS NULL OR r.ends_on >= {mark}) WHERE m.id = {mark}",
        (day, day, municipality_id),
    ).fetchone()
    return MunicipalityRef(*found) if found is not None else None
