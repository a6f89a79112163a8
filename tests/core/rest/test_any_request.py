"""Whatever a program sends: no failure, and answers that are as the document says."""

import json
from collections.abc import Callable
from functools import lru_cache
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from niwari.rest.shapes import NoParameters
from niwari.rest.views import operations
from niwari.testing.engines import Engines
from niwari.testing.world import World
from niwari_consult.resources import QUESTION
from tests.core.rest.conftest import API, HEAD, IT, STAFF, make_token

# With all checks that schemathesis has, but for those that cannot hold:
LEFT_OUT = (
    # A well-formed wish or cursor may be refused: what is offered where and when is no schema.
    "positive_data_acceptance",
)

Holder = Callable[[World], str]
TOKENS: dict[str, tuple[Holder, ...]] = {
    "nobody": (lambda world: "",),
    "a person and the municipality": (
        lambda world: make_token(world, HEAD),
        lambda world: make_token(world, IT, of_municipality=True),
    ),
}
"""Who sends; what a person sends the municipality sends too, as most of the time goes to making it up."""
# An operation without parameters can be asked in no wrong way.
CASES = [
    pytest.param(endpoint, mode, id=f"{endpoint}-{mode.value}")
    for endpoint, one in sorted(operations.all.items())
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE
    or "<" in one.rule
    or one.body
    or one.query is not NoParameters
]
EXAMPLES = {"nobody": 3, "a person and the municipality": 8}
SEEDS = {"sqlite": 1, "postgresql": 2}
"""Each engine is sent other requests, but for the simplest one."""


@schemathesis.python.constants
def words_of_our_own() -> list[str]:
    """Name the modules whose literals are tried as values, once: of each app they would be read anew."""
    return ["niwari.rest", "niwari.ledger", "niwari.catalogue", "niwari_consult"]


@lru_cache(maxsize=2)
def schema_of(text: bytes, has_token: bool) -> schemathesis.BaseSchema:
    """Read the document of the API, which is the same in all tests here, once."""
    document = json.loads(text)
    if has_token:
        del document["security"]  # else requests are made up that lack the token that is sent
    return schemathesis.openapi.from_dict(document)


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "mode"), CASES)
@pytest.mark.parametrize("holders", TOKENS)
def test_any_request_is_answered_as_the_document_says(
    world: World, database_engines: Engines, endpoint: str, mode: GenerationMode, holders: str
) -> None:
    QUESTION.sample(world.ctx_for(STAFF))
    tokens = [make(world) for make in TOKENS[holders]]
    schema = schema_of(world.anonymous().get(f"{API}/openapi.json").get_data(), all(tokens))
    (found,) = schema.include(operation_id=endpoint).get_all_operations()
    operation = found.ok()
    cases = operation.as_strategy(generation_mode=mode)
    operation.app = operation.schema.app = world.app
    load_all_checks()
    left_out = CHECKS.get_by_names(list(LEFT_OUT))

    turns = count()

    @seed(SEEDS[database_engines.kind])
    @given(case=cases)
    @settings(
        max_examples=EXAMPLES[holders],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case) -> None:
        # What the first has done the second cannot do again: so each comes first at every second one.
        for token in tokens if next(turns) % 2 else tokens[::-1]:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            case.call_and_validate(headers=headers, excluded_checks=left_out)

    send()
