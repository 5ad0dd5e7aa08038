// The columns of the board, and the one rule that puts an order into one of them: the first thing that it waits for.

const isOpen = (order) => order.state === "PLACED" || order.state === "ACKNOWLEDGED";
const isStanding = (order) => isOpen(order) || order.state === "COMPLETED";
const isUndone = (status) => status === "NONE" || status === "PARTIAL";
const isBegun = (status) => status === "FULL" || status === "PARTIAL";

const oldest = { key: "CREATED_AT", direction: "ASC", field: "createdAt" };
const newest = { key: "UPDATED_AT", direction: "DESC", field: "updatedAt" };

const waitingFor = (id, queue, title, empty) => ({ id, queue, title, empty, sort: oldest });

export const STAGES = [
  { id: "draft", title: "Draft", empty: "No drafts.", sort: oldest },
  waitingFor("commit", "TO_COMMIT", "To commit", "Every order has its stock promised."),
  waitingFor("allocate", "TO_ALLOCATE", "To allocate", "Nothing to set aside."),
  waitingFor("ship", "TO_SHIP", "To ship", "Nothing waits to leave."),
  waitingFor("bill", "TO_BILL", "To bill", "Everything is billed."),
  waitingFor("collect", "TO_COLLECT", "To collect", "Nobody owes anything."),
  { id: "done", title: "Done today", empty: "Nothing is done yet today.", sort: newest },
];

const QUEUES = STAGES.filter((stage) => stage.queue).map((stage) => stage.queue);

/** The column of an order, null when it stands in none; `since` is where today begins. */
export function stageOf(order, since) {
  if (order.state === "OPEN") return "draft";
  if (isOpen(order) && isUndone(order.commitmentStatus)) return "commit";
  if (isOpen(order) && isUndone(order.allocationStatus) && isBegun(order.commitmentStatus)) return "allocate";
  if (isOpen(order) && isUndone(order.dispatchStatus) && isBegun(order.allocationStatus)) return "ship";
  if (isStanding(order) && ["UNBILLED", "PARTIAL"].includes(order.billingStatus)) return "bill";
  if (isStanding(order) && Number(order.outstanding.amount) > 0) return "collect";
  const isDone = order.state === "COMPLETED" || order.state === "CLOSED";
  return isDone && new Date(order.updatedAt) >= since ? "done" : null;
}

/** The same rule as a question to the API: the orders of one column. */
export function filterOf(stage, since) {
  if (stage.id === "draft") return { state: { in: ["OPEN"] } };
  if (stage.id === "done") {
    return {
      state: { in: ["COMPLETED", "CLOSED"] },
      updatedAt: { gte: since.toISOString() },
      queue: { notIn: ["TO_BILL", "TO_COLLECT"] },
    };
  }
  const earlier = QUEUES.slice(0, QUEUES.indexOf(stage.queue));
  return { queue: { in: [stage.queue], ...(earlier.length ? { notIn: earlier } : {}) } };
}

/** Whether a comes before b in the column. */
export function compare(stage, a, b) {
  const { field, direction } = stage.sort;
  const difference = new Date(a[field]) - new Date(b[field]) || a.id.localeCompare(b.id);
  return direction === "ASC" ? difference : -difference;
}

/** Where today begins for the reader. */
export function startOfToday() {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return today;
}
