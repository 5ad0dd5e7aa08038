"""The commands of a random day that are about money: cash sales, payments, credit memos and refunds."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.db.models.payments import PaymentKind
from gql_sales.domain.cash_sales.invoice import cash_sale_invoice
from gql_sales.domain.credit_memos.apply import credit_memo_apply
from gql_sales.domain.credit_memos.issue import credit_memo_issue
from gql_sales.domain.credit_memos.lines import NewCredit
from gql_sales.domain.credit_memos.unapply import credit_memo_unapply
from gql_sales.domain.credit_memos.void import credit_memo_void
from gql_sales.domain.payments.allocate import payment_allocate
from gql_sales.domain.payments.deallocate import payment_deallocate
from gql_sales.domain.payments.record import payment_record
from gql_sales.domain.payments.settlement import Target
from gql_sales.domain.payments.split import payment_split
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.refunds.complete import refund_complete
from gql_sales.domain.refunds.fail import refund_fail
from gql_sales.domain.refunds.request import refund_request
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.domain.runner import Outcome
from gql_sales.kernel.ids import new_id
from tests.stateful.commands import Attempt, Command, learn_refund, learned, new, nothing
from tests.stateful.day import Day
from tests.stateful.model import Credit


async def hand_over(day: Day, sale_id: UUID) -> Attempt:
    """Make an invoice of a cash sale."""

    def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Invoice", day.model.bills)
        day.model.hand_over(sale_id, id_)

    return Attempt(cash_sale_invoice, {}, learned(learn))


async def advance(day: Day, _: UUID) -> Attempt:
    """Money on account, half of it for an order, mostly one of the customer's."""
    customer = day.dice.choice(day.customers)
    own = [id_ for id_, order in day.model.orders.items() if order.customer == customer or day.is_odd()]
    order = day.one(own) if own and day.dice.random() < 0.5 else None
    amount = day.money(6000)
    arguments = {
        "customer_id": customer,
        "kind": PaymentKind.ADVANCE,
        "tenders": [NewTender("CASH", amount)],
        "order_id": order,
    }

    def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Payment", day.model.payments)
        day.model.receive_money(id_, customer, int(amount * 100), order)

    return Attempt(payment_record, arguments, learned(learn))


async def pay_bill(day: Day, _: UUID) -> Attempt:
    """Money for a bill."""
    target, bill_id = draw_target(day, 10**9)
    bill = day.model.bills.get(bill_id)
    customer = day.model.orders[bill.order].customer if bill and not day.is_odd() else day.customers[0]
    amount = target.amount or Decimal(bill.open if bill and bill.open else 1) / 100
    tenders = [NewTender("CASH", amount)]
    if amount > 2:
        tenders = [NewTender("CASH", amount - 1), NewTender("CARD", Decimal(1))]

    def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Payment", day.model.payments)
        day.model.receive_money(id_, customer, int(amount * 100))
        day.model.pay(id_, bill_id, int(amount * 100))

    arguments = {
        "customer_id": customer,
        "kind": PaymentKind.REGULAR,
        "tenders": tenders,
        "allocations": [target],
    }
    return Attempt(payment_record, arguments, learned(learn))


def draw_target(day: Day, left: int) -> tuple[Target, UUID]:
    """A bill to settle, with what is left of money or credit; rather one that is open."""
    open_ = [id_ for id_, bill in day.model.bills.items() if bill.open or day.is_odd()]
    bill_id = day.one(open_ or day.model.bills)
    bill = day.model.bills.get(bill_id)
    amount = day.money(min(left, bill.open if bill else 1)) if day.dice.random() < 0.5 else None
    return Target(bill_id, amount, bool(bill and bill.is_cash_sale) != day.is_odd(0.02)), bill_id


async def use_money(day: Day, payment_id: UUID) -> Attempt:
    """Settle a bill with a payment."""
    payment = day.model.payments.get(payment_id)
    target, bill_id = draw_target(day, payment.left if payment else 1)
    cents = None if target.amount is None else int(target.amount * 100)
    return Attempt(
        payment_allocate, {"targets": [target]}, learned(lambda _: day.model.pay(payment_id, bill_id, cents))
    )


async def take_money_off(day: Day, payment_id: UUID) -> Attempt:
    """Take a payment off all that it settles."""
    return Attempt(payment_deallocate, {}, learned(lambda _: day.model.take_money_off(payment_id)))


async def split(day: Day, payment_id: UUID) -> Attempt:
    """Say that a payment came in two parts, which add up or do not."""
    payment = day.model.payments.get(payment_id)
    whole = Decimal(payment.amount if payment else 100) / 100
    first = day.money(int(whole * 100) - 1)
    tenders = [NewTender("CASH", first), NewTender("CARD", whole - first)]
    return Attempt(payment_split, {"tenders": tenders}, nothing)


async def credit(day: Day, _: UUID) -> Attempt:
    """Credit a billed line by quantity or by value."""
    bill_id = day.one(day.model.bills)
    bill = day.model.bills.get(bill_id)
    item_id = day.one(bill.lines if bill else [])
    left = bill.lines.get(item_id) if bill else None
    is_sale = bool(bill and bill.is_cash_sale)
    table, parent = ("cash_sale_items", "cash_sale_id") if is_sale else ("invoice_items", "invoice_id")
    rows = await day.rows(
        f"SELECT id FROM {table} WHERE {parent} = :bill AND order_item_id = :item", bill=bill_id, item=item_id
    )
    by_value = day.dice.random() < 0.4
    amount = day.money(left.gross if left else 1) if by_value else None
    quantity = None if by_value else day.some(left.quantity if left else 1)
    cause = day.dice.choice([CreditMemoCause.CANCELLED_QUANTITY, CreditMemoCause.PRICE_CORRECTION])
    wanted = NewCredit(rows[0].id if rows else new_id(), is_sale, quantity, amount)

    def learn(outcome: Outcome) -> None:
        assert bill is not None
        (id_,) = new(outcome, "CreditMemo", day.model.memos)
        part = Credit(bill_id, item_id, int(quantity or 0), int((amount or 0) * 100))
        is_reopening = cause == CreditMemoCause.CANCELLED_QUANTITY
        day.model.credit(id_, day.model.orders[bill.order].customer, [part], is_reopening=is_reopening)

    return Attempt(credit_memo_issue, {"cause": cause, "items": [wanted]}, learned(learn))


async def use_credit(day: Day, memo_id: UUID) -> Attempt:
    """Settle a bill with credit."""
    memo = day.model.memos.get(memo_id)
    target, bill_id = draw_target(day, memo.balance if memo else 1)
    cents = None if target.amount is None else int(target.amount * 100)
    return Attempt(
        credit_memo_apply, {"targets": [target]}, learned(lambda _: day.model.apply(memo_id, bill_id, cents))
    )


async def take_credit_off(day: Day, memo_id: UUID) -> Attempt:
    """Take credit off all that it settles."""
    return Attempt(credit_memo_unapply, {}, learned(lambda _: day.model.unapply(memo_id)))


async def void(day: Day, memo_id: UUID) -> Attempt:
    """Take credit back."""
    return Attempt(credit_memo_void, {}, learned(lambda _: day.model.void(memo_id)))


async def refund(day: Day, memo_id: UUID) -> Attempt:
    """Refund all of a credit or some of it, perhaps at once."""
    memo = day.model.memos.get(memo_id)
    arguments: dict[str, Any] = {"method": "BANK"}
    if day.dice.random() < 0.5:
        arguments["amount"] = day.money(memo.balance if memo else 1)
    if day.dice.random() < 0.3:
        arguments["then"] = [RefundStep.COMPLETE]

    async def learn(outcome: Outcome) -> None:
        await learn_refund(day, outcome)

    return Attempt(refund_request, arguments, learn)


async def complete(_: Day, __: UUID) -> Attempt:
    """The money is with the customer."""
    return Attempt(refund_complete, {}, nothing)


async def fail(day: Day, refund_id: UUID) -> Attempt:
    """The money did not get through."""
    return Attempt(refund_fail, {"reason": "Account closed"}, learned(lambda _: day.model.fail(refund_id)))


CASH_SALES: list[tuple[int, Command]] = [(3, hand_over)]
PAYMENTS: list[tuple[int, Command]] = [(5, use_money), (3, take_money_off), (1, split)]
MEMOS: list[tuple[int, Command]] = [(4, use_credit), (2, take_credit_off), (3, void), (4, refund)]
REFUNDS: list[tuple[int, Command]] = [(2, complete), (2, fail)]
BILLS: list[tuple[int, Command]] = [(7, pay_bill), (9, credit)]
"""What makes a document about bills; which ones it draws itself."""
