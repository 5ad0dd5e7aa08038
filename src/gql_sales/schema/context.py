"""What every resolver gets: the caller, the database and the loaders of one operation."""

from dataclasses import dataclass, field

import strawberry

from gql_sales.db.engine import Database
from gql_sales.db.loaders import Loaders
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings


@dataclass(slots=True)
class Context:
    """One operation's surroundings; made by the web floor for each HTTP request and each operation of a socket."""

    principal: Principal
    database: Database
    settings: Settings
    request_id: str
    loaders: Loaders = field(init=False)
    extensions: dict[str, object] = field(default_factory=dict)
    """Added to ``extensions`` of the response, such as ``idempotency``."""

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.database, self.principal)


Info = strawberry.Info[Context, None]
