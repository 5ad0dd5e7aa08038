"""When the stock of an order is promised, and how: placing and acknowledging ask the same rules (X-3, X-4, X-20)."""

from gql_sales.db.models.orders import Order, OrderType
from gql_sales.db.session import Unit
from gql_sales.domain.orders.holds import ALLOCATION, is_held
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.stock.allocation import allocate
from gql_sales.domain.stock.commitment import commit, shortages
from gql_sales.kernel.warnings import WarningCode


def promised_on(unit: Unit, order: Order, moment: str) -> bool:
    """Whether the order's stock is promised at the moment, which is a value of the policy commitOn."""
    return policy(unit, order, "commitOn") == moment


def promised_by_placing(unit: Unit, order: Order) -> bool:
    """Whether placing promises the stock: by itself, or by the acknowledgement that follows at once."""
    if promised_on(unit, order, "ACKNOWLEDGE"):
        return policy(unit, order, "acknowledgeMode") == "AUTO_ON_PLACE"
    return promised_on(unit, order, "PLACE")


def set_aside_by_promising(unit: Unit, order: Order) -> bool:
    """Whether what is promised is set aside in the same step, as far as no hold and no missing payment stops that."""
    is_ready = order.type_code != OrderType.PF and not is_held(order, ALLOCATION)
    return policy(unit, order, "allocateOn") == "PLACE" and is_ready


def leaves_at_once(unit: Unit, order: Order) -> bool:
    """Whether the goods leave with the placement, as at a till (X-8); their stock is locked with it."""
    return policy(unit, order, "shipmentMode") == "AUTO_FINALIZE"


def promise(unit: Unit, order: Order) -> None:
    """Promise all that can be, tell what is short, and set it aside where that is the rule.

    Under commitShortage REJECT a guard has made sure that nothing is short.
    """
    for item, available in shortages(unit, order):
        message = f"Only {available.normalize():f} of {item.sku} are promised; the rest stays open."
        unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
    commit(unit, order)
    if set_aside_by_promising(unit, order):
        allocate(unit, order)
