"""What the host and the audit keep of a person or a municipality: handed out, and erased.

They lie below the directory, which knows whose a post is; so this area does it for them.
"""

import json
from collections.abc import Iterator
from typing import Any

from niwari.audit.models import AuditEntry, AuditValue
from niwari.context import Context
from niwari.directory.models import Municipality
from niwari.directory.subjects import is_own, people_of, posts_of
from niwari.host.dispatch import Dispatcher
from niwari.host.models import Failure, PersonSetting
from niwari.specs.contributions import Label, Receipt, Record, Subject
from niwari.stewardship.keepers import keepers
from niwari.stewardship.subjects import SETTING

KEPT = Label(
    "だれが何をしたかの記録（監査）は、あとから変えられません。氏名のない番号で残ります。",
    "The audit of who did what can never be changed. It remains, with numbers instead of names.",
)


def records(ctx: Context, dispatcher: Dispatcher, subject: Subject) -> Iterator[Record]:
    """Yield what host and audit keep of ``subject``.

    A person's settings are among them where no keeper hands them out with its own rows.
    """
    people = people_of(subject)
    settings = PersonSetting.person_id.in_(people)
    if subject.person_id is not None:
        settings &= PersonSetting.plugin.not_in(_able(dispatcher, ctx.locale))
    for setting in _of(PersonSetting, settings):
        data = {"plugin": setting.plugin, "key": setting.key, "value": json.loads(setting.value)}
        yield Record(SETTING, setting.id, data)
    for failure in _of(Failure, Failure.person_id.in_(people)):
        seen = {"plugin": failure.plugin, "surface": failure.surface, "trace": failure.trace}
        yield Record("host.failure", failure.id, {"at": failure.at.isoformat(), **seen})
    for value in _of(AuditValue, AuditValue.person_id.in_(people)):
        content = json.loads(value.content)
        yield Record("audit.value", value.id, {"at": value.at.isoformat(), **content})
    for act in _of(AuditEntry, _acts(subject) & ~_untold(ctx, subject)):
        yield Record(
            "audit.entry",
            act.id,
            {
                "at": act.at.isoformat(),
                "action": act.action,
                "object_kind": act.object_kind,
                "object_id": act.object_id,
                "details": json.loads(act.details),
            },
        )


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase settings and the values in the audit, and whom failures met; the audit itself stays.

    In the caller's transaction.
    """
    people = people_of(subject)
    met = Failure.person_id.in_(people)
    redacted: int = Failure.update(person_id=None).where(met).execute()
    erased: int = PersonSetting.delete().where(PersonSetting.person_id.in_(people)).execute()
    erased += AuditValue.delete().where(AuditValue.person_id.in_(people)).execute()
    kept = AuditEntry.select().where(_acts(subject)).count()
    return Receipt(erased, redacted, kept, KEPT if kept else None)


def _of(model: Any, condition: Any) -> Iterator[Any]:
    return iter(model.select().where(condition).order_by(model.id).iterator())


def _able(dispatcher: Dispatcher, locale: str) -> list[str]:
    """Return the keepers that are ready to hand something out."""
    is_ready = dispatcher.host.is_ready
    return [one.name for one in keepers(dispatcher, locale) if is_ready(one.name)]


def _untold(ctx: Context, subject: Subject) -> Any:
    """Return the condition that an act is for nobody but whoever did it to read.

    Who reports posts, and whose posts are held back, is not for HR (docs/decisions/0035).
    """
    hidden = [] if is_own(ctx, subject) else ["moderation.report", "moderation.object"]
    return AuditEntry.action.in_(hidden)


def _acts(subject: Subject) -> Any:
    # The town too, which an act of theirs may be in any of: the index begins with it.
    towns = Municipality.select(Municipality.id)
    return AuditEntry.municipality_id.in_(towns) & AuditEntry.actor_id.in_(posts_of(subject))
