"""How much of a credit memo is used: a pure function of its amounts (domain.md 3, I-11)."""

from gql_sales.db.models.axes import AxisStatus
from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.db.session import Unit
from gql_sales.domain.transition import derives


@derives(CreditMemo)
def derive(_: Unit, memo: CreditMemo) -> None:
    """Set the derived column of the memo; what is on its way to the customer is used."""
    memo.usage_status = usage_status(memo.balance_amount, memo.gross_amount)


def usage_status(balance: int, gross: int) -> AxisStatus:
    """Of a total of zero there is nothing to use."""
    if gross == 0:
        return AxisStatus.NOT_APPLICABLE
    if balance == 0:
        return AxisStatus.FULL
    return AxisStatus.NONE if balance == gross else AxisStatus.PARTIAL
