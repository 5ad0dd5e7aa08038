// Puts the parts together: the token, the address behind #, the banner, and what happens at events.

import { forgetToken, setToken, token } from "./api.js";
import { Board } from "./board.js";
import { announce, debounced, h } from "./dom.js";
import { Live } from "./live.js";
import { OrderPage } from "./order.js";
import { Orders } from "./orders.js";
import { STAGES } from "./stages.js";

const view = document.getElementById("view");
const status = document.getElementById("status");
const banner = document.getElementById("banner");
const search = document.getElementById("search");
const bar = document.getElementById("bar");

const orders = new Orders();
const board = new Board(orders, { choose: (queue) => narrow({ queue }), more });
const page = new OrderPage((error) => (error ? told(error) : show(null)));
const live = new Live({ onEvent, onGap: read, onState, onSignedOut: () => signOut("The token has expired.") });

const recount = debounced(() => attempt(() => orders.recount()), 400);
const readSoon = debounced(() => read(), 400);
let last = null;

function onState(state) {
  status.dataset.state = state;
  status.textContent = state === "live" ? "Live" : "Reconnecting …";
}

function onEvent(event) {
  const move = orders.hear(event);
  if (event.orderId === page.id) page.refresh();
  if (move === null) return;
  board.draw();
  if (move.before !== move.after) {
    board.highlight(event.orderId);
    announce(`${event.order?.number ?? "A draft"}: ${titleOf(move.after) ?? "left the board"}.`);
  }
  if (orders.isNarrowed) readSoon();
  else recount();
}

const titleOf = (id) => STAGES.find((stage) => stage.id === id)?.title;

/** Read everything; what is shown stays until the answer is here. */
async function read() {
  view.setAttribute("aria-busy", "true");
  await attempt(() => orders.read());
  view.removeAttribute("aria-busy");
  if (page.id) page.refresh();
}

function more(stage) {
  attempt(() => orders.readMore(stage));
}

async function attempt(action) {
  try {
    await action();
    show(null);
    board.draw();
  } catch (error) {
    told(error);
  }
}

function told(error) {
  if (error.code === "UNAUTHENTICATED") signOut("The token is not valid, or has expired.");
  else show(error.message);
}

function show(message) {
  banner.hidden = message === null;
  banner.firstElementChild.textContent = message ?? "";
}

function narrow(wanted) {
  orders.narrow(wanted);
  board.draw();
  return read();
}

function route() {
  const id = location.hash.match(/^#\/orders\/([\w-]+)$/)?.[1];
  document.body.dataset.view = id ? "order" : "board";
  if (id) {
    last = id;
    view.replaceChildren(page.element);
    page.show(id);
  } else {
    page.hide();
    view.replaceChildren(board.element);
    board.draw();
    if (last) board.focus(last);
    last = null;
  }
}

function signOut(reason = "") {
  live.stop();
  forgetToken();
  bar.hidden = true;
  show(null);
  document.getElementById("dialog").close();
  view.replaceChildren(signIn(reason));
  view.querySelector("input").focus();
}

function signIn(reason) {
  const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true, spellcheck: "false" });
  const submit = (event) => {
    event.preventDefault();
    setToken(input.value);
    start();
  };
  return h("form", { class: "sign-in", submit },
    h("h1", {}, "Order board"),
    reason && h("p", { class: "notice warn", role: "alert" }, reason),
    h("label", { for: "token" }, "Access token", input),
    h("p", { class: "muted" }, "Of staff, as make demo prints it. It is kept for this tab only, and sent to this server only."),
    h("button", { type: "submit", class: "primary" }, "Open the board"),
  );
}

function start() {
  bar.hidden = false;
  onState("connecting");
  status.textContent = "Connecting …";
  route();
  read();
  live.start();
}

search.addEventListener("input", debounced(() => narrow({ query: search.value.trim() }), 250));
document.getElementById("search-form").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("sign-out").addEventListener("click", () => signOut());
banner.querySelector("button").addEventListener("click", () => read());
addEventListener("offline", () => onState("reconnecting"));
addEventListener("hashchange", () => token() && route());
addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  if (event.key === "Escape" && page.id && !document.getElementById("dialog").open) location.hash = "#/";
  else if (event.key === "Escape" && event.target === search && search.value) {
    search.value = "";
    narrow({ query: "" });
  } else if (event.key === "/" && !isTyping && !bar.hidden) {
    event.preventDefault();
    search.focus();
  }
});

if (token()) start();
else signOut();
