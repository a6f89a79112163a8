"""What pages cost, whatever stands on them."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from niwari.api import transaction
from niwari_handover.models import Duty, Holder, Version
from niwari_handover.service import asking, checklist, listing
from niwari_handover.service.checklist import Lined

SHELL, OWN = 3, 5


def test_sixty_duties_and_five_hundred_versions_cost_what_one_costs(
    ctx_for: Any, client_for: Any, queries: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    first = write(notebook)
    client = client_for("staff@koriyama")
    addresses = [
        f"/handover/notebooks/{notebook}",
        f"/handover/notebooks/{notebook}/year",
        f"/handover/notebooks/{notebook}/print",
        f"/handover/duties/{first}",
        f"/handover/duties/{first}/history",
        f"/handover/duties/{first}/history/1",
        "/handover/",
    ]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with queries() as log:
                assert client.get(address).status_code == 200
            found.append(len(log))
        return found

    few = costs()
    ctx = ctx_for("staff@koriyama")
    row = Duty.get_by_id(first)
    with transaction(ctx):
        for _ in range(59):
            write(notebook)
        Version.insert_many(
            [
                {
                    "duty": first,
                    "number": number,
                    "content": json.dumps({"name": row.name, "steps": str(number)}),
                    "author": ctx.acting.id,
                    "saved_at": ctx.now,
                }
                for number in range(2, 501)
            ]
        ).execute()
        Duty.update(version=500).where(Duty.id == first).execute()
    assert costs() == few
    assert max(few) <= SHELL + OWN
    with queries() as log:
        listing.unfinished(ctx, 3)
    assert len(log) == 1


def test_many_people_lines_and_questions_cost_what_one_costs(
    ctx_for: Any, client_for: Any, queries: Any, open_notebook: Any, write: Any, name_successor: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    name_successor(notebook)
    ctx = ctx_for("staff@koriyama")
    question = asking.ask(ctx, notebook, text="一", duty_id=None, form_key=str(uuid4()))
    pages = {
        "staff@koriyama": ("", "/handing", "/holders", "/ask", "/successor"),
        "head@koriyama": ("", "/handing", "/holders"),
        "hr@koriyama": ("posts",),
    }
    addresses = [
        (login, f"/handover/{page}" if page == "posts" else f"/handover/notebooks/{notebook}{page}")
        for login, some in pages.items()
        for page in some
    ]

    def costs() -> list[int]:
        found = []
        for login, address in addresses:
            client = client_for(login)
            client.get(address)
            with queries() as log:
                assert client.get(address).status_code == 200, address
            found.append(len(log))
        return found

    few = costs()
    for number in range(40):
        checklist.add_item(ctx, notebook, Lined(f"行{number}", None), form_key=str(uuid4()))
        asking.ask(ctx, notebook, text="また", duty_id=None, form_key=str(uuid4()))
        asking.answer(ctx, question, text="はい", form_key=str(uuid4()))
        open_notebook("staff2@koriyama", f"担当{number}")
    with transaction(ctx):
        Holder.insert_many(
            [
                {"notebook": notebook, "appointment": ctx.acting.id, "starts_on": ctx.today}
                | {"ends_on": ctx.today - timedelta(days=1)}
                for _ in range(40)
            ]
        ).execute()
    assert costs() == few
    assert max(few) <= SHELL + OWN
