// The orders that the board knows, each at its newest version, and what the columns and queues count.

import { request } from "./api.js";
import { STAGES, compare, filterOf, stageOf, startOfToday } from "./stages.js";

export const PAGE = 50;

export class Orders {
  #orders = new Map();
  /** What events told while lists were being read: it may be newer than what the lists say. */
  #told = new Map();
  #reading = 0;
  #pages = new Map();
  #wanted = { query: "", queue: null };

  counts = new Map();
  queues = [];

  get wanted() {
    return this.#wanted;
  }

  /** Text to look for and a queue to be in; null and "" for all. A board that is narrowed is read anew at changes. */
  narrow(wanted) {
    this.#wanted = { ...this.#wanted, ...wanted };
  }

  get isNarrowed() {
    return Boolean(this.#wanted.query || this.#wanted.queue);
  }

  get(id) {
    return this.#orders.get(id);
  }

  /** The orders of a column in their order, without those behind the last page that was read. */
  of(stage) {
    const since = startOfToday();
    const { last } = this.#pages.get(stage.id) ?? {};
    return [...this.#orders.values()]
      .filter((order) => stageOf(order, since) === stage.id && !(last && compare(stage, order, last) > 0))
      .sort((a, b) => compare(stage, a, b));
  }

  hasMore(stage) {
    return Boolean(this.#pages.get(stage.id)?.last);
  }

  /** Read the first page of every column, and the counts. */
  async read() {
    const turn = (this.#reading += 1);
    this.#told.clear();
    const [pages, queues] = await Promise.all([Promise.all(STAGES.map((stage) => this.#page(stage, null))), queueCounts()]);
    // Somebody has asked for something else meanwhile.
    if (turn !== this.#reading) return;
    this.#orders.clear();
    STAGES.forEach((stage, index) => this.#take(stage, pages[index]));
    for (const [id, order] of this.#told) this.#settle(id, order);
    this.queues = queues;
  }

  /** Read the next page of one column. */
  async readMore(stage) {
    const turn = this.#reading;
    const page = await this.#page(stage, this.#pages.get(stage.id).after);
    if (turn === this.#reading) this.#take(stage, page);
  }

  /** Read the counts alone: one event may change several. */
  async recount() {
    const variables = (stage) => ({ filter: this.#filter(stage), query: this.#wanted.query || null });
    const [counts, queues] = await Promise.all([
      Promise.all(STAGES.map((stage) => request("ColumnCount", variables(stage)))),
      queueCounts(),
    ]);
    STAGES.forEach((stage, index) => this.counts.set(stage.id, counts[index].orders.totalCount));
    this.queues = queues;
  }

  /** Take in what an event tells; the columns that the order was in and is in now, or null when it tells nothing new. */
  hear(event) {
    const { orderId: id, order } = event;
    const known = this.#orders.get(id);
    if (known && order && known.version > order.version) return null;
    const since = startOfToday();
    const move = { before: known ? stageOf(known, since) : null, after: order ? stageOf(order, since) : null };
    this.#told.set(id, order);
    // Whether an unknown order fits what is looked for, only the API can tell.
    if (known || !this.isNarrowed) this.#settle(id, order);
    return move;
  }

  #settle(id, order) {
    const known = this.#orders.get(id);
    if (!order) this.#orders.delete(id);
    else if (this.isNarrowed && !known) return;
    else if (!known || known.version <= order.version) this.#orders.set(id, order);
  }

  #take(stage, { nodes, pageInfo, totalCount }) {
    // An order that moved between two readings is in both; the newer version is right.
    for (const order of nodes) {
      const known = this.#orders.get(order.id);
      if (!known || known.version <= order.version) this.#orders.set(order.id, order);
    }
    const last = pageInfo.hasNextPage ? nodes.at(-1) : null;
    this.#pages.set(stage.id, { after: pageInfo.endCursor, last });
    this.counts.set(stage.id, totalCount);
  }

  async #page(stage, after) {
    const { key, direction } = stage.sort;
    const data = await request("Column", {
      first: PAGE,
      after,
      filter: this.#filter(stage),
      sort: [{ key, direction }],
      query: this.#wanted.query || null,
    });
    return data.orders;
  }

  #filter(stage) {
    const own = filterOf(stage, startOfToday());
    return this.#wanted.queue ? { and: [own, { queue: { in: [this.#wanted.queue] } }] } : own;
  }
}

async function queueCounts() {
  return (await request("Queues")).workQueues ?? [];
}
