"""How many random paths a state machine is led along: a few in every run, many in `make prove`."""

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

_LONG = [pytest.mark.prove, pytest.mark.timeout(1800)]
MANY = (3, pytest.param(150, marks=_LONG))
#: For `either_street`: on PostgreSQL a path takes three times as long, so that every run has one of them.
ON_EITHER = (
    ("sqlite", 3),
    ("postgresql", 1),
    *(pytest.param(database, 150, marks=_LONG) for database in ("sqlite", "postgresql")),
)


def lead(machine: type[RuleBasedStateMachine], paths: int, *, steps: int) -> None:
    """Along so many random paths of so many steps; fails with the shortest that goes wrong."""
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=paths, stateful_step_count=steps, deadline=None, print_blob=True),
    )
