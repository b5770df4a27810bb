// The simulator's HTTP side.

import { notice } from "./notices.js";

export const get = (path) => ask(path);
export const post = (path, body = {}) => ask(path, { method: "POST", body: JSON.stringify(body) });
export const clear = (path) => ask(path, { method: "DELETE" });

/**
 * Return `ask` so that its answers come in the order of its questions: one that a later one's has
 * overtaken is undefined. A failure, which is null, overtakes nothing.
 */
export function inOrder(ask) {
  let asked = 0;
  let known = 0;
  return async (...details) => {
    const question = ++asked;
    const answer = await ask(...details);
    if (question < known) return undefined;
    if (answer !== null) known = question;
    return answer;
  };
}

/** Return the answer, or null after telling the reader why there is none. */
async function ask(path, options) {
  try {
    const response = await fetch(`/sim/${path}`, options);
    const answer = await response.json();
    if (response.ok) return answer;
    notice(answer.error);
  } catch {
    notice("The server does not answer.");
  }
  return null;
}

/** Call `changed` with each change, and `connected` when the stream begins, or begins again. */
export function watch({ changed, connected, lost }) {
  const events = new EventSource("/sim/events");
  events.onopen = connected;
  events.onerror = lost;
  events.onmessage = ({ data }) => changed(JSON.parse(data));
}
