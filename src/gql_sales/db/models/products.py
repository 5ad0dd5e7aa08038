"""Products and their prices per channel."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Currency, Document, Price, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class ProductKind(DescribedEnum):
    """What a product is; only goods are committed, allocated and shipped."""

    DELIVERY = "DELIVERY", "A charge for delivery."
    DISCOUNT = "DISCOUNT", "A reduction; its price is not above zero."
    GOODS = "GOODS", "Something that is shipped."
    SERVICE = "SERVICE", "Something that is done."


class Product(Document):
    """One sellable SKU."""

    __tablename__ = "products"
    company_id: Mapped[CompanyId]
    sku: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    kind: Mapped[ProductKind] = mapped_column(choice(ProductKind))
    is_stocked: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    tax_group: Mapped[str] = mapped_column(String(40), default="STANDARD")
    brand: Mapped[str | None] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(20), default="piece")
    quantity_digits: Mapped[int] = mapped_column(default=0)
    fulfillment_method_id: Mapped[UUID | None] = mapped_column(ForeignKey("warehouses.id"))

    __table_args__ = (
        CheckConstraint("quantity_digits BETWEEN 0 AND 6", name="quantity_digits_range"),
        CheckConstraint("NOT is_stocked OR kind = 'GOODS'", name="stocked_goods"),
        CheckConstraint(
            "fulfillment_method_id IS NULL OR (kind = 'GOODS' AND NOT is_stocked)", name="sent_by_others_not_stocked"
        ),
        Index("uq_products_sku", "company_id", func.lower(sku), unique=True),
    )

    @property
    def is_allocatable(self) -> bool:
        """Whether it is committed, allocated and shipped (KS-9, KS-11)."""
        return self.kind == ProductKind.GOODS


class ProductPrice(Row):
    """The unit price of a product in a channel, in major units with up to six digits."""

    __tablename__ = "product_prices"
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    currency_code: Mapped[Currency]
    amount: Mapped[Price]

    __table_args__ = (UniqueConstraint("product_id", "channel_id", "currency_code", name="uq_product_prices_key"),)
