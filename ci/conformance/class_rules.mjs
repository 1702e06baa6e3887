// What the tables of known differences share: readings of the payloads, and rules that several
// protocols need.
//
// A difference is {side, field, client, playhead, theirs, ours, payloads}: `field` is one of text,
// reasoning, refusal, tool_calls, provider_tools, finish, unified_finish, usage.*, id, model and
// error; `client` and `playhead` are the two values, `theirs` and `ours` the two whole readings,
// `payloads` the body (payloads.mjs). A rule is {name, decided_by, right, sentence, when}:
// `decided_by` are sections of the project's two rule books (SPEC: how the runtime behaves, WIRE:
// what providers send); `right` is playhead, client, or convention (both readings lose nothing;
// SPEC chose one). `when` says what must be true of both values and of the body. The first rule
// that fits names the difference.

const kThinkBlock =
  /<(think|thinking|reasoning|thought|reasoning_scratchpad)\b[^<>]*>([\s\S]*?)(?:<\/\1\s*>|$)/gi;

// Whether the connection of a recorded exchange broke off: the client throws, and Playhead's word
// for it is the end of the exchange.
export function was_cut(exchange) {
  return ['eof_early', 'reset', 'tls_error'].includes(exchange.end);
}

export function jsons_of(difference) {
  return difference.payloads.map((payload) => payload.json).filter(Boolean);
}

export function some_json(difference, test) {
  return jsons_of(difference).some(test);
}

export function is_error(difference, words) {
  return difference.field === 'error' && (difference.client ?? '').includes(words);
}

export function is_side(difference, word) {
  return difference.side.includes(word);
}

export function same_json(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function without_blanks(text) {
  return text.replace(/\s+/g, '');
}

// Empty, or the beginning of what Playhead has.
export function is_part_of(part, whole) {
  if (part === null || part === undefined) return true;
  if (typeof part === 'string') return (whole ?? '').startsWith(part);
  return Array.isArray(part) && part.length < (whole ?? []).length;
}

export function texts_equal_but(difference, member) {
  const { client, playhead } = difference;
  return difference.field === 'tool_calls' && client.length === playhead.length
    && client.every((call, at) => ['id', 'name', 'arguments'].every((name) => name === member
      || JSON.stringify(call[name]) === JSON.stringify(playhead[at][name])));
}

export const kThinkTags = {
  name: 'think_tags',
  decided_by: 'SPEC 3',
  right: 'playhead',
  sentence: 'Think tags in the text: Playhead adds the blocks to the reasoning, the text stays as '
    + 'sent; the client knows no tags.',
  when: ({ field, client, playhead, ours }) => {
    if (field !== 'reasoning' || !playhead.startsWith(client)) return false;
    const blocks = [...ours.message.content.matchAll(kThinkBlock)].map((match) => match[2]);
    return blocks.length > 0
      && without_blanks(playhead.slice(client.length)) === without_blanks(blocks.join(''));
  },
};

export const kToolIdMade = {
  name: 'tool_id_missing',
  decided_by: 'SPEC 2 (id still missing at the end)',
  right: 'convention',
  sentence: 'Calls without an id on the wire: the client has none or draws a random one, Playhead '
    + 'makes one from the call, the same on every run.',
  when: (difference) => texts_equal_but(difference, 'id') && difference.playhead.every(
    ({ id }, at) => id === difference.client[at].id
      || (/^call_[0-9a-f]{16}$/.test(id) && !difference.payloads.some(
        ({ data }) => data.includes(id) || data.includes(difference.client[at].id ?? id)))),
};

export const kUnterminated = {
  name: 'unterminated_event',
  decided_by: 'SPEC 1 (unterminated last event)',
  right: 'playhead',
  sentence: 'The last event has no blank line after it, but its JSON is whole: the client drops it '
    + 'and calls the reply cut, Playhead uses it, with an anomaly.',
  when: ({ field, client, payloads, ours, theirs }) => {
    const last = payloads.at(-1);
    const whole = last?.terminated === false && last.json !== undefined;
    if (!whole || ours.completion.error) return false;
    if (field === 'error') return theirs.error !== null;
    const word = ours.completion.provider_finish_reason;
    if (!payloads.some(({ data }) => data.includes(`"${word}"`))) return false;
    return client === null || client === '' || client === 'interrupted';
  },
};

export const kRefusalAsText = {
  name: 'refusal_as_text',
  decided_by: 'SPEC 2 (refusal text with no other content)',
  right: 'playhead',
  sentence: 'The AI SDK makes ordinary text of a refusal; Playhead keeps it apart and calls the '
    + 'reply refused.',
  when: ({ field, client, ours }) => (field === 'text' && ours.message.refusal !== ''
    && client === ours.message.content + ours.message.refusal)
    || (field === 'unified_finish' && client === 'stop' && ours.message.refusal !== ''
      && ours.completion.finish_reason === 'content_filter'),
};

export const kLostByThrowing = {
  name: 'lost_by_throwing',
  decided_by: 'SPEC 1 (the stream goes on)',
  right: 'playhead',
  sentence: 'What came with or after the event at which the client threw is missing on its side.',
  when: ({ field, client, playhead, theirs, ours, payloads }) => theirs.error !== null
    && field !== 'error'
    && (field !== 'finish' || payloads.some(({ data }) => data.includes(`"${playhead}"`)))
    && (is_part_of(client, playhead)
      || (field === 'unified_finish' && client === 'error' && ours.completion.error === null)),
};
