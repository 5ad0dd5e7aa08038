// @ts-check
// A client with nothing but Node 20: a query, a mutation, and events that resume.
// GQL_SALES_URL=http://127.0.0.1:8000/graphql GQL_SALES_TOKEN=... node examples/clients/client.mjs
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** @typedef {Record<string, any>} Json */

const url = process.env.GQL_SALES_URL ?? '';
const token = process.env.GQL_SALES_TOKEN ?? '';
const idleMs = 30_000; // A server says something at least every twelve seconds.

/** @param {string} name @param {Json} variables @param {Record<string, string>} headers @param {AbortSignal} [signal] */
async function open(name, variables, headers, signal) {
  const query = await readFile(new URL(`../${name}.graphql`, import.meta.url), 'utf8');
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  return fetch(url, { method: 'POST', headers: sent, body: JSON.stringify({ query, variables }), signal });
}

/** What was asked for. @param {Json} answer @returns {Json} */
function dataOf(answer) {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** The data of an operation. @param {string} name @param {Json} [variables] */
export async function query(name, variables = {}) {
  const signal = AbortSignal.timeout(idleMs);
  return dataOf(await (await open(name, variables, { accept: 'application/graphql-response+json' }, signal)).json());
}

/** The payload of a mutation. @param {string} name @param {Json} values */
export async function mutate(name, values) {
  // The key is made once, so that sending the mutation again after a lost connection is no second order.
  const input = { idempotencyKey: randomUUID(), ...values };
  for (const waits = [4000, 2000, 1000]; ; await pause(waits.pop())) {
    try {
      return Object.values(await query(name, { input }))[0];
    } catch (error) {
      // A TypeError is how fetch tells of a lost connection.
      if (!(error instanceof TypeError) || !waits.length) throw error;
    }
  }
}

/** Events with their cursors, over connection after connection. @param {string} name @param {Json} variables @param {string} [after] */
export async function* follow(name, variables, after) {
  for (; ; await pause(1000)) {
    const aborter = new AbortController();
    const idle = setTimeout(() => aborter.abort(), idleMs);
    try {
      const headers = { accept: 'text/event-stream', ...(after ? { 'last-event-id': after } : {}) };
      const response = await open(name, variables, headers, aborter.signal);
      if (!response.ok || !response.body) throw new Error(await response.text());
      let text = '';
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        idle.refresh();
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2)));
          if (fields.event === 'complete') return;
          if (fields.event !== 'next') continue; // A comment, which says only that the server is there.
          after = fields.id ?? after;
          yield { cursor: after, data: dataOf(JSON.parse(fields.data)) };
        }
      }
    } catch (error) {
      if (!aborter.signal.aborted && !(error instanceof TypeError)) throw error;
    } finally {
      clearTimeout(idle);
      aborter.abort();
    }
  }
}

console.log((await query('storefront/orders', { first: 3 })).orders.totalCount.value, 'orders');
const items = [{ sku: 'TEA-EARL-GREY', quantity: '1' }];
const { order } = await mutate('storefront/order_create', { items, then: ['PLACE'] });
console.log('placed', order.number);
let cursor = process.env.GQL_SALES_AFTER; // Without one the stream begins now, and waits for what happens.
for (let count = 0; count < 2; count++) { // Each event over a connection of its own, as after a failure.
  for await (const event of follow('storefront/order_events', { orderIds: [order.id] }, cursor)) {
    cursor = event.cursor;
    console.log(event.data.orderEvents.type, 'at', cursor);
    break;
  }
}
