"""Rules about what people are told: whole sentences in their language, and nothing where it is off."""

import re
from collections.abc import Iterator

from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.notices.kinds import sentence_of, values_text
from niwari.notices.outbox import notify
from niwari.testing.conformance.bench import HERE, OWNER, Bench, text_of
from niwari.testing.conformance.rule import rule

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_TITLE, _NUMBER = "…", 1
_ENDS = {"ja": "。", "en": "."}


@rule("What people are told is a whole sentence in both languages, and is gone where it is off.")
def notices(bench: Bench) -> Iterator[str]:
    """Each kind, told with a number for every value that it declares."""
    with bench.stand() as stand:
        kinds = stand.plugin.contributions.notices
        for kind in kinds:
            values = dict.fromkeys(kind.values, _NUMBER)
            for locale, end in _ENDS.items():
                said = sentence_of(kind, values_text(kind, values), _TITLE, locale)
                if not said.endswith(end):
                    yield f"{kind.code}: the sentence {said!r} does not end with {end!r}"
                if locale == "en" and _JAPANESE.search(said):
                    yield f"{kind.code}: the English sentence {said!r} is Japanese"
            ctx = stand.world.system_context()
            post = Appointment.select(Appointment.id).where(
                Appointment.id == stand.world.ctx_for(OWNER).acting.id
            )
            with transaction(ctx):
                notify(ctx, kind.code, post, **values)
        if not kinds:
            return
        client = stand.world.client_for(OWNER)
        title = 'class="row-title"'
        stand.world.switch(HERE, stand.plugin.name, on=False)
        if title in text_of(stand.request(client, "/notices/")):
            yield "the inbox shows notices where the plugin is off"
