"""Methods of payment are data: whether one brings the money at once decides how an order is billed (PK-27)."""

from gql_sales.db.models.payments import PaymentMethod, PaymentMethodClass
from gql_sales.db.queries.master import lock_company, payment_method_named
from gql_sales.db.session import Unit
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings


@creation(PaymentMethod, scope="payment_methods:edit", event="PaymentMethodSet")
async def payment_method_set(unit: Unit, *, code: str, name: str, method_class: PaymentMethodClass) -> PaymentMethod:
    """Set a method of payment that the company takes; the same code again changes it, and orders keep what they had.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    code = found.line(code, 40, "code").upper()
    name = found.line(name, 200, "name")
    found.check()
    await lock_company(unit)
    method = await payment_method_named(unit, code)
    if method is not None:
        method.name, method.method_class = name, method_class
        return method
    return unit.add(PaymentMethod(company_id=unit.company_id, code=code, name=name, method_class=method_class))
