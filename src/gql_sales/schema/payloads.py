"""What every mutation takes and gives: four standard inputs, and errors, warnings and effects beside the objects."""

from typing import Any

import strawberry

from gql_sales.domain.bulk import Seat
from gql_sales.domain.runner import Call, Outcome
from gql_sales.kernel.warnings import WarningCode
from gql_sales.schema.context import Info
from gql_sales.schema.effects import Effect, effect
from gql_sales.schema.errors import UserError, user_error
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.scalars import IdempotencyKey


@strawberry.type(
    description="Something the caller should know; it stops nothing unless a policy wants it acknowledged."
)
class Warning:
    """One warning."""

    code: WarningCode = text("Stable machine code; send it back in acknowledgeWarnings.")
    message: str = text("English text for developers.")
    path: list[str] | None = text("Path into the input.")


@strawberry.input
class MutationInput:
    """The four fields that every input has."""

    idempotency_key: IdempotencyKey = text("Makes a retry safe: one key, one effect.")
    expected_version: int | None = optional("Version the caller read; a stale one is a VersionConflictError.")
    dry_run: bool = strawberry.field(
        description="Reports errors, warnings and effects, and writes nothing.", default=False
    )
    acknowledge_warnings: list[WarningCode] = strawberry.field(
        description="Warnings the caller has seen and accepts.", default_factory=list
    )

    def __post_init__(self) -> None:
        """Strawberry makes inputs as dataclasses; what is no field of the input is set here."""
        self.seat: Seat | None = None

    def call(self, info: Info) -> Call:
        """Who calls, and how, for the runner."""
        return Call(
            info.context.principal,
            info.context.database,
            self.idempotency_key,
            given(self.expected_version),
            self.dry_run,
            frozenset(self.acknowledge_warnings),
            client_address=info.context.client_address,
            batch=self.seat,
        )


@strawberry.type
class Payload:
    """What every payload has beside its objects."""

    outcome: strawberry.Private[Outcome]

    @strawberry.field(description="What the change did; with dryRun, what it would do.")
    def effects(self) -> list[Effect]:
        """Empty when nothing was written."""
        return [effect(found) for found in self.outcome.effects]

    @strawberry.field(description="Empty when the change took place.")
    def user_errors(self) -> list[UserError]:
        """Why nothing was written."""
        return [user_error(error) for error in self.outcome.errors]

    @strawberry.field(description="What the caller should know.")
    def warnings(self) -> list[Warning]:
        """Told, not refused."""
        return [
            Warning(code=w.code, message=w.message, path=list(w.path) if w.path else None)
            for w in self.outcome.warnings
        ]


def changed(type_name: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The document of the payload, read again under the caller's present rights; null when it is absent or not visible.

    ``type_name`` is the GraphQL type, which is also the name of the document in the outcome.
    """

    async def resolve(root: Payload, info: Info) -> Any:  # noqa: ANN401 (a row)
        id_ = root.outcome.document(type_name)
        return None if id_ is None else await info.context.loaders.node(type_name, id_)

    return strawberry.field(resolver=resolve, description=description)


def note_replay(info: Info, outcome: Outcome) -> Outcome:
    """Tell the client when the answer is an earlier one (api.md 3), and have everything read again after the change."""
    info.context.forget()
    if outcome.is_replayed:
        info.context.extensions["idempotency"] = {"replayed": True}
    return outcome
