"""Keeps the log of these tests in memory, where they can look at it."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

Logged = list[MutableMapping[str, Any]]


@pytest.fixture(autouse=True)
def logged() -> Iterator[Logged]:
    """What was logged in the test so far."""
    with capture_logs() as lines:
        yield lines
