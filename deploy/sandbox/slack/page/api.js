/** The page's side of the server's /page API. Every answer is JSON; a request that cannot be made is an error like any other. */

async function request(path, options = {}) {
  try {
    const answer = await fetch(path, { ...options, headers: { "X-Sandbox": "1", ...options.headers } });
    const body = await answer.json().catch(() => ({}));
    return answer.ok ? body : { ok: false, error: body.error ?? `http_${answer.status}` };
  } catch {
    return { ok: false, error: "server_unreachable" };
  }
}

function get(path, query) {
  const known = Object.entries(query).filter(([, value]) => value);
  return request(`/page/${path}?${new URLSearchParams(known)}`);
}

function post(path, body) {
  return request(`/page/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export function createApi() {
  return {
    state: (user) => get("state", { user }),
    history: (user, channel, threadTs) => get("history", { user, channel, thread_ts: threadTs }),
    command: (body) => post("command", body),
    message: (body) => post("message", body),
    action: (body) => post("action", body),
    options: (body) => post("options", body),
    input: (body) => post("input", body),
    submit: (body) => post("submit", body),
    close: (body) => post("close", body),
    shortcut: (body) => post("shortcut", body),
    home: (user, tab) => post("home", { user, tab }),
    events: (user) => new EventSource(`/page/events?${new URLSearchParams({ user })}`),
  };
}

/** What a failed delivery means to the person who pressed. */
const REASONS = {
  operation_timeout: "The app didn’t answer within 3 seconds.",
  dispatch_failed: "Nobody is listening: the app isn’t connected.",
  no_such_element: "This control is no longer there. The message has changed.",
  expired_trigger_id: "That took too long. Please try again.",
  not_in_channel: "You are not in this channel.",
  not_in_thread: "Commands don’t work in threads.",
  unknown_command: "No app here knows this command.",
  unknown_shortcut: "No app here has this shortcut.",
  server_unreachable: "The sandbox’s server can’t be reached.",
};

export function reasonOf(error) {
  return REASONS[error] ?? `That didn’t work (${error}).`;
}
