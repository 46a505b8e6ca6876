import { readHash, writeHash } from "./hash.js";
import { applyEvent } from "./live.js";

export const FIRST_CHANNEL = "storage";
const FIRST_ROLE = "requester";
const UNKNOWN_USER = "user_not_found";

/** Who acts, where they are, and the stream of what happens. All changes of place go through here. */
export function createSession(store, api) {
  let stream = null;
  let turn = 0;
  let pending = null;

  async function start() {
    const wanted = readHash();
    await become(wanted.user, wanted.channel, wanted.thread, wanted.tab);
    addEventListener("hashchange", followHash);
  }

  function followHash() {
    const wanted = readHash();
    if (wanted.user && wanted.user !== store.user) become(wanted.user, wanted.channel, wanted.thread, wanted.tab);
    else if (wanted.channel && wanted.channel !== store.channel) openChannel(wanted.channel, wanted.thread, wanted.tab);
    else if (wanted.tab && wanted.tab !== store.tab) openTab(wanted.tab);
    else if (wanted.thread && wanted.thread !== store.thread) openThread(wanted.thread);
  }

  /** Who looked at their Home looks at the other's afterwards. */
  async function become(user, channel = store.channel, thread = null, tab = store.tab) {
    turn += 1;
    const mine = turn;
    const session = await sessionOf(user);
    if (mine !== turn) return;
    if (session.error) return fail(session.error);
    await listen(session.me.id);
    if (mine !== turn) return;
    store.user = session.me.id;
    store.session = session;
    store.connections = session.connections;
    store.views = openModals(session);
    store.home = null;
    store.unread = new Set(session.channels.filter((one) => one.unread).map((one) => one.id));
    store.emit("session", "connections", "views");
    await openChannel((tab === "home" && appPlace(session)) || placeFor(session, channel), thread, tab);
  }

  /** A link may name nobody, or somebody whom this workspace doesn't know: then it opens as the first who asks for things. */
  async function sessionOf(user) {
    const named = user ? await api.state(user) : { error: UNKNOWN_USER };
    if (named.error !== UNKNOWN_USER) return named;
    const session = await api.state(null);
    const first = session.people?.find((one) => one.role === FIRST_ROLE);
    return first && first.id !== session.me.id ? api.state(first.id) : session;
  }

  function fail(error) {
    store.live = false;
    store.failure = error;
    store.emit("live");
  }

  async function openChannel(channel, thread = null, tab = "messages") {
    store.channel = channel;
    store.thread = thread;
    store.tab = tabOf(store.session, channel, tab);
    store.replies = [];
    store.messages = [];
    store.unread.delete(channel);
    writeHash(store);
    store.emit("channel", "unread", "thread");
    await Promise.all([reload(), announceTab()]);
  }

  /** What happens while the history is on its way is applied to it again: nothing falls between the two. */
  async function reload() {
    const { user, channel, thread } = store;
    const meanwhile = [];
    pending = meanwhile;
    const [page, replies] = await Promise.all([
      api.history(user, channel),
      thread ? api.history(user, channel, thread) : { messages: [] },
    ]);
    if (store.user !== user || store.channel !== channel) return;
    store.messages = page.messages ?? [];
    if (store.thread === thread) store.replies = replies.messages ?? [];
    for (const event of meanwhile) applyEvent(store, event);
    if (pending === meanwhile) pending = null;
    store.emit("messages", "thread");
  }

  async function openThread(ts) {
    store.thread = ts;
    store.replies = store.messages.filter((message) => message.ts === ts);
    writeHash(store);
    store.emit("thread");
    const page = await api.history(store.user, store.channel, ts);
    if (store.thread !== ts) return;
    store.replies = page.messages ?? store.replies;
    store.emit("thread");
  }

  function closeThread() {
    store.thread = null;
    store.replies = [];
    writeHash(store);
    store.emit("thread");
  }

  async function openTab(tab) {
    store.tab = tab;
    writeHash(store);
    store.emit("channel", "messages");
    await announceTab();
  }

  /** Says which tab of the app somebody looks at; the answer is their Home, unless a newer one has come meanwhile. */
  async function announceTab() {
    const { user, channel, tab, home } = store;
    if (channel !== appPlace(store.session)) return;
    const answer = await api.home(user, tab);
    if (tab !== "home" || store.user !== user) return;
    if (answer.ok && store.home === home) store.home = answer.view;
    store.emit("home");
  }

  /** Resolves once the stream is there, or is known to be away: a message in between would be in no history. */
  function listen(user) {
    stream?.close();
    const mine = api.events(user);
    stream = mine;
    let lost = false;
    mine.onmessage = (event) => receive(JSON.parse(event.data));
    return new Promise((known) => {
      mine.onopen = () => {
        setLive(true);
        if (lost) refresh();
        lost = false;
        known();
      };
      mine.onerror = () => {
        lost = true;
        setLive(false);
        known();
      };
    });
  }

  /** After a gap in the stream everything may have changed: people, channels, connections, messages. */
  async function refresh() {
    const session = await api.state(store.user);
    if (session.error || session.me.id !== store.user) return;
    store.session = session;
    store.connections = session.connections;
    store.views = openModals(session);
    store.emit("channel", "connections", "unread", "views");
    await Promise.all([reload(), announceTab()]);
  }

  function setLive(live) {
    store.live = live;
    store.emit("live");
  }

  function receive(event) {
    if (event.type === "reset") return location.reload();
    if (event.type.startsWith("message")) pending?.push(event);
    store.emit(...applyEvent(store, event));
  }

  return { start, become, openChannel, openThread, closeThread, openTab };
}

function openModals(session) {
  return (session.views ?? []).filter((view) => view.type === "modal");
}

/** The conversation with the app; a stranger has none. */
function appPlace(session) {
  return session.channels.find((channel) => channel.kind === "im" && channel.user === session.app.bot_user_id)?.id ?? null;
}

/** Only the app's conversation has tabs, those that its manifest enables. */
function tabOf(session, channel, wanted) {
  if (channel !== appPlace(session)) return "messages";
  return session.app.tabs.includes(wanted) ? wanted : (session.app.tabs[0] ?? "messages");
}

function placeFor(session, wanted) {
  const mine = session.channels.filter((channel) => channel.is_member);
  const choice = session.channels.find((channel) => channel.id === wanted && (channel.is_member || channel.kind === "channel"));
  return (choice ?? mine.find((channel) => channel.name === FIRST_CHANNEL) ?? mine[0])?.id ?? null;
}
