"""Fields about sales at a till."""

import strawberry

from gql_sales.domain.counter_sales.record import counter_sale_record
from gql_sales.domain.runner import create
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.context import Info
from gql_sales.schema.counter_sales import CounterSaleRecordInput, CounterSaleRecordPayload
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay


@strawberry.type
class CounterSaleMutation:
    """Selling at a till."""

    @mutation(counter_sale_record)
    async def counter_sale_record(self, info: Info, input: CounterSaleRecordInput) -> CounterSaleRecordPayload:
        """See domain/counter_sales/record.py."""
        outcome = await create(
            counter_sale_record,
            input.call(info),
            channel_id=decode_optional("Channel", input.channel_id),
            customer_id=decode_id("Customer", input.customer_id),
            items=[item.to_domain() for item in input.items],
            tenders=[tender.to_domain() for tender in input.tenders],
            payment_method=given(input.payment_method),
            warehouse_id=decode_optional("Warehouse", input.warehouse_id),
            sold_on=given(input.sold_on),
            received_at=given(input.received_at),
            external_ref=given(input.external_ref),
        )
        return CounterSaleRecordPayload(outcome=note_replay(info, outcome))
