"""The conformance run: what every plugin must keep to, checked from its name alone.

``pytest --niwari-conformance NAME`` runs each rule against the installed plugin NAME in an
application of its own. A rule is a function that yields problems, a sentence each; the module it
stands in says what it is about.
"""

from niwari.testing.conformance import (
    access,
    accessible,
    attached,
    dark,
    dated,
    disposing,
    finding,
    hidden,
    hosting,
    keeping,
    moderated,
    offers,
    pages,
    seats,
    texts,
    told,
    work,
    writing,
)
from niwari.testing.conformance.bench import Bench
from niwari.testing.conformance.rule import Rule, all_rules

__all__ = [
    "Bench",
    "Rule",
    "access",
    "accessible",
    "all_rules",
    "attached",
    "dark",
    "dated",
    "disposing",
    "finding",
    "hidden",
    "hosting",
    "keeping",
    "moderated",
    "offers",
    "pages",
    "seats",
    "texts",
    "told",
    "work",
    "writing",
]
