"""Random legal and illegal commands leave the figures that a small model tells, and what is refused leaves no trace.

Whatever happens, the invariants I-1 to I-12 of spec/domain.md hold, and what availableTransitions says is not allowed
is refused with a code that it told (N-1). The figures of each order agree with each other after each step (N-8), and
orders are shown as they were after any of them (N-11). 300 sequences of 40 steps take about 6 minutes of one core;
fewer or more, over fresh seeds, with ``GQL_SALES_SEQUENCES``. One is repeated with ``GQL_SALES_SEED``. The seed and
the commands of a sequence that failed are in the file that the failure names.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from gql_sales.db.engine import Database
from gql_sales.db.models.billing import Bill, CashSale
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Shipment
from gql_sales.domain.explain import explain
from gql_sales.domain.runner import Outcome, create, run
from gql_sales.domain.transition import Creation
from gql_sales.domain.verify import verify
from tests.stateful.album import Album
from tests.stateful.commands import ORDERS, SHIPMENTS, Attempt, Command
from tests.stateful.day import Day, open_day
from tests.stateful.goods import BEGINNINGS, order
from tests.stateful.money import BILLS, CASH_SALES, MEMOS, PAYMENTS, REFUNDS

SEQUENCES = int(os.environ.get("GQL_SALES_SEQUENCES", "300"))
SEED = os.environ.get("GQL_SALES_SEED")
STEPS = 40
EXPLAINED_EVERY = 8
TRIED = 4
ORDERS_FIRST = 3
ABOUT: list[tuple[type[Any] | None, list[tuple[int, Command]]]] = [
    (Order, ORDERS),
    (Shipment, SHIPMENTS),
    (CashSale, CASH_SALES),
    (Payment, PAYMENTS),
    (CreditMemo, MEMOS),
    (Refund, REFUNDS),
    (Bill, BILLS),
    (None, BEGINNINGS),
]
GUARDED = {"orderPlace", "orderAcknowledge", "shipmentBook", "shipmentUnbook", "shipmentFinalize", "paymentDeallocate"}
"""Transitions without arguments of which every refusal is a guard's: what is allowed is accepted."""


@dataclass
class Tally:
    """What became of the commands of a sequence, so that a test that tries nothing does not pass."""

    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


def known(day: Day, root: type[Any]) -> list[UUID]:
    """The documents of a type that the model knows of, in the sequence of their making."""
    model = day.model
    sales = [id_ for id_, bill in model.bills.items() if bill.is_cash_sale]
    ids: dict[type[Any], Iterable[UUID]] = {
        Order: model.orders,
        Shipment: model.shipments,
        Bill: model.bills,
        CashSale: sales,
        Payment: model.payments,
        CreditMemo: model.memos,
        Refund: model.refunds,
    }
    return list(ids[root])


async def call(day: Day, attempt: Attempt, id_: UUID, *, is_dry: bool = False) -> Outcome:
    """Run the attempt, or try it."""
    told = day.story.call()
    if is_dry:
        told = type(told)(told.principal, told.database, told.idempotency_key, None, True, told.acknowledged)
    if isinstance(attempt.verb, Creation):
        return await create(attempt.verb, told, **attempt.arguments)
    return await run(attempt.verb, told, id_, **attempt.arguments)


def draw(day: Day) -> tuple[type[Any] | None, Command]:
    """A command by its weight, of a type of which there is something; some orders come first."""
    if len(day.model.orders) < ORDERS_FIRST:
        return None, order
    choices = [
        (weight, root, command)
        for root, commands in ABOUT
        if root is None or known(day, root)
        for weight, command in commands
    ]
    ((_, root, command),) = day.dice.choices(choices, [weight for weight, *_ in choices])
    return root, command


async def step(day: Day, log: list[str], tally: Tally) -> None:
    """One command, and the comparison of what is stored with what the model tells."""
    root, command = draw(day)
    id_ = day.one(known(day, root) if root else ())
    attempt = await command(day, id_)
    log.append(f"{len(log) + 1}. {attempt.verb.name} {id_ if root else ''} {attempt.arguments}")
    before = await day.trace()
    outcome = await call(day, attempt, id_)
    codes = [error.code() for error in outcome.errors]
    log[-1] += f" -> {' '.join(codes) or 'accepted'}"
    if codes:
        tally.refused.add(attempt.verb.name)
        assert await day.trace() == before, "what was refused left a trace"
    else:
        tally.accepted.add(attempt.verb.name)
        await attempt.learn(outcome)
    told, stored = day.model.figures(), await day.stored()
    assert told == stored


async def explained(day: Day) -> None:
    """What may not be done with one document of each type is refused with a code that was told."""
    day.is_sane = True
    for root, commands in ABOUT:
        if root in (None, Bill) or not known(day, root):
            continue
        id_ = day.one(known(day, root))
        (found,) = await explain(day.story.database, day.story.principal, root, [id_])
        blockers = {one.name: {error.code() for error in one.blockers} for one in found}
        for _, command in day.dice.sample(commands, min(TRIED, len(commands))):
            attempt = await command(day, id_)
            name = attempt.verb.name
            outcome = await call(day, attempt, id_, is_dry=True)
            codes = {error.code() for error in outcome.errors}
            if blockers[name]:
                assert codes & blockers[name], f"{name} of {id_}: told {blockers[name]}, got {codes}"
            elif name in GUARDED:
                assert not codes, f"{name} of {id_} is allowed, got {codes}"
    day.is_sane = False


async def sequence(database: Database, seed: int, log: list[str]) -> Tally:
    """A day of its own company."""
    day, tally = await open_day(database, Random(seed)), Tally()
    album = Album(database, day.story.principal)
    for number in range(1, STEPS + 1):
        await step(day, log, tally)
        await album.take()
        if number % EXPLAINED_EVERY == 0:
            await explained(day)
    assert await verify(database, day.story.principal.company_id) == []
    await album.compare(Random(seed))
    return tally


@pytest.mark.parametrize("number", range(1 if SEED else SEQUENCES))
async def test_a_random_day_goes_as_the_model_tells(
    database: Database, number: int, pytestconfig: pytest.Config
) -> None:
    fresh = secrets.randbits(32) if "GQL_SALES_SEQUENCES" in os.environ else number
    seed = int(SEED) if SEED else fresh
    log: list[str] = []
    try:
        tally = await sequence(database, seed, log)
    except BaseException as error:
        path = Path(pytestconfig.rootpath) / ".pytest_cache" / f"sequence-{seed}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([f"GQL_SALES_SEED={seed}", *log, ""]), encoding="utf-8")
        error.add_note(f"Repeat it with GQL_SALES_SEED={seed}; the commands are in {path}. The last ones:")
        for line in log[-3:]:
            error.add_note(line)
        raise
    assert len(tally.accepted) >= 5
    assert tally.refused
