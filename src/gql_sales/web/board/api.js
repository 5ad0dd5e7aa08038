// Talks to the API over HTTP, with the token that the user gave. Operations are known by name (operations.graphql).

const KEY = "gql-sales-board-token";
const ENDPOINT = new URL("graphql", document.baseURI);

const source = await (await fetch(new URL("operations.graphql", import.meta.url))).text();
const definitions = new Map(
  [...source.matchAll(/^(?:query|mutation|subscription|fragment) (\w+)[^]*?^}/gm)].map((match) => [match[1], match[0]]),
);

/** The address of the API for WebSockets. */
export const socketAddress = ENDPOINT.href.replace(/^http/, "ws");

/** What went wrong, with the API's code, or OFFLINE when nothing answered. */
export class ApiError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** An operation with the fragments that it needs, and nothing else. */
export function documentOf(name) {
  const needed = new Set([name]);
  for (const part of needed) {
    for (const [, fragment] of definitions.get(part).matchAll(/\.\.\.(\w+)/g)) needed.add(fragment);
  }
  return [...needed].map((part) => definitions.get(part)).join("\n");
}

/** Whether the board can send this mutation. */
export const knows = (name) => definitions.has(operationOf(name));

/** orderPlace is sent by the operation OrderPlace. */
export const operationOf = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** The token; the one behind # is kept for this tab and taken out of the address bar. */
export function token() {
  const given = location.hash.startsWith("#token=") ? decodeURIComponent(location.hash.slice(7)) : null;
  if (given) {
    setToken(given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

export const setToken = (text) => sessionStorage.setItem(KEY, text.trim().replace(/^Bearer\s+/i, ""));

export const forgetToken = () => sessionStorage.removeItem(KEY);

/** The data of an operation; fields that the token has no scope for are null. Throws ApiError. */
export async function request(name, variables = {}) {
  const answer = await send({ query: documentOf(name), operationName: name, variables });
  const refused = (answer.errors ?? []).find((error) => error.extensions?.code !== "FORBIDDEN");
  if (refused) throw new ApiError(refused.extensions?.code ?? "BAD_ANSWER", refused.message);
  if (!answer.data) throw new ApiError("FORBIDDEN", answer.errors?.[0]?.message ?? "The answer has no data.");
  return answer.data;
}

/** The payload of a mutation. Throws ApiError. */
export async function mutate(name, input) {
  const { answer } = await request(operationOf(name), { input });
  if (!answer) throw new ApiError("FORBIDDEN", `The token may not do this (${name}).`);
  return answer;
}

/** A key that nobody else has; randomUUID is missing where the page does not come over HTTPS. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send(body) {
  let response;
  try {
    response = await fetch(ENDPOINT, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token()}`,
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json",
      },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError("OFFLINE", "The server does not answer.");
  }
  try {
    return await response.json();
  } catch {
    throw new ApiError("BAD_ANSWER", `The server answered with status ${response.status}.`);
  }
}
