"""All lists, by the type of their rows."""

from gql_sales.db.listings.documents import DOCUMENTS
from gql_sales.db.listings.master import MASTER
from gql_sales.db.listings.orders import ORDERS

LISTINGS = {listing.type_name: listing for listing in (ORDERS, *DOCUMENTS, *MASTER)}
