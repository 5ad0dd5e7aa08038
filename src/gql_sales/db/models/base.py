"""What all tables share: naming, column kinds, the document columns."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, ForeignKey, MetaData, Numeric, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.attributes import instance_dict

from gql_sales.kernel.ids import new_id

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Quantity = Annotated[Decimal, mapped_column(Numeric(18, 6), default=Decimal(0))]
Price = Annotated[Decimal, mapped_column(Numeric(20, 6))]
Rate = Annotated[Decimal, mapped_column(Numeric(9, 6))]
Minor = Annotated[int, mapped_column(BigInteger, default=0)]
Currency = Annotated[str, mapped_column(String(3))]
Country = Annotated[str, mapped_column(String(2))]
Json = Annotated[dict[str, Any], mapped_column(JSONB, default=dict)]
CompanyId = Annotated[UUID, mapped_column(ForeignKey("companies.id"), index=True)]


class Base(DeclarativeBase):
    """All tables; constraints have names, because a refusal is looked up by them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 (columns of any kind)
        """Set the given columns and, unlike plain SQLAlchemy, every column default, so that rules see whole rows."""
        lists = {key: values.pop(key) for key in self.__mapper__.relationships.keys() & values.keys()}
        # Nothing is to be compared with what it was, so that nobody has to be told of each column.
        instance_dict(self).update(self.new_row(**values))
        for key, value in lists.items():
            setattr(self, key, value)

    @classmethod
    def new_row(cls, **values: Any) -> dict[str, Any]:  # noqa: ANN401 (columns of any kind)
        """The values of a new row: those given, and the default of every other column that has one."""
        for key, default in defaults_of(cls):
            if key not in values:
                values[key] = default()
        return values


class Row(Base):
    """A table whose rows have a UUIDv7 made by the application."""

    __abstract__ = True
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Document(Row):
    """An aggregate root: locked as a whole, its version grows by one with every change."""

    __abstract__ = True
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant] = mapped_column(server_default=func.now())
    updated_at: Mapped[Instant] = mapped_column(server_default=func.now())


def choice(enum: type[StrEnum], name: str = "") -> Enum:
    """Text with a CHECK on the enum's values: unlike a native type it can change inside a transaction.

    ``name`` is needed where one table has several columns of the enum.
    """
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def not_negative(*columns: str) -> list[CheckConstraint]:
    """One named CHECK per column that must never go below zero."""
    return [CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative") for column in columns]


@cache
def defaults_of(cls: type[Base]) -> list[tuple[str, Callable[[], Any]]]:
    """How columns of new rows get a value when none is given; those that the database fills are not among them."""
    found: list[tuple[str, Callable[[], Any]]] = []
    for key, column in cls.__mapper__.columns.items():
        default: Any = column.default
        if default is not None:
            found.append((key, partial(default.arg, None) if default.is_callable else partial(_same, default.arg)))
        elif column.nullable:
            found.append((key, partial(_same, None)))
    return found


def _same(value: object) -> object:
    return value
