"""What every resolver gets: the caller, the database and the loaders of one operation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import strawberry
from aiodataloader import DataLoader

from gql_sales.db.engine import Database
from gql_sales.db.loaders import Loaders
from gql_sales.db.models.base import Document
from gql_sales.domain.explain import Explanation, explain
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings


@dataclass(slots=True)
class Context:
    """One operation's surroundings; made by the web floor for each HTTP request and each operation of a socket."""

    principal: Principal
    database: Database
    settings: Settings
    request_id: str
    client_address: str | None = None
    """Where the operation came from: the other end of the connection, or whom a trusted proxy names."""

    resume_after: str | None = None
    """Cursor of the last event that a client which connects again has seen; wins over an argument."""
    cursor: str | None = None
    """Cursor of the event that is being shown."""

    loaders: Loaders = field(init=False)
    extensions: dict[str, object] = field(default_factory=dict)
    """Added to ``extensions`` of the response, such as ``idempotency``."""

    _explanations: dict[str, DataLoader[UUID, list[Explanation]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.database, self.principal)

    def forget(self) -> None:
        """Read everything anew: a mutation has changed it."""
        self.loaders.clear()
        self._explanations.clear()

    def explanations(self, root: type[Document]) -> DataLoader[UUID, list[Explanation]]:
        """What may be done with documents of one kind, explained for all that an operation asks about at once."""
        if root.__name__ not in self._explanations:

            async def load(ids: Sequence[UUID]) -> list[list[Explanation]]:
                return await explain(self.database, self.principal, root, ids)

            self._explanations[root.__name__] = DataLoader(load, max_batch_size=1000)
        return self._explanations[root.__name__]


Info = strawberry.Info[Context, None]
