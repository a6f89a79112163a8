"""Before its release no word of a sealed transfer is anywhere but on HR's own pages about it.

Every page and operation is asked as every kind of person, every column of every table is read, and
what was logged; one file waits, another was refused when its time came. After a release the same
look, by four of them, finds it, so it would find a leak.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from niwari.clock import ONE_DAY, TOKYO
from niwari.db import database
from niwari.directory.importing import import_people
from niwari.directory.system import system_context
from niwari.directory.transfers.models import SealedTransfer
from niwari.directory.transfers.releasing import release_due
from niwari.jobs.service import ScheduledJob, run_once
from niwari.testing.world import SUKAGAWA, Browser, World
from tests.core.admin.test_import_pages import send as send_import
from tests.core.directory.sealed import HR, MOVED, RELEASE, WORDS, people
from tests.core.rest.conftest import make_token
from tests.core.web.visits import PAGE, Visits, prepared, sessions

pytestmark = pytest.mark.slow

VISITORS = ("anonymous", "left", "staff", "head", "hr", "it", "secretariat", "auditor", "neighbour")
HR_ALONE = {"admin.transfers", "admin.sealed_transfers"}
"""Where HR of the town reads it."""

SEARCHES = (
    "/directory/people?text=鶴",
    "/directory/sections?on=2026-12-02",
    "/directory/sections?on=2027-04-01",
)
STILL_SILENT = ("log", "audit.csv", "audit_", "jobs_", "events_")
"""Places where no word of it belongs at any time."""
LATER = RELEASE + 7 * ONE_DAY
THE_DAY = datetime(2026, 12, 2, 9, 0, tzinfo=TOKYO)
API = ("/api/v1/people?text=鶴", "/api/v1/people", "/api/v1/sections")


@dataclass
class Look:
    """Looks everywhere; ``found`` are the places where a word of the canary stands."""

    visits: Visits
    caplog: pytest.LogCaptureFixture
    found: set[str] = field(default_factory=set)

    def everywhere(self, visitors: Sequence[str] = VISITORS) -> set[str]:
        """Return the places that these people see, as "who: address", and others, as "table: column"."""
        assert {*VISITORS} - {"anonymous"} <= self.visits.cookies.keys()
        self.found = set()
        for visitor in visitors:
            self._pages(visitor)
        self._operations()
        self._audit_csv()
        self._tables()
        self._note("log", self.caplog.text)
        return self.found

    def _pages(self, visitor: str) -> None:
        for endpoint in sorted(self._readable):
            if visitor == "hr" and endpoint in HR_ALONE:
                continue
            address = self.visits.addresses[endpoint]
            self._note(f"{visitor}: {endpoint}", self._read(visitor, address))
        for address in SEARCHES:
            self._note(f"{visitor}: {address}", self._read(visitor, address))

    @property
    def _readable(self) -> set[str]:
        rules = self.visits.world.app.url_map.iter_rules()
        reading = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
        return {endpoint for endpoint in reading if not endpoint.endswith("static")}

    def _read(self, visitor: str, address: str, **options: Any) -> str:
        client = self._client(visitor)
        with client.get(address, headers=PAGE, **options) as answer:
            return answer.get_data().decode(errors="replace") + str(answer.headers)

    def _client(self, visitor: str) -> Browser:
        client = self.visits.world.anonymous()
        if visitor in self.visits.cookies:
            client.set_cookie("niwari_session", self.visits.cookies[visitor])
        return client

    def _operations(self) -> None:
        world = self.visits.world
        own = [self.visits.addresses[one] for one in self._readable if one.startswith("rest.")]
        for login, of_municipality in (
            (HR, False),
            ("staff@koriyama", False),
            ("it@koriyama", True),
        ):
            token = make_token(world, login, of_municipality=of_municipality)
            for address in (*own, *API):
                answer = world.anonymous().get(
                    address, headers={"Authorization": f"Bearer {token}"}
                )
                self._note(f"token of {login}: {address}", answer.get_data(as_text=True))

    def _audit_csv(self) -> None:
        answer = self._client("auditor").submit("/admin/audit/csv", {}, form_at="/admin/audit")
        assert answer.status_code == 200
        self._note("audit.csv", answer.get_data(as_text=True))

    def _tables(self) -> None:
        database.connect(reuse_if_open=True)  # the stream of the audit has closed it at its end
        for table in database.get_tables():
            cursor = database.execute_sql(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
                    shown = text.decode(errors="replace") if isinstance(text, bytes) else text
                    self._note(f"{table}: {name}", shown)

    def _note(self, place: str, text: str) -> None:
        # As JSON and Python write it, too.
        spellings = {*WORDS, *(ascii(word)[1:-1] for word in WORDS)}
        if any(word in text for word in spellings):
            self.found.add(place)


@pytest.fixture
def look(world: World, caplog: pytest.LogCaptureFixture) -> Iterator[Look]:
    caplog.set_level(logging.INFO)
    return Look(prepared(world), caplog)


def send(hr: Browser, data: bytes, address: str = "/admin/transfers") -> Any:
    """Send a file and follow to its preview."""
    fields = {
        "csrf_token": hr.token_at("/admin/transfers"),
        "file": FileStorage(io.BytesIO(data), filename="百年史.csv"),
    }
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return hr.post(address, data=body, content_type=kind, follow_redirects=True)


def kept(world: World, at: datetime, moved: dict[str, str]) -> str:
    """Let HR look at the canary's file with one who is moved, keep it and open it; returns its address."""
    hr = world.client_for(HR)
    preview = send(hr, people({}, moved))
    text = preview.get_data(as_text=True)
    assert all(word in text for word in WORDS)
    seen = text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    answer = hr.submit(
        preview.request.path,
        {"seen": seen, "day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"},
    )
    assert answer.status_code == 303
    address = (
        f"/admin/transfers/{SealedTransfer.select().order_by(SealedTransfer.id.desc()).get().id}"
    )
    assert "日和田" in hr.get(address).get_data(as_text=True)
    return address


def refuse(world: World) -> None:
    """Keep a file whose release is refused, as one of its people has gone elsewhere, and look at it."""
    moved = MOVED | {"login": "staff2@koriyama", "name": "職員二", "kana": "しょくいんに"}
    address = kept(world, RELEASE, moved)
    elsewhere = {"municipality": SUKAGAWA, "section": "総務部", "title": "", "start": "2026-11-12"}
    import_people(system_context(world.clock(), "test"), people(moved | elsewhere))
    release(world, RELEASE)
    assert SealedTransfer.get_by_id(int(address.rpartition("/")[2])).state == "stuck"
    world.client_for(HR).get(address)


def release(world: World, at: datetime) -> None:
    """Let it be the time of a release."""
    world.clock.set(at)
    run_once(ScheduledJob("directory.transfers", 1, release_due), world.clock)


def check_another_import(world: World) -> None:
    """Let municipal IT and a command look at an import of the same people, which is not told of it."""
    data = people(MOVED | {"section": "総務部/人事課", "title": "", "start": "2026-12-05"})
    preview = send_import(world.client_for("it@koriyama"), data).get_data(as_text=True)
    assert "総務部/人事課" in preview
    assert not [word for word in (*WORDS, "異動の予定") if word in preview]
    report = import_people(system_context(world.clock(), "test"), data, dry_run=True)
    assert (report.added, report.ended) == (1, 1)


def test_before_a_release_nothing_says_it_and_after_it_everybody_may_know(
    world: World, look: Look
) -> None:
    refuse(world)
    kept(world, LATER, MOVED)
    check_another_import(world)
    look.visits = replace(look.visits, cookies=sessions(world))
    assert look.everywhere() == set()
    release(world, LATER)
    world.clock.set(THE_DAY)
    look.visits = replace(look.visits, cookies=sessions(world))
    found = look.everywhere(["staff", "hr", "it", "neighbour"])
    assert {
        "staff: directory.sections",
        "neighbour: /directory/people?text=鶴",
        "staff: /directory/sections?on=2026-12-02",
        "staff: /directory/people?text=鶴",
        "token of staff@koriyama: /api/v1/people",
        "token of staff@koriyama: /api/v1/sections",
        "directory_person: name",
        "directory_person_text: text",
        "directory_section: path",
        "directory_appointment: title",
    } <= found
    assert not [place for place in found if place.startswith(STILL_SILENT)]
