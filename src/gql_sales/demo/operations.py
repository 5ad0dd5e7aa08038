"""Three operations that show what the API is about; the README prints the same, and a test runs them."""

OPERATIONS = [
    (
        "The newest orders, and what may be done with them",
        "admin",
        """
query NewestOrders {
  orders(first: 3) {
    nodes {
      number
      summary
      total { amount currencyCode }
      availableTransitions { name isAllowed blockers { code message } }
    }
  }
}
""",
    ),
    (
        "Place an order; sent twice it is still one order",
        "storefront",
        """
mutation PlaceOrder {
  orderCreate(
    input: {
      idempotencyKey: "my-very-first-order"
      items: [{ sku: "TEA-EARL-GREY", quantity: "2" }, { sku: "DELIVERY", quantity: "1" }]
      then: [PLACE]
    }
  ) {
    order { number summary total { amount currencyCode } }
    userErrors { code message }
  }
}
""",
    ),
    (
        "Ask first: a dry run tells what would happen and writes nothing",
        "storefront",
        """
mutation AskFirst {
  orderCreate(
    input: {
      idempotencyKey: "only-asking-for-it"
      dryRun: true
      items: [{ sku: "TEA-EARL-GREY", quantity: "5000" }]
      then: [PLACE]
    }
  ) {
    effects { message }
    userErrors { code message ... on InsufficientStockError { availableQuantity } }
  }
}
""",
    ),
]
