"""availableTransitions: what a caller may do with a document now, and why not (beyond.md N-1)."""

from uuid import UUID

import strawberry

from gql_sales.db.models.base import Document
from gql_sales.schema.context import Info
from gql_sales.schema.enums import UserErrorCode
from gql_sales.schema.nodes import text


@strawberry.type(description="One reason why a transition is not allowed; the mutation would report the same code.")
class Blocker:
    """A refusal, told before it happens."""

    code: UserErrorCode = text("Stable machine code.")
    hint: str | None = text("What would remove the blocker.")
    message: str = text("English text for developers.")
    path: list[str] | None = text("Path into the document.")


@strawberry.type(description="A transition of a document and whether this caller may fire it now.")
class AvailableTransition:
    """Judged by the guards that the mutation runs."""

    blockers: list[Blocker] = text("Why not; empty when it is allowed.")
    is_allowed: bool = text("True when the mutation would succeed now, given sensible arguments.")
    name: str = text("Name of the mutation that fires it, such as orderCancel.")


async def available_transitions(info: Info, root: type[Document], id_: UUID) -> list[AvailableTransition]:
    """Every transition that the caller has the scope for, by name; all documents of the operation in one go."""
    found = await info.context.explanations(root).load(id_)
    return [
        AvailableTransition(
            name=one.name,
            is_allowed=not one.blockers,
            blockers=[
                Blocker(
                    code=UserErrorCode(error.code()),
                    hint=error.hint,
                    message=error.message,
                    path=list(error.path) if error.path else None,
                )
                for error in one.blockers
            ],
        )
        for one in found
    ]
