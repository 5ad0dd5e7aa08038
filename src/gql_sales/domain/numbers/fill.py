"""Filling in the numbers of a unit, last and in one order of series, so that none is lost and nobody dead-locks."""

from gql_sales.db.models.numbers import NumberAssignment, SeriesKind
from gql_sales.db.numbers import Taken, digest_before, next_numbers, take_numbers
from gql_sales.db.session import Placeholder, Unit
from gql_sales.domain.effects import Effect
from gql_sales.domain.numbers.chain import is_chained, seal, seal_buyer
from gql_sales.kernel.errors import DateBeforeLastNumber, Refused, SeriesClosed
from gql_sales.kernel.ids import new_id
from gql_sales.kernel.warnings import WarningCode


async def fill_numbers(unit: Unit, *, is_dry: bool) -> list[Effect]:
    """Give every placeholder its number; a dry run names the next ones without taking them.

    Refusals: SERIES_CLOSED, DATE_BEFORE_LAST_NUMBER.
    """
    found: list[Effect] = []
    for kind in sorted({placeholder.series for placeholder in unit.numbers}, key=_rank):
        wanted = [placeholder for placeholder in unit.numbers if placeholder.series == kind]
        take = next_numbers if is_dry else take_numbers
        told = unit.told_dates.setdefault(kind, []) if is_dry else []
        dates = [one.dated_on for one in wanted]
        numbers = await take(unit.session, unit.company_id, kind, [*told, *dates])
        if not numbers:
            raise Refused(SeriesClosed(f"The series {kind} is closed."))
        is_sealed = not is_dry and is_chained(wanted[0].document)
        digest = await digest_before(unit.session, numbers[0]) if is_sealed else None
        for placeholder, number in zip(wanted, numbers[len(told) :], strict=True):
            _judge_date(unit, placeholder, number)
            found.append(Effect("Number", f"{kind} {number.text}.", {"series": str(kind), "number": number.text}))
            _show(placeholder, number, is_dry=is_dry)
            if not is_dry:
                digest = _assign(unit, placeholder, number, digest)
        told += dates
    return found


def _rank(kind: SeriesKind) -> tuple[bool, str]:
    """Orders' series first: a bulk call holds it when a later entry is billed as well, and an earlier one was not."""
    return not kind.startswith("ORDER"), kind


def _show(placeholder: Placeholder, number: Taken, *, is_dry: bool) -> None:
    """A dry run writes a text of its own in place of the number, which whoever takes it meanwhile would wait for."""
    document = placeholder.document
    document.number = new_id().hex if is_dry else number.text  # type: ignore[attr-defined]
    if placeholder.issued_at_column:
        setattr(document, placeholder.issued_at_column, number.issued_at)


def _assign(unit: Unit, placeholder: Placeholder, number: Taken, before: bytes | None) -> bytes | None:
    """Note the number as given; a legal document is sealed after ``before``, and its seal is given back (L6)."""
    document = placeholder.document
    digest = None
    if is_chained(document):
        seal_buyer(document)
        digest = seal(document, before)
    unit.add(
        NumberAssignment(
            series_id=number.series_id,
            value=number.value,
            document_id=document.id,
            dated_on=placeholder.dated_on,
            issued_at=number.issued_at,
            digest=digest,
        )
    )
    return digest


def _judge_date(unit: Unit, placeholder: Placeholder, number: Taken) -> None:
    """A date before the last number's is refused under MONOTONE and told under FREE (X-27)."""
    last = number.previous_dated_on
    if last is None or placeholder.dated_on >= last:
        return
    message = f"{placeholder.dated_on} lies before {last}, the date of the last number."
    if placeholder.must_not_go_back:
        raise Refused(DateBeforeLastNumber(message, ("input", "invoicedOn")))
    unit.warn(WarningCode.DATE_OUT_OF_ORDER, message)
