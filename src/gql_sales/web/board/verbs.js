// What the board can do: for each mutation its words and what it has to be asked. A transition that is not in this
// table is listed by the board without a button.

const reason = { name: "reason", label: "Reason", kind: "text", isRequired: true };
const carrier = { name: "carrier", label: "Carrier", kind: "text" };
const trackingNumber = { name: "trackingNumber", label: "Tracking number", kind: "text" };

const warehouse = {
  name: "warehouseId",
  label: "Warehouse",
  kind: "choice",
  options: ({ choices }) => [["", "By priority"], ...choices.warehouses.map(({ id, name }) => [id, name])],
};

const methods = ({ choices }) => choices.paymentMethods.map(({ code, name }) => [code, name]);
const immediate = ({ choices }) =>
  choices.paymentMethods.filter((method) => method.methodClass === "IMMEDIATE").map(({ code, name }) => [code, name]);

/** Quantities of the order's items; `available` says how much there is to take from. */
const quantities = (label, available, isRequired = false) => ({ name: "items", label, kind: "items", available, isRequired });

const unshipped = (item) => (item.kind === "GOODS" ? item.openQuantity : "0");

export const VERBS = {
  orderPlace: { label: "Place" },
  orderAcknowledge: { label: "Acknowledge" },
  allocationCreate: { label: "Allocate", fields: [{ ...warehouse, label: "Set aside in" }] },
  allocationRelease: { label: "Give allocations back" },
  shipmentCreate: {
    label: "Create shipment",
    fields: [
      quantities("What leaves; all that is open when left empty", unshipped),
      warehouse,
      {
        name: "then",
        label: "And then",
        kind: "steps",
        options: () => [["BOOK,FINALIZE", "Book and send it"], ["BOOK", "Book it"], ["", "Leave it as a draft"]],
      },
      carrier,
      trackingNumber,
    ],
  },
  invoiceIssue: {
    label: "Issue invoice",
    fields: [
      { name: "dueDays", label: "Days to pay", kind: "number", initial: () => "14" },
      { name: "invoicedOn", label: "Date; today when empty", kind: "day" },
    ],
  },
  cashSaleIssue: {
    label: "Issue cash sale",
    fields: [{ name: "paymentMethod", label: "Paid in full by", kind: "choice", options: immediate, isRequired: true }],
  },
  paymentRecord: {
    label: "Record payment",
    fields: [
      {
        name: "amount",
        label: "Amount",
        kind: "number",
        isRequired: true,
        initial: ({ target }) => (target.openBalance ?? target.outstanding).amount,
      },
      { name: "method", label: "Method", kind: "choice", options: methods, isRequired: true },
      { name: "reference", label: "Reference", kind: "text" },
    ],
    /** For a bill the money settles it; for an order it is an advance. */
    input({ amount, method, reference }, { order, target }) {
      const tenders = [{ amount, method, ...(reference ? { reference } : {}) }];
      const base = { customerId: order.customer?.id, tenders };
      if (target === order) return { ...base, kind: "ADVANCE", orderId: order.id };
      return { ...base, kind: "REGULAR", allocations: [{ [target.idField]: target.id, amount }] };
    },
  },
  orderHold: {
    label: "Hold",
    fields: [
      {
        name: "scope",
        label: "What stops",
        kind: "choice",
        options: () => [
          ["ALL", "Everything"],
          ["ALLOCATION", "Allocation"],
          ["SHIPMENT", "Shipment"],
          ["BILLING", "Billing"],
          ["CREDIT", "Allocation and shipment, for credit"],
        ],
      },
      reason,
    ],
  },
  orderRelease: {
    label: "Release hold",
    fields: [
      {
        name: "holdId",
        label: "Hold",
        kind: "choice",
        isRequired: true,
        options: ({ order }) => order.holds.filter((hold) => !hold.releasedAt).map(({ id, reason: why }) => [id, why]),
      },
      reason,
    ],
  },
  orderItemCancel: {
    label: "Cancel quantities",
    isGrave: true,
    fields: [quantities("What is cancelled", (item) => item.openQuantity, true), reason],
  },
  orderCancel: {
    label: "Cancel order",
    isGrave: true,
    fields: [
      reason,
      {
        name: "settlement",
        label: "What was billed",
        kind: "choice",
        options: () => [["NONE", "Nothing was billed"], ["CREDIT", "Is credited"], ["REFUND", "Is credited and refunded"]],
      },
    ],
  },
  orderClose: { label: "Close", fields: [{ name: "writeOff", label: "Write off what is not paid", kind: "check" }] },
  orderDelete: { label: "Throw draft away", isGrave: true },

  shipmentBook: { label: "Book" },
  shipmentFinalize: { label: "Send", fields: [carrier, trackingNumber] },
  shipmentSetTracking: { label: "Set tracking", fields: [carrier, trackingNumber] },
  shipmentDeliver: { label: "Has arrived" },
  shipmentUnbook: { label: "Unbook" },
  shipmentCancel: { label: "Withdraw", isGrave: true, fields: [reason] },
  shipmentDelete: { label: "Throw away", isGrave: true },

  invoiceConfirm: { label: "Confirm for tax", fields: [{ name: "confirmedOn", label: "Day; today when empty", kind: "day" }] },
  invoiceVoid: { label: "Void", isGrave: true, fields: [reason] },
  cashSaleInvoice: { label: "Make invoice" },
};
