// The dialog of a transition: asks for what it needs, shows what a dry run says would happen, and does it when told to.

import { freshKey, mutate } from "./api.js";
import { h } from "./dom.js";
import { quantity, words } from "./format.js";
import { VERBS } from "./verbs.js";

const dialog = document.getElementById("dialog");

/** Ask, show, do. `subject` is { target, order, choices }; `done` is called when something was written. */
export function open(name, subject, done) {
  const transition = new Transition(name, subject, done);
  transition.begin();
  if (!dialog.open) dialog.showModal();
}

class Transition {
  #name;
  #verb;
  #subject;
  #done;
  #values = {};
  #acknowledged = [];
  /** Kept from the dry run on, so that pressing again after a lost answer is still once. */
  #key;

  constructor(name, subject, done) {
    this.#name = name;
    this.#verb = VERBS[name];
    this.#subject = subject;
    this.#done = done;
  }

  begin() {
    if (this.#verb.fields) this.#ask();
    else this.#check();
  }

  #ask() {
    this.#acknowledged = [];
    const fields = this.#verb.fields.map((field) => drawField(field, this.#subject, this.#values));
    const next = h("button", { type: "submit", class: "primary" }, "See what would happen");
    this.#show(h("div", { class: "fields" }, fields), [this.#leave("Cancel"), next], (form) => {
      this.#values = readFields(form, this.#verb.fields);
      this.#check();
    });
    dialog.querySelector(".fields :is(input, select)")?.focus();
  }

  async #check() {
    this.#key = freshKey();
    this.#show(h("p", { class: "muted" }, "Asking what would happen …"), [this.#leave("Cancel")]);
    const answer = await this.#send(true);
    if (answer) this.#tell(answer);
  }

  #tell({ effects, warnings, userErrors }) {
    const accepting = userErrors.filter((error) => error.warningCode);
    const refused = userErrors.filter((error) => !error.warningCode);
    const body = h("div", { class: "told" },
      list("What stands in the way", refused, "bad"),
      list("What you should know", accepting.length ? accepting : warnings, "warn"),
      refused.length === 0 && accepting.length === 0 && drawEffects(effects),
    );
    const buttons = [this.#verb.fields ? this.#button("Back", () => this.#ask()) : this.#leave("Cancel")];
    if (refused.length === 0 && accepting.length) {
      buttons.push(h("button", { type: "submit", class: "primary" }, "Accept, and see what would happen"));
      this.#show(body, buttons, () => {
        this.#acknowledged = [...new Set([...this.#acknowledged, ...accepting.map((error) => error.warningCode)])];
        this.#check();
      });
    } else if (refused.length === 0) {
      const kind = this.#verb.isGrave ? "primary grave" : "primary";
      buttons.push(h("button", { type: "submit", class: kind, "data-confirm": true }, this.#verb.label));
      this.#show(body, buttons, () => this.#do());
    } else {
      this.#show(body, buttons);
    }
    (dialog.querySelector("[type=submit]") ?? dialog.querySelector("button")).focus();
  }

  async #do() {
    for (const button of dialog.querySelectorAll("button")) button.disabled = true;
    const answer = await this.#send(false);
    if (!answer) return;
    if (answer.userErrors.length) {
      this.#tell(answer);
      return;
    }
    dialog.close();
    this.#done(this.#verb.label);
  }

  /** The payload, or null when there was none, which the dialog then tells. */
  async #send(dryRun) {
    try {
      return await mutate(this.#name, this.#input(dryRun));
    } catch (error) {
      const again = h("button", { type: "submit", class: "primary" }, "Try again");
      this.#show(h("p", { class: "bad", role: "alert" }, error.message), [this.#leave("Cancel"), again], () =>
        dryRun ? this.#check() : this.#do(),
      );
      again.focus();
      return null;
    }
  }

  #input(dryRun) {
    const { target } = this.#subject;
    const common = { idempotencyKey: this.#key, dryRun, acknowledgeWarnings: this.#acknowledged };
    if (this.#verb.input) return { ...this.#verb.input(this.#values, this.#subject), ...common };
    return { ...this.#values, [target.idField]: target.id, expectedVersion: target.version, ...common };
  }

  #show(body, buttons, submit = null) {
    const { target, order } = this.#subject;
    const about = target === order ? (order.number ?? "Draft") : `${target.title} of ${order.number}`;
    const form = h("form", {
      submit: (event) => {
        event.preventDefault();
        submit?.(form);
      },
    });
    const title = h("h2", { id: "dialog-title" }, this.#verb.label, h("span", { class: "muted" }, about));
    form.append(title, body, h("div", { class: "buttons" }, buttons));
    dialog.replaceChildren(form);
    if (!dialog.contains(document.activeElement)) form.querySelector("button")?.focus();
  }

  #leave(text) {
    return this.#button(text, () => dialog.close());
  }

  #button(text, click) {
    return h("button", { type: "button", class: "quiet", click }, text);
  }
}

function list(title, entries, kind) {
  if (!entries.length) return null;
  const items = entries.map(({ message, hint }) => h("li", {}, message, hint && h("span", { class: "muted" }, ` ${hint}`)));
  return h("section", { class: kind, role: kind === "bad" ? "alert" : null }, h("h3", {}, title), h("ul", {}, items));
}

/** Effects by their kind, in the order in which the API tells them; the state and numbers first. */
function drawEffects(effects) {
  const groups = Map.groupBy?.(effects, kindOf) ?? grouped(effects);
  const first = ["State change", "Document created", "Number"];
  const rank = (kind) => (first.indexOf(kind) + 1 || first.length + 1);
  const sorted = [...groups].sort(([a], [b]) => rank(a) - rank(b));
  if (!sorted.length) return h("p", { class: "muted" }, "Nothing would change.");
  return h("section", {},
    h("h3", {}, "What would happen"),
    h("dl", { class: "effects" }, sorted.map(([kind, members]) => [
      h("dt", {}, kind),
      h("dd", {}, h("ul", {}, members.map(({ message }) => h("li", {}, message)))),
    ])),
  );
}

const kindOf = ({ __typename }) => words(__typename.replace(/Effect$/, "").replace(/(?!^)([A-Z])/g, "_$1"));

function grouped(effects) {
  const groups = new Map();
  for (const effect of effects) groups.set(kindOf(effect), [...(groups.get(kindOf(effect)) ?? []), effect]);
  return groups;
}

function drawField(field, subject, values) {
  const id = `field-${field.name}`;
  if (field.kind === "items") return drawItems(field, subject.order);
  const common = { id, name: field.name, required: field.isRequired };
  const value = values[field.name] ?? field.initial?.(subject) ?? "";
  let control;
  if (field.kind === "choice" || field.kind === "steps") {
    control = h("select", common, field.options(subject).map(([code, label]) => h("option", { value: code }, label)));
    if (values[field.name]) control.value = String(value);
  } else if (field.kind === "check") {
    control = h("input", { ...common, type: "checkbox", checked: value === true });
    return h("label", { class: "check", for: id }, control, field.label);
  } else {
    const type = field.kind === "day" ? "date" : "text";
    const inputmode = field.kind === "number" ? "decimal" : null;
    control = h("input", { ...common, type, inputmode, value, autocomplete: "off" });
  }
  return h("label", { for: id }, h("span", {}, field.label, field.isRequired && h("abbr", { title: "needed" }, " *")), control);
}

function drawItems(field, order) {
  const rows = order.items
    .filter((item) => Number(field.available(item)) > 0)
    .map((item) => h("label", { class: "item" },
      h("span", {}, item.name, h("small", {}, item.sku)),
      h("input", { type: "text", inputmode: "decimal", "data-item": item.id, placeholder: "0", autocomplete: "off" }),
      h("span", { class: "muted" }, `of ${quantity(field.available(item))}`),
    ));
  return h("fieldset", {}, h("legend", {}, field.label), rows);
}

/** The input's fields; what was left empty is absent, so that the API's own defaults hold. */
function readFields(form, fields) {
  const values = {};
  for (const { name, kind } of fields) {
    const control = form.elements.namedItem(name);
    if (kind === "items") {
      const filled = [...form.querySelectorAll("[data-item]")].filter((input) => input.value.trim());
      values[name] = filled.map((input) => ({ orderItemId: input.dataset.item, quantity: input.value.trim().replace(",", ".") }));
    } else if (kind === "check") values[name] = control.checked;
    else if (kind === "steps") values[name] = control.value.split(",").filter(Boolean);
    else if (control.value.trim()) values[name] = parsed(control.value.trim(), kind, name);
  }
  return values;
}

function parsed(text, kind, name) {
  if (kind !== "number") return text;
  const number = text.replace(",", ".");
  // Amounts are decimals and go as text; days are whole numbers.
  return name === "dueDays" ? Number(number) : number;
}
