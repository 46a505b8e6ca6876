/** `#user=U…&channel=C…&thread=…`: where the page stands, so that a link opens it there. */
export function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { user: parts.get("user"), channel: parts.get("channel") ?? undefined, thread: parts.get("thread") };
}

export function writeHash({ user, channel, thread }) {
  const parts = new URLSearchParams({ user, channel, ...(thread ? { thread } : {}) });
  history.replaceState(null, "", `#${parts}`);
}
