"""Routes that are quick to make: hundreds are made at every start, and most build no address in it."""

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

# What is compiled from an address alone holds for its route in every application of the process.
_COMPILED: dict[tuple[str, tuple[tuple[bool, str], ...], bool], Builder] = {}


class LateRule(Rule):
    """A rule that writes and compiles what builds its addresses when the first one is asked for."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        compile_now = super()._compile_builder

        @cache
        def compiled(append_unknown: bool) -> Builder:
            if self.defaults:  # their values are compiled in, as this rule's converters write them
                return compile_now(append_unknown)
            key = (self.rule, tuple(self._trace), append_unknown)
            if key not in _COMPILED:
                _COMPILED[key] = compile_now(append_unknown)
            return _COMPILED[key]

        def build(rule: Rule, **values: str) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
