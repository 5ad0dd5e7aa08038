// The stream of order events over a WebSocket (graphql-transport-ws), which outlives connections: it resumes behind the
// last event that came, and asks for everything to be read anew when that is not possible.

import { documentOf, socketAddress, token } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const PING_EVERY = 15_000;
const LONGEST_SILENCE = 40_000;
/** Time for a new subscription to have begun: the protocol does not tell. */
const BEGINS_WITHIN = 1_000;
const LOST_PLACE = new Set(["CURSOR_EXPIRED", "INVALID_CURSOR", "SLOW_CONSUMER"]);
const SIGNED_OUT = new Set([4401, 4403]);

export class Live {
  #handlers;
  #socket = null;
  #cursor = null;
  #operation = 0;
  #attempts = 0;
  #timer = null;
  #heardAt = 0;
  #isStopped = true;

  /** onEvent(event), onGap() to read everything anew, onState("live" | "reconnecting"), onSignedOut(). */
  constructor(handlers) {
    this.#handlers = handlers;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#hurry());
    setInterval(() => this.#beat(), PING_EVERY);
  }

  start() {
    this.#isStopped = false;
    this.#connect();
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#cursor = null;
    this.#drop();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const socket = (this.#socket = new WebSocket(socketAddress, "graphql-transport-ws"));
    this.#heardAt = Date.now();
    socket.onopen = () => this.#send({ type: "connection_init", payload: { Authorization: `Bearer ${token()}` } });
    // A socket that was given up may still speak.
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #hear(message) {
    this.#heardAt = Date.now();
    if (message.type === "ping") this.#send({ type: "pong" });
    else if (message.type === "connection_ack") this.#subscribe();
    else if (message.id !== String(this.#operation)) return;
    else if (message.type === "next") this.#next(message.payload);
    else if (message.type === "error") this.#failed(message.payload);
    else if (message.type === "complete") this.#again();
  }

  #subscribe() {
    this.#operation += 1;
    const payload = { query: documentOf("Live"), variables: { after: this.#cursor } };
    this.#send({ id: String(this.#operation), type: "subscribe", payload });
    if (this.#cursor === null) setTimeout(() => this.#handlers.onGap(), BEGINS_WITHIN);
    this.#handlers.onState("live");
  }

  #next({ data, errors }) {
    const event = data?.orderEvents;
    if (!event) {
      this.#failed(errors ?? []);
      return;
    }
    this.#attempts = 0;
    this.#cursor = event.cursor;
    this.#handlers.onEvent(event);
  }

  #failed(errors) {
    const codes = errors.map((error) => error.extensions?.code);
    if (codes.some((code) => LOST_PLACE.has(code)) && this.#cursor !== null) {
      this.#cursor = null;
      this.#subscribe();
    } else if (codes.includes("UNAUTHENTICATED")) {
      this.#handlers.onSignedOut();
    } else {
      this.#again();
    }
  }

  #closed(code) {
    this.#socket = null;
    if (this.#isStopped) return;
    if (SIGNED_OUT.has(code)) {
      this.#handlers.onSignedOut();
      return;
    }
    this.#handlers.onState("reconnecting");
    // Each client waits its own time, so that a server that comes back is not met by all of them at once.
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #again() {
    this.#drop();
    this.#closed(0);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** A connection that died without a word says nothing; the server answers every ping of a living one. */
  #beat() {
    if (this.#socket === null) return;
    if (Date.now() - this.#heardAt > LONGEST_SILENCE) this.#again();
    else this.#send({ type: "ping" });
  }

  #hurry() {
    if (!this.#isStopped && this.#timer !== null && this.#socket === null) this.#connect();
  }
}
