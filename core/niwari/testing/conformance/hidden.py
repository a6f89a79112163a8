"""The rule about posts that people write without their name: nothing that Niwari shows tells who it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.audit.models import AuditEntry
from niwari.db import transaction
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.keyring import SealError
from niwari.specs.contributions import Part, Record, Resource, Subject
from niwari.stewardship import subjects
from niwari.testing.conformance.bench import EVERYBODY, NEIGHBOUR, OWNER, Bench, Stand, text_of
from niwari.testing.conformance.rule import rule
from niwari.vault.acting import own_hidden
from niwari.vault.service import addressee

_READERS = (NEIGHBOUR, "staff2@koriyama", *(one for one in EVERYBODY if one != OWNER))
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class _Kind:
    """Posts that may have hidden authors, of a resource or of a part of it."""

    declared: Resource | Part
    resource: Resource

    @property
    def model(self) -> Any:
        return self.declared.model


@rule("Nobody learns who wrote a post whose author is hidden, nor when, nor where they work.")
def hidden_authors(bench: Bench) -> Iterator[str]:
    """Each `hidden_sample` is written, published and read by everybody: pages, audit, export, tables."""
    with bench.stand(sampled=False) as stand:
        for resource in stand.plugin.contributions.resources:
            posts: tuple[Resource | Part, ...] = (resource, *resource.parts)
            for declared in posts:
                if declared.envelope is not None:
                    _at(stand, stand.sample(NEIGHBOUR))
                    yield from _tried(stand, _Kind(declared, resource))


def _tried(stand: Stand, kind: _Kind) -> Iterator[str]:
    code, model = kind.declared.kind, kind.model
    if kind.declared.hidden_sample is None:
        yield f"{code} has envelope and no hidden_sample; give it, so that hidden posts are tried"
        return
    known = {row.id for row in model.select(model.id)}
    audited = AuditEntry.select().count()
    _written(stand, kind)()
    if any(row.id not in known for row in model.select(model.id)):
        yield f"{code} is written in its author's request; write it in the task of later_hidden"
    yield from _audited(stand, code, audited, "before it is published")
    stand.world.clock.advance(minutes=_QUARTER)
    stand.world.work()
    new = [row for row in model.select() if row.id not in known]
    if len(new) != 1:
        yield f"{code}: after a quarter of an hour there are {len(new)} new rows instead of one"
        return
    yield from _kept(stand, kind, new[0])
    yield from _audited(stand, code, audited, "when it is published")
    yield from _shown(stand, kind, new[0])
    yield from _handed_out(stand, kind, new[0])


def _at(stand: Stand, ids: dict[str, int]) -> None:
    """Let the addresses of the plugin be those of other rows."""
    stand.ids = ids
    stand.__dict__.pop("addresses", None)


def _written(stand: Stand, kind: _Kind) -> Callable[[], object]:
    ctx, declared = stand.full_ctx(OWNER), kind.declared
    if isinstance(declared, Part):
        sample = declared.hidden_sample
        return lambda: sample(ctx, stand.ids[kind.resource.kind]) if sample else None
    whole = declared.hidden_sample
    return lambda: whole(ctx) if whole else None


def _kept(stand: Stand, kind: _Kind, row: Any) -> Iterator[str]:
    """Look at the columns of the row: nothing in them names its author but the envelope."""
    code, ctx = kind.declared.kind, stand.world.ctx_for(OWNER)
    telling = {Appointment: ctx.acting.id, Person: ctx.person_id}
    for name, field in row._meta.fields.items():
        points_to = getattr(field, "rel_model", None)
        if points_to in telling and row.__data__[name] == telling[points_to]:
            yield f"{code}: its column {name} names the author; leave it empty"
        if points_to is Section and row.__data__[name] != _first_section(ctx.municipality.id):
            yield f"{code}: its column {name} names a section; write HiddenAuthor.columns(…)"
        if isinstance(value := row.__data__[name], datetime) and (
            value.minute % _QUARTER or value.second or value.microsecond
        ):
            yield f"{code}: its column {name} has an instant; take ctx.now of the task"
    sealed = kind.declared.envelope(row) if kind.declared.envelope else None
    try:
        found = addressee(*_opened(sealed, code)) if sealed else None
    except SealError:
        found = None
    if found != ctx.person_id:
        yield f"{code}: its envelope does not open to its author; write HiddenAuthor.columns(…)"
    if row.id not in own_hidden(ctx, code):
        yield f"{code}: its author does not find it; end the task with HiddenAuthor.keep(…)"


def _opened(sealed: tuple[str, int | str], code: str) -> tuple[str, str, int | str]:
    return sealed[0], code, sealed[1]


def _first_section(municipality_id: int) -> int:
    own = Section.select(Section.id).where(Section.municipality == municipality_id)
    return int(own.order_by(Section.id).get().id)


def _audited(stand: Stand, code: str, before: int, when: str) -> Iterator[str]:
    author = stand.world.ctx_for(OWNER).acting.id
    for entry in AuditEntry.select().order_by(AuditEntry.id).offset(before):
        if entry.actor_id == author:
            yield f"{code}: the audit names its author {when} ({entry.action}); use HiddenAuthor.audit(…)"


def _shown(stand: Stand, kind: _Kind, row: Any) -> Iterator[str]:
    """Let everybody open the plugin's pages and look for the author's name and town."""
    author, code = stand.world.ctx_for(OWNER), kind.declared.kind
    if isinstance(kind.declared, Resource):
        _at(stand, {**stand.ids, code: row.id})
    town = str(Municipality.get_by_id(author.municipality.id).name)
    for login in _READERS:
        client = stand.world.client_for(login)
        for address in stand.addresses:
            if not address.is_safe or address.access.permission is None:
                continue
            text = text_of(stand.open(client, address))
            if author.acting.person_name in text:
                yield f"{address.name} shows {login} the author of {code}"
            if login == NEIGHBOUR and address.is_of_row and town in text:
                yield f"{address.name} shows {login} from which municipality {code} is"
        if author.acting.person_name in text_of(stand.request(client, "/")):
            yield f"a card at home shows {login} the author of {code}"


def _handed_out(stand: Stand, kind: _Kind, row: Any) -> Iterator[str]:
    """Hand out what is the author's, then erase it: no record tells of the post, no envelope stays."""
    ctx, code = stand.world.ctx_for(OWNER), kind.declared.kind
    host, name = stand.world.host, stand.plugin.name
    subject, system = Subject(person_id=ctx.person_id), stand.world.system_context()
    if host.implementation("export_data", name) is not None:
        found: list[Record] = []
        subjects.export(system, stand.world.dispatcher, name, subject, found.append)
        if (code, row.id) in {(record.kind, record.id) for record in found}:
            yield f"{code}: export_data hands out who wrote it; leave rows without an author out"
    if host.implementation("erase_data", name) is None:
        return
    with transaction(system):
        stand.world.dispatcher.call_one("erase_data", system, name, subject=subject)
    left = kind.model.get_or_none(kind.model.id == row.id)
    if left is not None and kind.declared.envelope and (kind.declared.envelope(left) or [""])[0]:
        yield f"{code}: erase_data leaves its envelope; call forget_author(subject, Model)"
