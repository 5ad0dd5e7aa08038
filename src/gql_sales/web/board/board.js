// The columns as cards. Cards are kept and moved, so that focus and scroll stay where they are.

import { arrange, h } from "./dom.js";
import { age, count, instant, money, words } from "./format.js";
import { STAGES } from "./stages.js";

const QUEUES = {
  TO_COMMIT: "Commitment",
  TO_ALLOCATE: "Allocation",
  TO_SHIP: "Shipment",
  TO_BILL: "Invoice",
  TO_COLLECT: "Payment",
  OVERDUE: "Overdue",
  BACKORDERED: "Backordered",
  CASH_SALE_UNPAID: "Cash sale unpaid",
  PAID_UNBILLED: "Paid, unbilled",
  BILLED_TOO_MUCH: "Billed too much",
  PROFORMA_EXPIRED: "Proforma expired",
};
const WAITING = new Set(STAGES.map((stage) => stage.queue));

export class Board {
  #orders;
  #cards = new Map();
  #columns;
  #queues = h("ul", { class: "queues", "aria-label": "What orders wait for" });
  #choose;
  #more;
  /** The one card that Tab reaches; arrows go on from it. */
  #current = null;

  /** choose(queue) narrows the board to a queue or, with null, widens it again; more(stage) reads on. */
  constructor(orders, { choose, more }) {
    this.#orders = orders;
    this.#choose = choose;
    this.#more = more;
    this.#columns = new Map(STAGES.map((stage) => [stage.id, this.#column(stage)]));
    const strip = h("div", { class: "columns", keydown: (event) => this.#move(event) });
    strip.append(...[...this.#columns.values()].map((column) => column.section));
    this.element = h("div", { class: "board" }, this.#queues, strip);
  }

  /** Show what the orders are now. */
  draw() {
    const focused = document.activeElement?.closest?.(".card")?.dataset.id;
    const seen = new Set();
    for (const stage of STAGES) {
      const column = this.#columns.get(stage.id);
      const orders = this.#orders.of(stage);
      arrange(column.list, orders.map((order) => this.#card(order, stage.id)));
      orders.forEach((order) => seen.add(order.id));
      const total = this.#orders.counts.get(stage.id);
      column.count.textContent = total ? count(total) : "";
      column.empty.hidden = orders.length > 0;
      column.empty.textContent = this.#orders.isNarrowed ? "Nothing that fits." : stage.empty;
      column.more.hidden = !this.#orders.hasMore(stage);
    }
    for (const id of this.#cards.keys()) if (!seen.has(id)) this.#cards.delete(id);
    this.#drawQueues();
    this.#mark(seen.has(this.#current) ? this.#current : this.#first());
    if (focused) this.focus(focused);
  }

  /** Let the card stand out for a moment, since it has just moved. */
  highlight(id) {
    const item = this.#cards.get(id)?.item;
    if (!item) return;
    item.classList.remove("moved");
    // Reading the layout lets the animation begin again.
    void item.offsetWidth;
    item.classList.add("moved");
  }

  /** Put the focus on a card, or on the first one. */
  focus(id) {
    const card = this.#cards.get(id) ?? this.#cards.get(this.#first());
    card?.link.focus({ preventScroll: Boolean(this.#cards.has(id)) });
  }

  #column(stage) {
    const list = h("ol", { class: "cards" });
    const total = h("span", { class: "count" });
    const empty = h("p", { class: "empty" }, "Reading …");
    const more = h("button", { type: "button", class: "quiet more", hidden: true, click: () => this.#more(stage) }, "Show more");
    const head = h("h2", { id: `stage-${stage.id}` }, stage.title, total);
    const section = h("section", { class: "column", "data-stage": stage.id, "aria-labelledby": head.id });
    section.append(head, h("div", { class: "scroll" }, list, empty, more));
    return { section, list, count: total, empty, more };
  }

  #card(order, stageId) {
    const known = this.#cards.get(order.id);
    if (known?.order === order && known.stageId === stageId) return known.item;
    const link = known?.link ?? h("a", { class: "card", tabindex: -1, href: `#/orders/${order.id}`, "data-id": order.id });
    link.replaceChildren(...h("span", {},
      h("span", { class: "line" },
        h("strong", {}, order.number ?? "Draft"),
        h("span", { class: "amount" }, money(order.total)),
      ),
      h("span", { class: "line" },
        h("span", { class: "who" }, order.customer?.name ?? "No customer yet"),
        h("time", { datetime: order.createdAt, title: instant(order.createdAt) }, age(order.createdAt)),
      ),
      order.state !== "OPEN" && h("span", { class: "summary" }, order.summary.replace(/^on hold, /, "")),
      h("span", { class: "tags" },
        order.isOnHold && h("span", { class: "tag warn" }, "On hold"),
        order.typeCode === "PF" && h("span", { class: "tag" }, "Proforma"),
        order.typeCode === "ES" && h("span", { class: "tag" }, "Till"),
        order.expiresAt && new Date(order.expiresAt) < new Date() && h("span", { class: "tag warn" }, "Expired"),
      ),
    ).children);
    const item = known?.item ?? h("li", {}, link);
    this.#cards.set(order.id, { order, stageId, link, item });
    return item;
  }

  #drawQueues() {
    const focused = document.activeElement?.dataset?.queue;
    const items = this.#orders.queues.map(({ queue, count: waiting }) => {
      const isChosen = this.#orders.wanted.queue === queue;
      const kind = WAITING.has(queue) ? "" : waiting.value ? " warn" : " calm";
      const button = h("button", {
        type: "button",
        class: `chip${kind}`,
        "data-queue": queue,
        "aria-pressed": String(isChosen),
        click: () => this.#choose(isChosen ? null : queue),
      }, QUEUES[queue] ?? words(queue), h("span", { class: "count" }, count(waiting)));
      return h("li", {}, button);
    });
    const known = Object.keys(QUEUES);
    items.sort((a, b) => known.indexOf(a.firstChild.dataset.queue) - known.indexOf(b.firstChild.dataset.queue));
    this.#queues.replaceChildren(...items);
    if (focused) this.#queues.querySelector(`[data-queue="${focused}"]`)?.focus();
  }

  #first() {
    return this.element.querySelector(".card")?.dataset.id ?? null;
  }

  #mark(id) {
    this.#cards.get(this.#current)?.link.setAttribute("tabindex", "-1");
    this.#cards.get(id)?.link.setAttribute("tabindex", "0");
    this.#current = id;
  }

  #move(event) {
    const card = event.target.closest(".card");
    if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
    const cards = [...card.closest("ol").querySelectorAll(".card")];
    const row = cards.indexOf(card);
    const next = {
      ArrowDown: () => cards[row + 1],
      ArrowUp: () => cards[row - 1],
      Home: () => cards[0],
      End: () => cards.at(-1),
      ArrowRight: () => this.#beside(card, row, 1),
      ArrowLeft: () => this.#beside(card, row, -1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const target = next();
    if (!target) return;
    this.#mark(target.dataset.id);
    target.focus();
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The card at about the same height in the next column that has any. */
  #beside(card, row, step) {
    const sections = [...this.#columns.values()].map((column) => column.section);
    let index = sections.indexOf(card.closest(".column")) + step;
    while (sections[index] && !sections[index].querySelector(".card")) index += step;
    const cards = [...(sections[index]?.querySelectorAll(".card") ?? [])];
    return cards[Math.min(row, cards.length - 1)];
  }
}
