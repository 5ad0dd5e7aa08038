"""Making several customer records one: documents keep the record that they name, and reading follows the link."""

from collections.abc import Sequence

from gql_sales.db.models.customers import Customer, CustomerKind, CustomerState
from gql_sales.db.queries.customers import merged_into
from gql_sales.db.session import Unit


async def absorb(unit: Unit, winner: Customer, losers: Sequence[Customer]) -> None:
    """Let the winner stand for the losers and for whatever was merged into these; all of them are locked.

    The logins of the losers end, and so does a guest's session with the winner: whoever holds it may be anybody who
    typed the e-mail address, and would see the history of the others.
    """
    earlier = await merged_into(unit, {loser.id for loser in losers})
    for loser in losers:
        loser.state = CustomerState.MERGED
        loser.subject = None
    for record in [*losers, *earlier]:
        record.merged_into_id = winner.id
    if winner.kind == CustomerKind.GUEST:
        winner.subject = None
