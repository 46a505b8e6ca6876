import { countReply, isReply, put, remove, replace } from "./conversation.js";

/** Applies one event of the server to the store; gives back the topics that changed. */
export function applyEvent(store, event) {
  return EVENTS[event.type]?.(store, event) ?? [];
}

const EVENTS = {
  message: (store, { message }) => {
    if (message.channel !== store.channel) return markUnread(store, message);
    if (!isReply(message)) return changeMessages(store, put(store.messages, message));
    store.messages = countReply(store.messages, message);
    if (message.thread_ts === store.thread) store.replies = put(store.replies, message);
    return ["messages", "thread"];
  },
  message_changed: (store, { message }) => {
    if (message.channel !== store.channel) return [];
    store.messages = replace(store.messages, message);
    store.replies = replace(store.replies, message);
    return ["messages", "thread"];
  },
  message_deleted: (store, { channel, ts, ephemeral }) => {
    if (channel !== store.channel) return [];
    store.messages = remove(store.messages, ts, ephemeral);
    store.replies = remove(store.replies, ts, ephemeral);
    return ["messages", "thread"];
  },
  views: (store, { views }) => {
    store.views = views.filter((view) => view.type !== "home");
    return ["views"];
  },
  home: (store, { view }) => {
    store.home = view;
    return ["home"];
  },
  view_errors: (store, { view_id: viewId, errors }) => {
    store.errors = { viewId, errors };
    return ["errors"];
  },
  connections: (store, { count }) => {
    store.connections = count;
    return ["connections"];
  },
};

function changeMessages(store, messages) {
  store.messages = messages;
  return ["messages"];
}

function markUnread(store, message) {
  if (message.user === store.user) return [];
  store.unread.add(message.channel);
  return ["unread"];
}
