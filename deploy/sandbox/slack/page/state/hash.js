/** `#user=U…&channel=C…&thread=…&tab=home`: where the page stands, so that a link opens it there. */
export function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { user: parts.get("user"), channel: parts.get("channel") ?? undefined, thread: parts.get("thread"), tab: parts.get("tab") ?? undefined };
}

export function writeHash({ user, channel, thread, tab }) {
  const parts = new URLSearchParams({ user, channel, ...(thread ? { thread } : {}), ...(tab === "home" ? { tab } : {}) });
  history.replaceState(null, "", `#${parts}`);
}
