"""What the figures of an order and its items must agree in: one table, for reading them and for verify (N-8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gql_sales.kernel.enums import DescribedEnum


class IdentityName(DescribedEnum):
    """What an identity is about."""

    BILLED = "BILLED", "No more is billed than was ordered; what may be billed again does not count."
    CASH_SALED = "CASH_SALED", "What cash sales bill is part of what is billed."
    CREDITED = "CREDITED", "No more is credited than was billed."
    DUE = "DUE", "What is due is paid or outstanding."
    ORDERED = "ORDERED", "What was ordered is cancelled, done or open; done is shipped, or billed where nothing ships."
    PROMISED = "PROMISED", "What is promised from stock is open."
    REBILLABLE = "REBILLABLE", "What may be billed again was credited."
    SET_ASIDE = "SET_ASIDE", "What is set aside or booked was promised."
    TOTAL = "TOTAL", "The total is the amount without tax and the tax."
    UNBILLED = "UNBILLED", "What is still to be billed, from what is due and from what is outstanding."
    UNSETTLED = "UNSETTLED", "What is open on bills was billed."


class IdentityRelation(DescribedEnum):
    """How the sides of an identity compare."""

    AT_MOST = "AT_MOST", "The left side is at most the right one."
    EQUAL = "EQUAL", "Both sides are equal."


@dataclass(frozen=True)
class Identity:
    """Two sums of figures; a figure with a minus before it is taken off. ``open`` is never below zero."""

    name: IdentityName
    left: str
    relation: IdentityRelation
    right: str

    @property
    def formula(self) -> str:
        """For people, such as ``ordered = cancelled + done + open``."""
        return f"{self.left} {'=' if self.relation == IdentityRelation.EQUAL else '<='} {self.right}"


EQUAL, AT_MOST = IdentityRelation.EQUAL, IdentityRelation.AT_MOST
OF_ITEMS: Sequence[Identity] = (
    Identity(IdentityName.ORDERED, "ordered", EQUAL, "cancelled + done + open"),
    Identity(IdentityName.PROMISED, "committed", AT_MOST, "open"),
    Identity(IdentityName.SET_ASIDE, "allocated + booked", AT_MOST, "committed"),
    Identity(IdentityName.BILLED, "invoiced - rebillable", AT_MOST, "ordered"),
    Identity(IdentityName.CASH_SALED, "cash_saled", AT_MOST, "invoiced"),
    Identity(IdentityName.CREDITED, "credited", AT_MOST, "invoiced"),
    Identity(IdentityName.REBILLABLE, "rebillable", AT_MOST, "credited"),
)
"""In quantities (I-1, I-2, I-4)."""
OF_ORDERS: Sequence[Identity] = (
    Identity(IdentityName.TOTAL, "gross", EQUAL, "net + tax"),
    Identity(IdentityName.DUE, "due", EQUAL, "paid + outstanding"),
    Identity(IdentityName.UNBILLED, "due - billed + credited", EQUAL, "outstanding - open + advance"),
    Identity(IdentityName.UNSETTLED, "open", AT_MOST, "billed"),
)
"""In amounts: paid is D - O, and U is the same from D and from O (domain.md 3, payment of an order)."""


def broken(*names: IdentityName) -> str:
    """The condition under which an item breaks one of the identities, over columns named like the figures."""
    found = [one for one in OF_ITEMS if one.name in names]
    sides = {EQUAL: "<>", AT_MOST: ">"}
    terms = [f"{one.left} {sides[one.relation]} {one.right}".replace("open", "greatest(open, 0)") for one in found]
    return "(" + " OR ".join(terms) + ")"
