/** What the page knows, and who wants to hear of it. Topics: session, channel, messages, thread, views, home, connections, unread, live. */
export function createStore() {
  const listeners = new Map();
  return {
    user: null,
    session: null,
    channel: null,
    thread: null,
    tab: "messages",
    messages: [],
    replies: [],
    views: [],
    home: null,
    errors: null,
    connections: 0,
    live: true,
    unread: new Set(),
    on(topic, listener) {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
    },
    emit(...topics) {
      for (const topic of topics) for (const listener of listeners.get(topic) ?? []) listener();
    },
  };
}

/** Names for ids, as the acting person sees them. */
export function directoryOf(session) {
  const users = new Map([...(session?.people ?? []), ...(session?.users ?? [])].map((user) => [user.id, user]));
  const channels = new Map((session?.channels ?? []).map((channel) => [channel.id, channel]));
  return {
    me: session?.me?.id ?? null,
    user: (id) => users.get(id) ?? unknownUser(id),
    channel: (id) => channels.get(id) ?? null,
    users: () => [...users.values()],
    channels: () => [...channels.values()],
  };
}

/** Who signs the notes that are the workspace's own, such as a failed delivery. */
export const SERVICE_USER = "USLACKBOT";

function unknownUser(id) {
  const name = id === SERVICE_USER ? "Slackbot" : (id ?? "somebody");
  return { id, unknown: true, name, real_name: name, color: "6b7684", initials: name.slice(0, 1).toUpperCase(), is_bot: id === SERVICE_USER };
}
