"""Refusals: what a mutation may answer instead of acting, one class per code (spec/domain.md 10).

The class name gives code and GraphQL type (``InsufficientStock``: ``INSUFFICIENT_STOCK``, ``InsufficientStockError``);
the docstring is its description; annotated fields are its data.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID


@dataclass(eq=False)
class SalesError(Exception):
    """An expected failure that the caller can act on; nothing was written."""

    hint: ClassVar[str | None] = None
    message: str
    path: tuple[str, ...] | None = None

    @classmethod
    def code(cls) -> str:
        """The stable machine code, such as ``VERSION_CONFLICT``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()

    def __str__(self) -> str:
        """Code and message, for logs."""
        return f"{self.code()}: {self.message}"


class Refused(Exception):
    """Carries every refusal found at once from wherever it was found to the runner."""

    def __init__(self, *errors: SalesError) -> None:
        """At least one refusal."""
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


# Any mutation.


class NotFound(SalesError):
    """A referenced object is absent or not visible."""


class InvalidInput(SalesError):
    """A value was refused."""


@dataclass(eq=False)
class VersionConflict(SalesError):
    """The document changed since it was read."""

    hint = "Read the document again and repeat with its version."
    current_version: int = 0


@dataclass(eq=False)
class InvalidTransition(SalesError):
    """The state of the document has no such transition."""

    from_state: str = ""


class IdempotencyKeyReused(SalesError):
    """The key was used with another mutation or input."""

    hint = "Use a new key for every intended effect."


class IdempotencyKeyInUse(SalesError):
    """A request with the same key is still running."""

    hint = "Repeat the same request a little later."


@dataclass(eq=False)
class WarningNotAcknowledged(SalesError):
    """A policy wants a warning acknowledged first."""

    hint = "Send the warning's code in acknowledgeWarnings."
    warning_code: str = ""


class ReasonRequired(SalesError):
    """The change has to be explained."""

    hint = "Send a reason."


class InvalidQuantity(SalesError):
    """A quantity is not above zero or has more digits than the product's unit."""


class InvalidAmount(SalesError):
    """An amount is not above zero or has more digits than its currency."""


class InvalidDate(SalesError):
    """A date lies where it must not."""


class CurrencyMismatch(SalesError):
    """Two currencies meet that must be one."""


class CustomerMismatch(SalesError):
    """Two documents belong to different customers."""


class ExternalRefTaken(SalesError):
    """Another document of the channel has this external reference, or another record this code."""


@dataclass(eq=False)
class PolicyForbids(SalesError):
    """A setting does not allow it."""

    policy: str = ""


class LockTimeout(SalesError):
    """Another change held the same rows for too long."""

    hint = "Repeat the same request with the same key."


class TooManyEntries(SalesError):
    """More entries than one document or request may have."""


# Orders.


class NoItems(SalesError):
    """The order has no items."""

    hint = "Add an item with orderItemAdd."


class CustomerRequired(SalesError):
    """The order has no customer."""

    hint = "Name one with orderSetCustomer."


class AccountRequired(SalesError):
    """Guests may not place orders in this channel."""


class AddressRequired(SalesError):
    """An address is missing or incomplete."""

    hint = "Set both addresses with orderSetAddresses."


class NotPriced(SalesError):
    """The product has no price in the channel."""

    hint = "Set one with productPriceSet."


class TaxIncomplete(SalesError):
    """No tax rule covers the product in the country of delivery."""

    hint = "Add a rule with taxRuleSet, then set the addresses again."


class ChannelInactive(SalesError):
    """The channel takes no orders."""


class OrderLocked(SalesError):
    """The order can no longer be edited."""


class ItemLocked(SalesError):
    """The item, or that quantity of it, can no longer be edited."""

    hint = "Unbook or unpack its shipment first, or cancel with orderItemCancel what is not on it."


class OnHold(SalesError):
    """A hold on the order stops this."""

    hint = "Release the hold with orderRelease."


class DocumentsOpen(SalesError):
    """The order's bills are not all written and paid."""

    hint = "Bill and settle what is left, or credit it."


class AlreadyShipped(SalesError):
    """Something has left the warehouse already."""

    hint = "Have it returned first."


class AlreadyBooked(SalesError):
    """Something is booked on a shipment."""

    hint = "Unbook the shipment first."


class AlreadyBilled(SalesError):
    """Something is invoiced already."""

    hint = "Credit it first."


class PrepaymentRequired(SalesError):
    """The order must be paid first."""

    hint = "Record an advance that is reserved for the order."


class NothingOpen(SalesError):
    """Nothing of the order is open."""


@dataclass(eq=False)
class QuantityNotOpen(SalesError):
    """More than the quantity that is open."""

    available_quantity: Decimal = Decimal(0)


# Stock, allocation, shipment.


@dataclass(eq=False)
class InsufficientStock(SalesError):
    """There is not enough stock for an item."""

    hint = "Lower the quantity or wait until stock is received."
    order_item_id: UUID | None = None
    available_quantity: Decimal = Decimal(0)


class StockCommitted(SalesError):
    """The stock is promised to orders."""


class StockAllocated(SalesError):
    """The stock is allocated or booked."""


class WarehouseNotInPool(SalesError):
    """The warehouse does not belong to the channel's stock pool."""


class NotAllocatable(SalesError):
    """The item is no goods, or goods that cannot come from that source."""


class BinKindNotAllowed(SalesError):
    """The kind of bin does not allow this."""


class LotUnknown(SalesError):
    """No goods of the lot are kept there."""


class PartialShipmentBlocked(SalesError):
    """The order must leave in one shipment."""


class ContentsIncomplete(SalesError):
    """Not everything of the shipment is in packages, which its warehouse wants."""

    hint = "Pack it with shipmentPackageAdd."


class ContentsExceedItems(SalesError):
    """The packages hold more of an item than the shipment."""

    hint = "Take it out of a package with shipmentPackageSetItems."


class NumberTaken(SalesError):
    """The delivery note has its number, so it stays."""

    hint = "Cancel it with shipmentCancel; it keeps its number."


class NothingToBook(SalesError):
    """No line of the shipment can be booked now."""


# Billing, payments and customers.


class NothingToBill(SalesError):
    """No quantity may be billed now."""


class InvoiceExists(SalesError):
    """The order is invoiced, so it can no longer become a cash sale (PK-16)."""


class AlreadyInvoiced(SalesError):
    """The cash sale has its invoice."""


class PaymentAllocated(SalesError):
    """Money settles the invoice, so it cannot be voided."""

    hint = "Take the money off with paymentDeallocate."


class PaymentMethodNotImmediate(SalesError):
    """The method brings the money later, so the order is invoiced and not cash-saled (PK-8)."""


class BillingScope(SalesError):
    """The order is billed as a whole; lines cannot be selected."""


class DateBeforeLastNumber(SalesError):
    """The date lies before the last issued number of the series."""


class SeriesClosed(SalesError):
    """The number series is closed."""


@dataclass(eq=False)
class ExceedsOpenBalance(SalesError):
    """More than the document's open balance."""

    open_amount: Decimal = Decimal(0)


@dataclass(eq=False)
class ExceedsUnallocated(SalesError):
    """More than the payment's unallocated amount."""

    unallocated_amount: Decimal = Decimal(0)


@dataclass(eq=False)
class ExceedsCreditable(SalesError):
    """More than what is left of the billed line to credit (C-30)."""

    creditable_quantity: Decimal = Decimal(0)
    creditable_amount: Decimal = Decimal(0)


@dataclass(eq=False)
class ExceedsBalance(SalesError):
    """More than the credit memo's balance."""

    balance_amount: Decimal = Decimal(0)


@dataclass(eq=False)
class ExceedsCaptured(SalesError):
    """More than what is left of the tender to give back (P6)."""

    refundable_amount: Decimal = Decimal(0)


class RefundExists(SalesError):
    """Money went back already."""


class MemoUsed(SalesError):
    """The credit memo was used or refunded."""

    hint = "Take the uses back with creditMemoUnapply; a refund stands."


class BilledAgain(SalesError):
    """What the credit memo opened for billing was billed again or cancelled."""


class FullPaymentRequired(SalesError):
    """The document must be paid in full at once."""


class AdvanceNotSpendable(SalesError):
    """The advance is reserved for an order and not for self-service (X-17)."""


class TenderSumMismatch(SalesError):
    """The tenders do not add up to the amount."""


class ProviderReferenceTaken(SalesError):
    """The provider's reference was recorded before."""
