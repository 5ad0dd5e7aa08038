"""What one caller may ask for at once, per audience (api.md 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gql_sales.kernel.principals import Audience

KIB = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of one audience."""

    body: int
    """Bytes of a request body or of a socket's message."""
    tokens: int
    """Lexical tokens of a document."""
    depth: int
    """Fields inside one another."""
    aliases: int
    """Aliases in a document."""
    root_fields: int
    """Different response names at the root."""
    mutations: int
    """Different response names at the root of a mutation."""
    pairs: int
    """Pairs of selections that merge into one value; validation compares all of them."""
    cost: int
    """Points of one operation."""
    deadline: float
    """Seconds of one execution."""
    socket_operations: int
    """Operations under way on one socket."""
    principal_operations: int
    """Operations under way on all sockets of one principal."""


LIMITS: Mapping[Audience, Limits] = MappingProxyType(
    {
        Audience.STOREFRONT: Limits(
            body=64 * KIB,
            tokens=1000,
            depth=10,
            aliases=15,
            root_fields=5,
            mutations=1,
            pairs=5_000,
            cost=500,
            deadline=5.0,
            socket_operations=5,
            principal_operations=10,
        ),
        Audience.ADMIN: Limits(
            body=256 * KIB,
            tokens=4000,
            depth=15,
            aliases=30,
            root_fields=20,
            mutations=4,
            pairs=20_000,
            cost=5000,
            deadline=20.0,
            socket_operations=50,
            principal_operations=100,
        ),
        Audience.PARTNER: Limits(
            body=256 * KIB,
            tokens=2000,
            depth=12,
            aliases=30,
            root_fields=10,
            mutations=4,
            pairs=10_000,
            cost=2000,
            deadline=20.0,
            socket_operations=20,
            principal_operations=50,
        ),
    }
)

LARGEST_BODY = max(limits.body for limits in LIMITS.values())
"""Bytes that are read before it is known who asks."""
JSON_NESTING = 32
"""Containers inside one another in a request's JSON; filters need about ten."""
PAGE_SIZE = 25
"""Rows of a connection when neither first nor last is given."""
MUTATION_COST = 10
"""Points of a mutation, and of each entry of a bulk call."""
BULK_ENTRIES = 250
"""Entries of the bulk calls of one operation, together."""
INTROSPECTION_COST = 400
"""Points of ``__schema``, whose answer is the size of the whole schema."""
INTROSPECTIONS = 2
"""Fields ``__schema`` and ``__type`` in one document; answering the first holds others up a little."""
INTROSPECTION_DEPTH = 20
"""Fields inside one another below ``__schema`` and ``__type``, where the standard query needs 14."""
OPERATIONS = 20
"""Operations in one document; some rules look at every fragment once for each of them."""
SELECTION_NESTING = 60
"""Selection sets and fragments inside one another; bounds recursion, since neither need count as depth."""
PERSISTED_BODIES = 16
"""Bodies of an audience whose size its persisted queries may have together."""
INIT_SECONDS = 3.0
"""How long a socket may stay silent before its connection_init."""
BODY_SECONDS = 20.0
"""How long sending a request's body may take."""
