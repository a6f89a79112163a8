"""Whatever people do, and in whatever order: the ledger's sums hold (ledger.md, "Invariants")."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .conftest import Ledger
from .machine_arranging import Anything

ACTS = {
    *("ask", "oral", "agree", "part", "return", "decline", "again", "withdraw", "over free"),
    "ways",
    *("after the fact", "agree after the fact", "cancel"),
    *("attended", "absent", "take absence back"),
    *("record", "correct", "revoke", "shorten", "confirm", "deny"),
    *("record longer", "accept supplement", "refuse supplement"),
    *("standing ask", "standing agree", "standing return", "standing decline"),
    *("standing withdraw", "standing revoke", "draw"),
    *("close", "ask correction", "approve correction", "refuse correction"),
    *("withdraw correction", "freeze", "suspend", "lift", "revive", "leave", "rate", "end rate"),
}


# So many runs in each round, and rounds until every act was done; what is done is Hypothesis's choice,
# another one on each engine. From these numbers on two rounds do, as long as no rule is another.
ROUNDS, RUNS, STEPS = 12, 8, 50
FIRST = {"sqlite": 9, "postgresql": 1_000}


@pytest.fixture
def ledger(open_world, trial_plugins):
    """A ledger beside which a plugin offers what people join."""
    return Ledger(open_world([trial_plugins["dummy"]]))


@pytest.mark.slow
def test_any_order_of_acts(ledger, database_engines):
    done: set[str] = set()
    wanted = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number in range(ROUNDS):
        machine = seed(FIRST[database_engines.kind] + number)(Anything.of_world(ledger, done))
        run_state_machine_as_test(machine, settings=wanted)
        if done >= ACTS:
            break
    assert ACTS - done == set()
