"""Routes that are quick to make: hundreds are made at every start, and most build no address in it."""

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that writes and compiles what builds its addresses when the first one is asked for."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)

        def build(rule: Rule, **values: str) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
