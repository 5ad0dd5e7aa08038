"""Statements that are made once: SQLAlchemy writes them, the driver sends them, and rows come back as objects.

Building, keying and compiling a statement for each call takes longer than everything else that is done with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ClauseElement,
    CollectionAggregate,
    Enum,
    Select,
    Uuid,
    any_,
    bindparam,
    inspect,
)
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlalchemy.types import TypeEngine

from gql_sales.db.models.base import Base
from gql_sales.db.session import Unit
from gql_sales.db.transaction import Transaction
from gql_sales.db.visibility import OWN, form_of, stand_in, values_of
from gql_sales.kernel.principals import Principal

if TYPE_CHECKING:
    from asyncpg import Record

DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]

Build = Callable[[Principal], Select[*tuple[Any, ...]]]


def given(name: str, type_: type[TypeEngine[Any]] | TypeEngine[Any] | None = None) -> BindParameter[Any]:
    """A parameter of a prepared statement; it has the type of what it is compared with, unless another one is named."""
    return bindparam(name, type_=type_, required=False)


def ids() -> CollectionAggregate[Any]:
    """Any of the list of ids that the parameter ``ids`` takes."""
    return any_(given("ids", ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Text:
    """A statement as the driver wants it: its text, and which value belongs to which of its numbered places."""

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def values(self, *given: Mapping[str, Any]) -> list[Any]:
        """The values in their places; later ones count."""
        found = dict(self.constants)
        for values in given:
            found.update(values)
        return [found[name] for name in self.names]


def compiled(statement: ClauseElement) -> Text:
    """The text of a statement; the values of parameters by ``given`` and of a principal are left open."""
    made: Any = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    constants = {name: value for name, value in made.params.items() if value is not None and name not in OWN}
    return Text(made.string, tuple(made.positiontup or ()), constants)


class Prepared:
    """A statement that is asked for by calling it with a unit and its parameters.

    It is made once for each kind of principal; what ``visible`` takes from the principal is filled in.
    """

    def __init__(self, build: Build, *, is_locking: bool = False) -> None:
        """``is_locking`` locks the rows of its entity when the unit writes."""
        self._build = build
        self._is_locking = is_locking
        self._forms: dict[Any, tuple[Text, Rows | None]] = {}

    async def __call__(self, unit: Unit, **values: Any) -> list[Any]:  # noqa: ANN401 (columns of any kind)
        """An object for each row, followed by further columns if any; the driver's records where there is no object."""
        is_locking = self._is_locking and unit.is_locking
        form = is_locking, form_of(unit.principal)
        if form not in self._forms:
            self._forms[form] = self._made(unit.principal, is_locking=is_locking)
        text, rows = self._forms[form]
        records = await unit.session.fetch(text.text, *text.values(values_of(unit.principal), values))
        return records if rows is None else rows.made(unit.session, records)

    def _made(self, principal: Principal, *, is_locking: bool) -> tuple[Text, "Rows | None"]:
        made, other = [self._written(one, is_locking=is_locking) for one in (principal, stand_in(principal))]
        if made != other:
            # Whoever comes next would be taken for this one.
            raise RuntimeError(f"Something of the principal is no parameter of {made[0].text}")
        return made

    def _written(self, principal: Principal, *, is_locking: bool) -> tuple[Text, "Rows | None"]:
        statement = self._build(principal)
        entity, *others = [cast("Any", column["expr"]) for column in statement.column_descriptions]
        if not isinstance(entity, type):
            return compiled(statement), None
        if is_locking:
            statement = statement.with_for_update(key_share=True, of=entity)
        rows = rows_of(entity)
        return compiled(statement.with_only_columns(*rows.columns, *others, maintain_column_froms=True)), rows


class Rows:
    """Makes objects of a mapped class as SQLAlchemy's own loading does, which takes many times as long."""

    def __init__(self, cls: type[Base]) -> None:
        """Everything about the class is looked up once."""
        mapper: Mapper[Any] = inspect(cls)
        self.cls = cls
        self.columns = tuple(mapper.columns)
        self.keys = tuple(mapper.columns.keys())
        self._manager = mapper.class_manager
        self._choices = [
            (key, {member.value: member for member in column.type.enum_class})
            for key, column in mapper.columns.items()
            if isinstance(column.type, Enum) and column.type.enum_class is not None
        ]

    def made(self, session: Transaction, records: "Sequence[Record]") -> list[Any]:
        """The object of each record, or a tuple with what stands behind the object's columns."""
        width = len(self.keys)
        if records and len(records[0]) > width:
            return [(self._one(session, record[:width]), *record[width:]) for record in records]
        return [self._one(session, record) for record in records]

    def _one(self, session: Transaction, record: "Record | tuple[Any, ...]") -> Any:  # noqa: ANN401 (an object of the class)
        values = dict(zip(self.keys, record, strict=False))
        for key, members in self._choices:
            if values[key] is not None:
                values[key] = members[values[key]]
        known, identity = session.sync_session.identity_map, (self.cls, (values["id"],), None)
        row = known.get(identity)
        if row is None:
            row = self._manager.new_instance()
            state = instance_state(row)
            state.key, state.session_id = identity, session.sync_session.hash_key
            known.add(state)
        elif instance_state(row).modified:
            # Locked before it was changed, so that the database has nothing newer.
            return row
        instance_dict(row).update(values)
        return row


@cache
def rows_of(cls: type[Base]) -> Rows:
    """The one maker of a class."""
    return Rows(cls)
