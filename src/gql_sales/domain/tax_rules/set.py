"""Tax rates are data, dated, so that a new rate can be entered before it holds and old orders keep theirs (BA-81)."""

from datetime import date
from decimal import Decimal

from gql_sales.db.models.companies import TaxRule
from gql_sales.db.queries.master import tax_rule_on
from gql_sales.db.session import Unit
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings


@creation(TaxRule, scope="tax_rules:edit", event="TaxRuleSet")
async def tax_rule_set(
    unit: Unit, *, country_code: str, tax_group: str, rate: Decimal, name: str, valid_from: date
) -> TaxRule:
    """Set the rate of a tax group in a country from a day on; the same country, group and day again replaces it.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    tax_group = found.line(tax_group, 40, "taxGroup")
    name = found.line(name, 200, "name")
    if not 0 <= rate <= 1:
        found.invalid("A rate is a share between 0 and 1, such as 0.19.", "rate")
    found.check()
    rule = await tax_rule_on(unit, country_code, tax_group, valid_from)
    if rule is not None:
        rule.rate, rule.name = rate, name
        return rule
    return unit.add(
        TaxRule(
            company_id=unit.company_id,
            country_code=country_code,
            tax_group=tax_group,
            rate=rate,
            name=name,
            valid_from=valid_from,
        )
    )
