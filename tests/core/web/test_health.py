"""The health check: asked by load balancers and by make demo."""

from niwari import __version__
from niwari.db import connection, open_database
from niwari.jobs.signs import leave_sign
from niwari.testing.world import World


def test_a_process_that_can_serve_says_so(world: World) -> None:
    response = world.anonymous().get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "version": __version__, "worker_seen_at": None}


def test_it_tells_when_a_worker_was_last_alive(world: World) -> None:
    with connection():
        leave_sign(world.clock())
    answer = world.anonymous().get("/healthz").json
    assert answer is not None
    assert answer["worker_seen_at"] == "2026-11-10T00:00:00+00:00"


def test_a_process_without_its_database_says_so(world: World) -> None:
    open_database("sqlite:////no/such/folder/niwari.db")
    response = world.anonymous().get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "database does not answer", "version": __version__}


def test_it_sets_no_cookie_and_says_nothing_of_the_inside(world: World) -> None:
    response = world.anonymous().get("/healthz")
    assert "Set-Cookie" not in response.headers
    assert response.mimetype == "application/json"
