/** Times as people read them. A message's `ts` is "<epoch seconds>.<number>". */

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const LONG = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const DAY_MS = 86_400_000;

export function dateOf(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function clock(ts) {
  return CLOCK.format(dateOf(ts));
}

export function full(ts) {
  return `${LONG.format(dateOf(ts))}, ${SECONDS.format(dateOf(ts))}`;
}

export function dayKey(ts) {
  return dateOf(ts).toDateString();
}

function nearDay(date, now) {
  if (date.toDateString() === now.toDateString()) return "Today";
  if (date.toDateString() === new Date(now.getTime() - DAY_MS).toDateString()) return "Yesterday";
  return null;
}

export function dayLabel(ts, now = new Date()) {
  return nearDay(dateOf(ts), now) ?? LONG.format(dateOf(ts));
}

export function whenLabel(ts, now = new Date()) {
  const near = nearDay(dateOf(ts), now);
  if (near === "Today") return `at ${clock(ts)}`;
  return `${near ? near.toLowerCase() : `on ${SHORT.format(dateOf(ts))}`} at ${clock(ts)}`;
}

function ago(date, now) {
  const seconds = Math.round((now - date) / 1000);
  const [count, unit] = scale(Math.abs(seconds));
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(seconds < 0 ? count : -count, unit);
}

function scale(seconds) {
  if (seconds < 60) return [seconds, "second"];
  if (seconds < 3600) return [Math.round(seconds / 60), "minute"];
  if (seconds < 86_400) return [Math.round(seconds / 3600), "hour"];
  return [Math.round(seconds / 86_400), "day"];
}

/** The tokens of `<!date^epoch^format|fallback>` (docs.slack.dev: formatting message text). */
export function formatDate(epoch, format, now = new Date()) {
  const date = new Date(Number(epoch) * 1000);
  const near = nearDay(date, now);
  const words = {
    date_num: date.toLocaleDateString("en-CA"),
    date_slash: date.toLocaleDateString("en-GB"),
    date: DATE.format(date),
    date_short: SHORT.format(date),
    date_long: LONG.format(date),
    date_pretty: near?.toLowerCase() ?? DATE.format(date),
    date_short_pretty: near?.toLowerCase() ?? SHORT.format(date),
    date_long_pretty: near?.toLowerCase() ?? LONG.format(date),
    time: CLOCK.format(date),
    time_secs: SECONDS.format(date),
    ago: ago(date, now),
  };
  return format.replace(/\{(\w+)\}/g, (token, name) => words[name] ?? token);
}
