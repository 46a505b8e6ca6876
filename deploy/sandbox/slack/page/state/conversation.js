/** Lists of messages: pure, oldest first. */

const GROUP_SECONDS = 300;

export function keyOf(message) {
  return `${message.ts}${message.ephemeral ? "~" : ""}`;
}

export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

export function put(list, message) {
  const key = keyOf(message);
  const others = list.filter((one) => keyOf(one) !== key);
  const after = others.findIndex((one) => Number(one.ts) > Number(message.ts));
  return after < 0 ? [...others, message] : [...others.slice(0, after), message, ...others.slice(after)];
}

export function replace(list, message) {
  const key = keyOf(message);
  return list.map((one) => (keyOf(one) === key ? { ...message, ...keptCounts(one, message) } : one));
}

/** An edit of the parent may come without the reply counts; they are not lost by it. */
function keptCounts(before, after) {
  if (after.reply_count !== undefined || before.reply_count === undefined) return {};
  return { reply_count: before.reply_count, latest_reply: before.latest_reply };
}

export function remove(list, ts, ephemeral) {
  const key = keyOf({ ts, ephemeral });
  return list.filter((one) => keyOf(one) !== key);
}

/** The parent learns of a reply once, whether the server sends the parent again or not. */
export function countReply(list, reply) {
  if (reply.ephemeral) return list;
  return list.map((one) => {
    if (one.ts !== reply.thread_ts || Number(one.latest_reply ?? 0) >= Number(reply.ts)) return one;
    return { ...one, reply_count: (one.reply_count ?? 0) + 1, latest_reply: reply.ts };
  });
}

/** Each message with what its place decides: `first` of its author's group, `newDay`. */
export function rows(list, dayKey) {
  return list.map((message, index) => {
    const before = list[index - 1];
    const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
    return { message, newDay, first: newDay || !continues(before, message) };
  });
}

function continues(before, message) {
  return (
    before.user === message.user &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    !before.reply_count &&
    Number(message.ts) - Number(before.ts) < GROUP_SECONDS
  );
}
