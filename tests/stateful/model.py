"""What the figures of orders, stock and money must be after each accepted command, told without the code under test.

Prices are such that the gross of one piece is a whole number of cents, so that amounts are products and never rounded,
except where a quantity is credited after a value. What the program may choose, such as the lines that are left on a
note that is booked while stock is short, is told to the model; everything that follows from it is predicted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

PIECES = {"apple": 1200, "pear": 300, "delivery": 588}
"""Gross of one piece in cents."""

GOODS = {"apple", "pear"}
Figures = dict[tuple[str, UUID], tuple[int, ...]]


@dataclass
class Item:
    """One line of an order, in pieces."""

    sku: str
    ordered: int
    cancelled: int = 0
    committed: int = 0
    shipped: int = 0
    invoiced: int = 0
    credited: int = 0
    reopened: int = 0

    @property
    def is_goods(self) -> bool:
        """Whether it is shipped."""
        return self.sku in GOODS

    @property
    def net(self) -> int:
        """What is still wanted."""
        return self.ordered - self.cancelled

    @property
    def open(self) -> int:
        """What is not done: not shipped, or not billed when it is no goods (I-1)."""
        return self.net - (self.shipped if self.is_goods else self.invoiced - self.reopened)

    @property
    def billable(self) -> int:
        """What may be billed."""
        return max(0, self.net - self.invoiced + self.reopened)


@dataclass
class Order:
    """An order of a customer."""

    customer: UUID
    items: dict[UUID, Item]


@dataclass
class Line:
    """What is billed of an item and not credited yet; what is gone stays gone when a cash sale is invoiced."""

    quantity: int
    gross: int


@dataclass
class Bill:
    """An invoice or a cash sale; ``invoice`` is what a cash sale was handed over to."""

    order: UUID
    lines: dict[UUID, Line]
    open: int
    is_cash_sale: bool
    invoice: UUID | None = None


@dataclass
class Payment:
    """Money received, and the bills it settles."""

    customer: UUID
    amount: int
    left: int
    order: UUID | None = None
    uses: list[tuple[UUID, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Credit:
    """A part of a billed line: a quantity, or a value."""

    bill: UUID
    item: UUID
    quantity: int = 0
    value: int = 0


@dataclass
class Memo:
    """Credit of a customer, what it is for, and the bills it settles."""

    customer: UUID
    balance: int
    credits: list[tuple[Credit, int]]
    is_reopening: bool
    uses: list[tuple[UUID, int]] = field(default_factory=list)


@dataclass
class Shipment:
    """What is on a delivery note."""

    order: UUID
    lines: dict[UUID, int]


@dataclass
class Refund:
    """Money on its way back."""

    memo: UUID
    amount: int


@dataclass
class Model:
    """One company; ``stock`` is what is on hand and promised, by SKU."""

    customers: list[UUID]
    products: dict[str, UUID]
    stock: dict[str, list[int]]
    orders: dict[UUID, Order] = field(default_factory=dict)
    shipments: dict[UUID, Shipment] = field(default_factory=dict)
    bills: dict[UUID, Bill] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    memos: dict[UUID, Memo] = field(default_factory=dict)
    refunds: dict[UUID, Refund] = field(default_factory=dict)

    def figures(self) -> Figures:
        """Everything predicted, by kind and id."""
        return dict(self._figures())

    def _figures(self) -> Iterator[tuple[tuple[str, UUID], tuple[int, ...]]]:
        for id_, order in self.orders.items():
            owed = sum(bill.open for bill in self.bills.values() if bill.order == id_)
            yield ("order", id_), (owed, sum(p.left for p in self.payments.values() if p.order == id_))
            for item_id, item in order.items.items():
                counts = item.ordered, item.cancelled, item.committed, item.shipped, item.invoiced, item.credited
                yield ("item", item_id), counts
        for sku, (on_hand, committed) in self.stock.items():
            yield ("pool", self.products[sku]), (on_hand, committed)
        for id_, bill in self.bills.items():
            yield ("bill", id_), (bill.open,)
        for id_, payment in self.payments.items():
            yield ("payment", id_), (payment.left,)
        for id_, memo in self.memos.items():
            yield ("memo", id_), (memo.balance,)
        for customer in self.customers:
            yield ("customer", customer), self.balances(customer)

    def balances(self, customer: UUID) -> tuple[int, int, int]:
        """What a customer owes, has paid for nothing yet, and has as credit."""
        owed = sum(bill.open for bill in self.bills.values() if self.orders[bill.order].customer == customer)
        left = sum(payment.left for payment in self.payments.values() if payment.customer == customer)
        return owed, left, sum(memo.balance for memo in self.memos.values() if memo.customer == customer)

    def promise(self, order_id: UUID) -> None:
        """Promise what is open of goods, as far as there is something left of it (I-2, I-7)."""
        for item in self.orders[order_id].items.values():
            if item.is_goods:
                on_hand, committed = self.stock[item.sku]
                self._commit(item, min(item.open - item.committed, on_hand - committed))

    def _commit(self, item: Item, quantity: int) -> None:
        item.committed += quantity
        self.stock[item.sku][1] += quantity

    def ship(self, shipment_id: UUID) -> None:
        """Goods that leave are neither promised nor on hand any more."""
        shipment = self.shipments[shipment_id]
        for item_id, quantity in shipment.lines.items():
            item = self.orders[shipment.order].items[item_id]
            self._commit(item, -quantity)
            item.shipped += quantity
            self.stock[item.sku][0] -= quantity

    def cancel_items(self, order_id: UUID, quantities: dict[UUID, int]) -> None:
        """Cancel first what is not promised."""
        for item_id, quantity in quantities.items():
            item = self.orders[order_id].items[item_id]
            if item.is_goods:
                self._commit(item, -max(0, quantity - (item.open - item.committed)))
            item.cancelled += quantity
        items = self.orders[order_id].items.values()
        if not any(item.open or item.shipped or item.invoiced for item in items):
            self._untag(order_id)

    def _untag(self, order_id: UUID) -> None:
        """A cancelled order keeps no money waiting for it."""
        for payment in self.payments.values():
            if payment.order == order_id and payment.left:
                payment.order = None

    def cancel(self, order_id: UUID, memo_id: UUID | None) -> None:
        """Cancel what is open, credit what is billed into the memo if there is one, and untag the advances."""
        for item in self.orders[order_id].items.values():
            if item.is_goods:
                self._commit(item, -item.committed)
            item.cancelled += item.open + (0 if item.is_goods else item.invoiced - item.credited)
        self._untag(order_id)
        if memo_id:
            bills = {id_: bill for id_, bill in self.bills.items() if bill.order == order_id and not bill.invoice}
            rest = [
                Credit(bill_id, item_id, quantity=line.quantity)
                for bill_id, bill in bills.items()
                for item_id, line in bill.lines.items()
                if line.quantity
            ]
            self.credit(memo_id, self.orders[order_id].customer, rest, is_reopening=True)

    def bill(self, bill_id: UUID, order_id: UUID, wanted: dict[UUID, int] | None, *, is_cash_sale: bool) -> None:
        """Bill what is wanted, or all that may be; a cash sale uses the advances that wait for the order."""
        items = self.orders[order_id].items
        if wanted is None:
            wanted = {id_: item.billable for id_, item in items.items()}
        lines = {id_: Line(n, n * PIECES[items[id_].sku]) for id_, n in wanted.items() if n}
        self.bills[bill_id] = Bill(order_id, lines, sum(line.gross for line in lines.values()), is_cash_sale)
        for id_, line in lines.items():
            items[id_].invoiced += line.quantity
        if is_cash_sale:
            for payment_id, payment in self.payments.items():
                if payment.order == order_id:
                    self.pay(payment_id, bill_id, None)

    def hand_over(self, sale_id: UUID, invoice_id: UUID) -> None:
        """What is open of a cash sale, and what can be credited of it, counts on its invoice from now on."""
        sale = self.bills[sale_id]
        self.bills[invoice_id] = Bill(sale.order, sale.lines, sale.open, is_cash_sale=False)
        sale.invoice, sale.open = invoice_id, 0

    def receive_money(self, payment_id: UUID, customer: UUID, amount: int, order_id: UUID | None = None) -> None:
        """Money that waits on account, perhaps for an order."""
        self.payments[payment_id] = Payment(customer, amount, amount, order_id)

    def pay(self, payment_id: UUID, bill_id: UUID, amount: int | None) -> None:
        """Settle a bill with money, with as much as possible unless an amount is said."""
        payment, bill = self.payments[payment_id], self.bills[bill_id]
        amount = min(payment.left, bill.open) if amount is None else amount
        payment.left -= amount
        bill.open -= amount
        payment.uses.append((bill_id, amount))

    def take_money_off(self, payment_id: UUID) -> None:
        """What the payment settled is open again."""
        payment = self.payments[payment_id]
        for bill_id, amount in payment.uses:
            self._counting(bill_id).open += amount
            payment.left += amount
        payment.uses.clear()

    def _counting(self, bill_id: UUID) -> Bill:
        bill = self.bills[bill_id]
        return self.bills[bill.invoice] if bill.invoice else bill

    def credit(self, memo_id: UUID, customer: UUID, wanted: Sequence[Credit], *, is_reopening: bool) -> None:
        """Credit parts of bills; what is open of a bill is settled with it at once."""
        made = [(credit, self._take(credit, is_reopening)) for credit in wanted]
        memo = Memo(customer, sum(gross for _, gross in made), made, is_reopening)
        self.memos[memo_id] = memo
        for bill_id in dict.fromkeys(credit.bill for credit in wanted):
            self.apply(memo_id, bill_id, sum(gross for credit, gross in made if credit.bill == bill_id))

    def _take(self, credit: Credit, is_reopening: bool) -> int:
        """Gross of the credit; by quantity the last pieces of what is left, half a cent going to the first ones."""
        line, item = self._credited(credit)
        gross = credit.value
        if credit.quantity:
            kept = line.quantity - credit.quantity
            gross = line.gross - (2 * line.gross * kept + line.quantity) // (2 * line.quantity)
            item.credited += credit.quantity
            item.reopened += credit.quantity if is_reopening else 0
        line.quantity -= credit.quantity
        line.gross -= gross
        return gross

    def _credited(self, credit: Credit) -> tuple[Line, Item]:
        bill = self.bills[credit.bill]
        return bill.lines[credit.item], self.orders[bill.order].items[credit.item]

    def apply(self, memo_id: UUID, bill_id: UUID, amount: int | None) -> None:
        """Settle a bill with credit, as far as the amount, the credit and the bill go."""
        memo, bill = self.memos[memo_id], self.bills[bill_id]
        amount = min(memo.balance, bill.open, memo.balance if amount is None else amount)
        memo.balance -= amount
        bill.open -= amount
        memo.uses.append((bill_id, amount))

    def unapply(self, memo_id: UUID) -> None:
        """What the credit settled is open again."""
        memo = self.memos[memo_id]
        for bill_id, amount in memo.uses:
            self._counting(bill_id).open += amount
            memo.balance += amount
        memo.uses.clear()

    def void(self, memo_id: UUID) -> None:
        """As if there had been no credit."""
        self.unapply(memo_id)
        memo = self.memos[memo_id]
        memo.balance = 0
        for credit, gross in memo.credits:
            line, item = self._credited(credit)
            line.quantity += credit.quantity
            line.gross += gross
            item.credited -= credit.quantity
            item.reopened -= credit.quantity if memo.is_reopening else 0

    def refund(self, refund_id: UUID, memo_id: UUID, amount: int) -> None:
        """Credit becomes money that goes back."""
        self.refunds[refund_id] = Refund(memo_id, amount)
        self.memos[memo_id].balance -= amount

    def fail(self, refund_id: UUID) -> None:
        """Money that did not get through is credit again."""
        refund = self.refunds[refund_id]
        self.memos[refund.memo].balance += refund.amount
