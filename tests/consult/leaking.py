"""Playing one story twice, by two hidden authors at two minutes, and comparing all that others see.

Whatever differs tells something of the author. What is drawn by chance in each play, as tokens, is
made equal first.
"""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from niwari.clock import FrozenClock
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA
from tests.consult.playing import HELPER, ONE, Play
from tests.consult.surfaces import Seen, equal_chance, exports, inboxes, mails, pages, programs


class Stage:
    """Where plays are performed: each on a database and by a clock of its own."""

    def __init__(self, engines: Any, lent: Any, log: pytest.LogCaptureFixture) -> None:
        self._engines, self._lent, self._log = engines, lent, log

    def seen(
        self,
        author: str = ONE,
        minute: int = 7,
        *,
        only: str = "",
        surfaces: frozenset[str] = frozenset({"page", "api", "export", "notices", "mail", "log"}),
    ) -> Mapping[tuple[str, str, str], str]:
        """Perform the story and return what others see of it on ``surfaces``, pages below ``only``."""
        from niwari.testing.plugin import START
        from niwari.testing.world import prepare_town

        url = self._engines.copy_of("town", prepare_town)
        self._log.clear()
        seen: Seen = {}
        try:
            with (
                self._log.at_level(logging.DEBUG, "niwari"),
                self._lent.world(url, FrozenClock(START)) as world,
            ):
                self._log.clear()  # the first world of a run says more while it is opened
                play = Play(world, author, minute)
                with mails(play) as arrived:
                    play.run()
                    if "log" in surfaces:
                        said = [record.getMessage() for record in self._log.records]
                        seen["log", "it", "all"] = equal_chance("\n".join(said))
                    if "mail" in surfaces:
                        seen |= dict(arrived())
                for surface, look in (("api", programs), ("export", exports), ("notices", inboxes)):
                    if surface in surfaces:
                        seen |= dict(look(play))
                if "page" in surfaces:
                    seen |= dict(pages(play, only))
                    self._with_towns_off(play, seen)
        finally:
            self._engines.drop(url)
        return seen

    def _with_towns_off(self, play: Play, seen: Seen) -> None:
        """Look once more while consult rests where either of the two works."""
        first, _second = play.ids()
        for town in (MIHARU, SUKAGAWA):
            play.world.switch(town, "consult", on=False)
        client = play.world.client_for(HELPER)
        page = client.get(f"/consult/{first}").get_data(as_text=True)
        seen["page", HELPER, "paused elsewhere"] = equal_chance(page)
        assert KORIYAMA in {play.world.ctx_for(HELPER).municipality.code}
        token = client.token_at(f"/consult/{first}")
        typed = {"csrf_token": token, "body": "もう一言", "form_key": str(uuid4())}
        answer = client.post(f"/consult/{first}/answers", data=typed)
        seen["page", HELPER, "answered elsewhere"] = f"{answer.status_code} " + equal_chance(
            answer.get_data(as_text=True) if answer.status_code != 303 else ""
        )
