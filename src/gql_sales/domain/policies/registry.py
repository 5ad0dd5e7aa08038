"""Every policy with its values, default and what is supported, and how a value is resolved (policies.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from gql_sales.db.models.companies import PolicySetting
from gql_sales.kernel.enums import DescribedEnum


@dataclass(frozen=True)
class Policy:
    """One setting: its source, values, default, and the values that this version acts on."""

    name: str
    source: str
    values: tuple[str, ...]
    default: str
    supported: frozenset[str]
    description: str

    @property
    def is_read(self) -> bool:
        """Whether any rule asks for it; one that nothing reads can only have its default."""
        return len(self.supported) > 1


def _policy(name: str, source: str, values: str, default: str, description: str, supported: str = "") -> Policy:
    return Policy(name, source, tuple(values.split()), default, frozenset((supported or default).split()), description)


_ALL = [
    _policy("billingScope", "X-1", "WHOLE_ORDER PER_SHIPMENT BY_SELECTION", "WHOLE_ORDER",
            "How much of an order one invoice covers.", "WHOLE_ORDER PER_SHIPMENT BY_SELECTION"),
    _policy("paymentScope", "X-2", "FULL_ONLY PARTIAL_ALLOWED", "PARTIAL_ALLOWED",
            "Whether a document may be paid in parts.", "FULL_ONLY PARTIAL_ALLOWED"),
    _policy("commitOn", "X-3", "PLACE ACKNOWLEDGE PAYMENT ON_ALLOCATE", "PLACE",
            "When stock is promised.", "PLACE ACKNOWLEDGE PAYMENT ON_ALLOCATE"),
    _policy("allocateOn", "X-3", "PLACE MANUAL BOOK PICK", "MANUAL",
            "When promised stock is set aside in a warehouse.", "PLACE MANUAL BOOK"),
    _policy("commitShortage", "X-4", "REJECT COMMIT_PARTIAL BACKORDER", "REJECT",
            "What happens when stock is short at commitment.", "REJECT COMMIT_PARTIAL"),
    _policy("lockAt", "X-5", "ACKNOWLEDGE PACK NONE", "ACKNOWLEDGE", "Where an order locks.", "ACKNOWLEDGE PACK NONE"),
    _policy("reopenAllowed", "X-6", "true false", "false", "Whether a processed order may be re-opened."),
    _policy("shipmentMode", "X-8", "EXPLICIT AUTO_FINALIZE", "EXPLICIT", "Whether delivery notes are written by hand.",
            "EXPLICIT AUTO_FINALIZE"),
    _policy("billOn", "X-9", "PLACE ACKNOWLEDGE SHIPMENT_FINALIZED PAYMENT MANUAL", "MANUAL",
            "What makes an order be invoiced by itself.", "PLACE ACKNOWLEDGE SHIPMENT_FINALIZED PAYMENT MANUAL"),
    _policy("taxPointRule", "X-9", "INVOICE_DATE EARLIER_OF_SUPPLY_AND_PAYMENT ON_ISSUE_CONFIRMATION", "INVOICE_DATE",
            "Which day counts for tax.", "INVOICE_DATE EARLIER_OF_SUPPLY_AND_PAYMENT ON_ISSUE_CONFIRMATION"),
    _policy("customerIdentity", "X-10", "GUEST_ALLOWED ACCOUNT_REQUIRED", "GUEST_ALLOWED",
            "Whether guests may place orders.", "GUEST_ALLOWED ACCOUNT_REQUIRED"),
    _policy("partialShipment", "X-14", "ALLOW WARN BLOCK", "ALLOW",
            "Whether an order may leave in several shipments.", "ALLOW WARN BLOCK"),
    _policy("journalMode", "X-16", "OFF FOUR_EVENTS FULL", "FOUR_EVENTS",
            "Which ledger entries are written; those of stock follow the company's setting.", "OFF FOUR_EVENTS FULL"),
    _policy("backorderMode", "X-18", "PURCHASE_REQUEST WAIT NONE", "WAIT", "What a backorder asks for."),
    _policy("acknowledgeMode", "X-20", "AUTO_ON_PLACE MANUAL AFTER_MINUTES", "MANUAL",
            "When an order is acknowledged.", "AUTO_ON_PLACE MANUAL AFTER_MINUTES"),
    _policy("acknowledgeMinutes", "X-20", "5 15 30 60 120 1440", "30",
            "How many minutes after its placement an order is acknowledged under AFTER_MINUTES.",
            "5 15 30 60 120 1440"),
    _policy("prepayTtl", "X-24", "1 3 7 14 30 60 90", "7",
            "How many days an order that has to be paid first waits for its money.", "1 3 7 14 30 60 90"),
    _policy("numberDateOrder", "X-27", "FREE MONOTONE", "FREE",
            "Whether an invoice may be dated before the last one.", "FREE MONOTONE"),
    _policy("deliveryNoteGapless", "X-28", "true false", "true", "Whether delivery note numbers are unbroken."),
    _policy("advanceTaxDocument", "X-29", "NONE ADVANCE_INVOICE", "NONE", "Whether advances are invoiced."),
    _policy("taxRounding", "rounding", "LINE DOCUMENT_PER_RATE", "LINE",
            "Where tax is rounded.", "LINE DOCUMENT_PER_RATE"),
    _policy("roundingMode", "rounding", "HALF_UP HALF_EVEN", "HALF_UP", "How a half is rounded.", "HALF_UP HALF_EVEN"),
    _policy("pricesIncludeTax", "prices", "true false", "false", "Whether prices contain tax.", "true false"),
    _policy("receiptGapless", "numbers", "true false", "false", "Whether receipt numbers are unbroken."),
]  # fmt: skip
POLICIES = {policy.name: policy for policy in _ALL}


class PolicyOrigin(DescribedEnum):
    """Where the value of a policy comes from."""

    CHANNEL = "CHANNEL", "Set for the channel."
    COMPANY = "COMPANY", "Set for the company."
    DEFAULT = "DEFAULT", "Not set: the default."


@dataclass(frozen=True)
class Resolved:
    """A value and the level it came from (policyTrace, N-7)."""

    policy: Policy
    value: str
    origin: PolicyOrigin


def resolve(settings: Iterable[PolicySetting], channel_id: UUID | None) -> dict[str, Resolved]:
    """Every policy as it holds for the channel: its own setting, else the company's, else the default."""
    chosen = {name: Resolved(policy, policy.default, PolicyOrigin.DEFAULT) for name, policy in POLICIES.items()}
    rows = list(settings)
    for level, wanted in ((PolicyOrigin.COMPANY, None), (PolicyOrigin.CHANNEL, channel_id)):
        if level == PolicyOrigin.CHANNEL and channel_id is None:
            break
        for row in rows:
            if row.channel_id == wanted:
                chosen[row.name] = Resolved(POLICIES[row.name], row.value, level)
    return chosen


def values(resolved: Mapping[str, Resolved]) -> dict[str, str]:
    """Just the values, as they are frozen on an order when it is placed."""
    return {name: entry.value for name, entry in resolved.items()}
