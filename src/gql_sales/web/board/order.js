// One order: how far it got, what it holds, its documents, what happened, and what may be done now.

import { knows, request } from "./api.js";
import { debounced, h } from "./dom.js";
import { day, instant, money, quantity, sentence, words } from "./format.js";
import { open } from "./forms.js";
import { VERBS } from "./verbs.js";

const AXES = [
  ["Commitment", "commitmentStatus"],
  ["Allocation", "allocationStatus"],
  ["Packing", "packStatus"],
  ["Dispatch", "dispatchStatus"],
  ["Billing", "billingStatus"],
  ["Payment", "paymentStatus"],
  ["Credit", "creditStatus"],
];
/** How far a status is: 0 nothing, 1 a part, 2 all, null where it does not apply. */
const PROGRESS = {
  NONE: 0, UNBILLED: 0, UNPAID: 0,
  PARTIAL: 1,
  FULL: 2, INVOICED: 2, CASH_SALED: 2, CASH_SALED_AND_INVOICED: 2, PAID: 2, PREPAID: 2, OVERPAID: 2,
  NOT_APPLICABLE: null,
};

let choices = null;

export class OrderPage {
  #id = null;
  #order = null;
  #say;
  element = h("article", { class: "order", tabindex: -1 });
  /** Read the order anew; several times at once are one reading. */
  refresh = debounced(() => this.#id && this.#read(), 150);

  /** say(error or null) shows what went wrong. */
  constructor(say) {
    this.#say = say;
  }

  get id() {
    return this.#id;
  }

  async show(id) {
    this.#id = id;
    this.#order = null;
    this.element.replaceChildren(back(), h("p", { class: "muted" }, "Reading …"));
    await this.#read();
    if (this.#id === id) this.element.querySelector("h1")?.focus();
  }

  hide() {
    this.#id = null;
  }

  async #read() {
    const id = this.#id;
    try {
      const [{ order }, found] = await Promise.all([request("OrderPage", { id }), choices ?? readChoices()]);
      choices = found;
      if (id !== this.#id) return;
      // An answer that was overtaken by a newer one tells nothing.
      if (order && this.#order && order.version < this.#order.version) return;
      this.#order = order && { ...order, idField: "orderId" };
      this.#draw();
      this.#say(null);
    } catch (error) {
      this.#say(error);
    }
  }

  #draw() {
    const order = this.#order;
    const focused = document.activeElement?.dataset?.key;
    if (order) this.element.replaceChildren(back(), this.#head(), axes(order), this.#columns());
    else this.element.replaceChildren(back(), h("p", { class: "empty" }, "There is no such order, or you may not see it."));
    if (focused) this.element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #head() {
    const order = this.#order;
    const facts = [
      words(order.state),
      order.channel?.name,
      order.placedAt ? `placed ${instant(order.placedAt)}` : `drafted ${instant(order.createdAt)}`,
      order.customerPo && `PO ${order.customerPo}`,
      order.externalRef && `ref. ${order.externalRef}`,
    ];
    const standing = (order.holds ?? []).filter((hold) => !hold.releasedAt);
    return h("header", {},
      h("div", {},
        h("h1", { tabindex: -1, "data-key": "title" }, order.number ?? "Draft"),
        h("p", { class: "who" }, order.customer?.name ?? "No customer yet"),
        h("p", { class: "muted" }, facts.filter(Boolean).join(" · ")),
      ),
      h("div", { class: "sums" },
        h("p", { class: "total" }, money(order.total)),
        h("p", { class: "muted" }, `${money(order.net)} net, ${money(order.tax)} tax`),
        h("p", { class: "muted" }, `${money(order.paid)} paid, ${money(order.outstanding)} outstanding`),
      ),
      standing.map((hold) => h("p", { class: "notice warn" }, `On hold (${words(hold.scope).toLowerCase()}): ${hold.reason}`)),
    );
  }

  #columns() {
    const order = this.#order;
    return h("div", { class: "sides" },
      h("div", { class: "main" }, items(order), this.#documents(), timeline(order.history?.nodes ?? [])),
      h("aside", {}, panel("What may be done", this.#actions(order, true))),
    );
  }

  #documents() {
    const order = this.#order;
    const groups = [
      ...(order.shipments ?? []).map((one) => this.#document("Shipment", "shipmentId", one, [
        one.carrier, one.trackingNumber, `${one.items.reduce((sum, item) => sum + Number(item.quantity), 0)} pieces`,
      ])),
      ...(order.invoices ?? []).map((one) => this.#bill("Invoice", "invoiceId", one)),
      ...(order.cashSales ?? []).map((one) => this.#bill("Cash sale", "cashSaleId", one)),
      ...payments(order).map((one) => row("Payment", one.number, `${money(one.amount)} · ${instant(one.receivedAt)}`)),
      ...(order.creditMemos ?? []).map((one) =>
        row("Credit memo", one.number, [money(one.total), one.reason, `${money(one.balance)} left`].filter(Boolean).join(" · "))),
    ];
    return panel("Documents", groups.length ? h("ul", { class: "documents" }, groups) : h("p", { class: "empty" }, "No documents yet."));
  }

  #bill(title, idField, one) {
    const isOpen = Number(one.openBalance.amount) > 0 && one.state !== "VOIDED";
    const facts = [
      money(one.total),
      `of ${day(one.datedOn)}`,
      isOpen ? `${money(one.openBalance)} open${one.dueOn ? `, due ${day(one.dueOn)}` : ""}` : words(one.paymentStatus).toLowerCase(),
    ];
    return this.#document(title, idField, one, facts, isOpen ? ["paymentRecord"] : []);
  }

  #document(kind, idField, one, facts, more = []) {
    const target = { ...one, idField, title: `${kind} ${one.number ?? "draft"}` };
    const shown = [words(one.state).toLowerCase(), ...facts].filter(Boolean).join(" · ");
    return row(kind, one.number ?? "draft", shown, this.#actions(target, false, more));
  }

  /** Buttons for what is allowed, reasons for what is not, and names of what the board has no form for. */
  #actions(target, isLarge, more = []) {
    const ways = target.availableTransitions ?? [];
    const offered = [...more.map((name) => ({ name, isAllowed: true })), ...ways.filter(({ name }) => isOffered(name))];
    const rank = Object.keys(VERBS);
    offered.sort((a, b) => rank.indexOf(a.name) - rank.indexOf(b.name));
    const rest = ways.filter(({ name }) => !isOffered(name));
    const advance = isLarge && target.customer && !["OPEN", "CANCELLED", "CLOSED"].includes(target.state);
    if (advance) offered.push({ name: "paymentRecord", isAllowed: true, label: "Record advance payment" });
    const allowed = offered.filter((way) => way.isAllowed);
    // What a guard stops may be possible soon; what the state stops is not in question now.
    const blocked = offered.filter((way) => !way.isAllowed && !isOfOtherState(way));
    const others = offered.filter((way) => !way.isAllowed && isOfOtherState(way));
    return h("div", { class: isLarge ? "actions large" : "actions" },
      allowed.length === 0 && isLarge && h("p", { class: "empty" }, "Nothing, at the moment."),
      h("div", { class: "allowed" }, allowed.map((way, index) => this.#button(target, way, isLarge && index === 0))),
      blocked.length > 0 && h("ul", { class: "blocked" }, blocked.map(drawBlocked)),
      others.length > 0 && h("details", {},
        h("summary", { "data-key": `others-${target.id}` }, `${others.length} not possible in this state`),
        h("ul", { class: "blocked" }, others.map(drawBlocked)),
      ),
      rest.length > 0 && h("details", {},
        h("summary", { "data-key": `rest-${target.id}` }, `${rest.length} without a form here`),
        h("p", { class: "muted" }, "These are in the API, and can be sent with GraphiQL."),
        h("ul", { class: "names" }, rest.map(({ name, isAllowed }) =>
          h("li", {}, h("code", {}, name), isAllowed ? "" : " (not possible now)"))),
      ),
    );
  }

  #button(target, { name, label = VERBS[name].label }, isFirst) {
    const kind = VERBS[name].isGrave ? "grave" : isFirst ? "primary" : "";
    const click = () => {
      const order = this.#order;
      open(name, { target: target.id === order.id ? order : target, order, choices }, () => this.refresh());
    };
    return h("button", { type: "button", class: kind, "data-key": `${name}-${target.id}`, "data-transition": name, click }, label);
  }
}

const isOfOtherState = ({ blockers }) => blockers.some(({ code }) => code === "INVALID_TRANSITION");

const drawBlocked = ({ name, blockers }) => h("li", {},
  h("button", { type: "button", disabled: true }, VERBS[name].label),
  blockers.map(({ message, hint }) => h("p", { class: "muted" }, message, hint && ` ${hint}`)),
);

const isOffered = (name) => name in VERBS && knows(name);

const back = () => h("a", { class: "back", href: "#/", "data-key": "back" }, "← All orders");

const panel = (title, ...content) => h("section", { class: "panel" }, h("h2", {}, title), content);

const row = (kind, number, facts, actions = null) =>
  h("li", {}, h("p", {}, h("span", { class: "kind" }, kind), h("strong", {}, number), h("span", { class: "muted" }, facts)), actions);

function axes(order) {
  const steps = AXES.map(([label, field]) => {
    const status = order[field];
    const progress = PROGRESS[status];
    const text = status === "NOT_APPLICABLE" ? "not applicable" : words(status).toLowerCase();
    return h("li", { "data-progress": progress ?? "none" }, h("span", { class: "label" }, label), h("span", { class: "status" }, text));
  });
  return h("ul", { class: "axes", "aria-label": "How far the order got" }, steps);
}

function items(order) {
  const columns = [
    ["Ordered", "orderedQuantity"],
    ["Promised", "committedQuantity"],
    ["Set aside", "allocatedQuantity"],
    ["Booked", "bookedQuantity"],
    ["Shipped", "shippedQuantity"],
    ["Invoiced", "invoicedQuantity"],
    ["Cancelled", "cancelledQuantity"],
  ];
  const head = h("tr", {}, h("th", { scope: "col" }, "Item"), columns.map(([label]) => h("th", { scope: "col" }, label)), h("th", { scope: "col" }, "Value"));
  const rows = order.items.map((item) => h("tr", {},
    h("th", { scope: "row" }, item.name, h("small", {}, item.sku)),
    columns.map(([label, field]) => h("td", { "data-label": label, class: Number(item[field]) ? "" : "zero" }, quantity(item[field]))),
    h("td", { "data-label": "Value" }, money(item.gross)),
  ));
  return panel("Items", h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

/** Money that came for the order: advances, and what settled its bills; each payment once. */
function payments(order) {
  const bills = [...(order.invoices ?? []), ...(order.cashSales ?? [])];
  const settled = bills.flatMap((bill) => (bill.paymentAllocations ?? []).map((allocation) => allocation.payment));
  return [...new Map([...(order.advances ?? []), ...settled].filter(Boolean).map((one) => [one.id, one])).values()];
}

function timeline(entries) {
  const shown = entries.map((entry) => h("li", {},
    h("p", {}, h("strong", {}, sentence(entry.type)), h("span", { class: "muted" }, [instant(entry.occurredAt), entry.actor].filter(Boolean).join(" · "))),
    changes(entry),
  ));
  const none = h("p", { class: "empty" }, "Nothing has happened yet.");
  return panel("Timeline", shown.length ? h("ol", { class: "timeline" }, shown) : none);
}

/** What an event changed of the states, in words. */
function changes(entry) {
  const shown = (entry.changes ?? []).filter(({ field, after }) => /status$|^state$/i.test(field) && after !== "NOT_APPLICABLE");
  if (!shown.length) return null;
  return h("ul", { class: "changes" }, shown.map(({ field, before, after }) =>
    h("li", {}, `${sentence(field).replace(/ status$/, "")}: `, [before, after].filter(Boolean).map((value) => words(value).toLowerCase()).join(" → "))));
}

async function readChoices() {
  const { warehouses, paymentMethods } = await request("Choices");
  return { warehouses: warehouses?.nodes ?? [], paymentMethods: paymentMethods?.nodes ?? [] };
}
