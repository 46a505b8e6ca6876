/** The state object that an interactive element has (docs.slack.dev: view state), by its type. */

const SINGLE = {
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  users_select: "selected_user",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  plain_text_input: "value",
  number_input: "value",
  email_text_input: "value",
  url_text_input: "value",
};
const MANY = {
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  checkboxes: "selected_options",
  multi_users_select: "selected_users",
  multi_channels_select: "selected_channels",
  multi_conversations_select: "selected_conversations",
};
const INITIAL = {
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_users: "initial_users",
  selected_channel: "initial_channel",
  selected_channels: "initial_channels",
  selected_conversation: "initial_conversation",
  selected_conversations: "initial_conversations",
  selected_date: "initial_date",
  selected_time: "initial_time",
  selected_date_time: "initial_date_time",
  value: "initial_value",
};

/** The key of the state object that holds the value, or null for an element without state (a button). */
export function valueKey(type) {
  return SINGLE[type] ?? MANY[type] ?? null;
}

export function initialState(element) {
  const key = valueKey(element.type);
  const initial = element[INITIAL[key]] ?? (element.type in MANY ? [] : null);
  return { type: element.type, [key]: initial };
}

/** Every element with state in these blocks, as [block_id, element]. */
export function statefulElements(blocks) {
  const found = (blocks ?? []).flatMap((block) =>
    [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]
      .filter((element) => element && valueKey(element.type))
      .map((element) => [block.block_id, element]),
  );
  return found;
}

/** What was entered on one surface. It outlives a new rendering as long as block_id and action_id stay equal. */
export function createEntries(stored = {}) {
  const entered = new Map();
  const key = (blockId, actionId) => JSON.stringify([blockId, actionId]);
  return {
    read: (blockId, element) =>
      entered.get(key(blockId, element.action_id)) ?? stored[blockId]?.[element.action_id] ?? initialState(element),
    write: (blockId, actionId, state) => entered.set(key(blockId, actionId), state),
    /** Forgets what no longer has a place in the blocks. */
    keepOnly(blocks) {
      const places = new Set(statefulElements(blocks).map(([blockId, element]) => key(blockId, element.action_id)));
      for (const place of entered.keys()) if (!places.has(place)) entered.delete(place);
    },
    all(blocks) {
      const values = {};
      for (const [blockId, element] of statefulElements(blocks)) {
        values[blockId] = { ...values[blockId], [element.action_id]: this.read(blockId, element) };
      }
      return values;
    },
  };
}
