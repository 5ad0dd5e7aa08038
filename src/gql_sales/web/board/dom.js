// Elements made from data. Text stays text: nothing here, or elsewhere on the board, parses markup.

/** An element; attributes that are null, undefined or false are left out, functions listen. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make the list hold exactly these elements in this order, touching only what differs. */
export function arrange(list, elements) {
  elements.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  while (list.children.length > elements.length) list.lastElementChild.remove();
}

/** Calls the function once things have been quiet for a while, but not later than four such whiles. */
export function debounced(run, milliseconds) {
  let timer = null;
  let since = 0;
  return () => {
    const now = Date.now();
    if (timer === null) since = now;
    clearTimeout(timer);
    const left = Math.max(0, Math.min(milliseconds, since + 4 * milliseconds - now));
    timer = setTimeout(() => {
      timer = null;
      run();
    }, left);
  };
}

const announcer = document.getElementById("announcer");
let waiting = [];

/** Tell screen readers what has changed; what comes at once is told as one. */
export function announce(text) {
  waiting.push(text);
  if (waiting.length > 1) return;
  setTimeout(() => {
    announcer.textContent = waiting.length > 5 ? `${waiting.length} orders have moved.` : waiting.join(" ");
    waiting = [];
  }, 300);
}
