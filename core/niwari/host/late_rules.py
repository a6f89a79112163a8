"""Routes that are quick to make: hundreds are made at every start, and most build no address in it."""

from collections.abc import Callable

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

# What is compiled from an address alone holds for its route in every application of the process.
_COMPILED: dict[tuple[str, tuple[tuple[bool, str], ...], bool], Builder] = {}


class LateRule(Rule):
    """A rule that writes and compiles what builds its addresses when the first one is asked for."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        return _build_with_unknown if append_unknown else _build

    def compiled(self, append_unknown: bool) -> Builder:
        """Return what builds its addresses; ``append_unknown`` puts other values in the query."""
        if self.defaults:  # their values are compiled in, as this rule's converters write them
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in _COMPILED:
            _COMPILED[key] = super()._compile_builder(append_unknown)
        return _COMPILED[key]


# A rule begins with these two, which all rules share: to make two for each is what made a start slow.
def _build(rule: LateRule, /, **values: str) -> tuple[str, str]:
    rule._build = rule.compiled(append_unknown=False).__get__(rule, None)
    return rule._build(**values)


def _build_with_unknown(rule: LateRule, /, **values: str) -> tuple[str, str]:
    rule._build_unknown = rule.compiled(append_unknown=True).__get__(rule, None)
    return rule._build_unknown(**values)
