// The table of known differences between the openai client and Playhead, one sentence each.
//
// A difference is {side, field, choice, client, playhead, thrown}: `side` is raw or helper, `field`
// one of id, model, usage.*, content, refusal, reasoning, finish, tool_calls, error. `field` error
// means that the client threw (`client` is its text) or that Playhead alone speaks of an error. A
// rule is asked only after Playhead's value turned out to be what the rule books demand of these
// bytes (facts.mjs): a rule never excuses a wrong value, it names why the client has another one.
// `facts.seen` are the oddities of the body; `thrown` is what the client threw, or ''. `decided_by`
// are sections of the project's two rule books: SPEC, how the runtime behaves, and WIRE, what
// providers send.
// `right`: playhead, client, or convention (both readings lose nothing; SPEC chose one).
// The first rule that fits names the difference.

function helper_threw(difference, words) {
  return difference.field === 'error' && difference.side === 'helper' && threw(difference, words);
}

function threw(difference, words) {
  return difference.field === 'error' && (difference.client ?? '').includes(words);
}

function tools_differ(difference, facts, ...oddities) {
  return difference.field === 'tool_calls' && oddities.some((oddity) => facts.seen.has(oddity));
}

const kThrows = [
  {
    name: 'error_object',
    decided_by: 'SPEC 1, WIRE 2.6',
    right: 'playhead',
    sentence: 'An error object or event: the client throws its message; Playhead reports the same '
      + 'error as data and keeps the text so far.',
    when: (difference, facts) => difference.field === 'error' && difference.client !== null
      && facts.seen.has('error_object') && difference.playhead?.message !== undefined
      && difference.client.includes(difference.playhead.message),
  },
  {
    name: 'done_with_more',
    decided_by: 'SPEC 1 (data beginning with [DONE])',
    right: 'playhead',
    sentence: 'The end marker carries something after it, such as a blank: the client compares it '
      + 'exactly and throws a JSON error at the end of a whole reply.',
    when: (difference, facts) => threw(difference, 'malformed server-sent event JSON')
      && facts.seen.has('done_with_more'),
  },
  {
    name: 'event_without_data',
    decided_by: 'SPEC 1, WIRE 12',
    right: 'playhead',
    sentence: 'An event without data, or with empty data: the rules of event streams drop the one '
      + 'and the other says nothing; the client tries to parse it and throws.',
    when: (difference, facts) => threw(difference, 'malformed server-sent event JSON')
      && (facts.seen.has('event_without_data') || facts.seen.has('empty_data')),
  },
  {
    name: 'event_cut',
    decided_by: 'SPEC 1 (unterminated last event)',
    right: 'playhead',
    sentence: 'The body ends inside an event: the client parses the piece and throws; Playhead '
      + 'drops it and keeps what came before.',
    when: (difference, facts) => threw(difference, 'malformed server-sent event JSON')
      && facts.seen.has('event_cut'),
  },
  {
    name: 'bad_json',
    decided_by: 'SPEC 1',
    right: 'playhead',
    sentence: 'A payload is no JSON: the client throws; for Playhead it is an anomaly and the '
      + 'stream goes on.',
    when: (difference, facts) => threw(difference, 'malformed server-sent event JSON')
      && facts.seen.has('bad_json'),
  },
  {
    name: 'several_choices',
    decided_by: 'SPEC 2 (choices: all are accumulated), WIRE 3.8',
    right: 'playhead',
    sentence: 'Of several choices only some get a finish reason: the helper throws all of them '
      + 'away; Playhead judges each by itself.',
    when: (difference, facts) => facts.seen.has('several_choices')
      && helper_threw(difference, 'missing finish_reason for choice ')
      && [...facts.reading.choices.values()].some((choice) => choice.finish !== null),
  },
  {
    name: 'missing_finish',
    decided_by: 'SPEC 2 (End of bytes is not success), WIRE 12',
    right: 'playhead',
    sentence: 'No finish reason on a choice: the helper throws and the reply is lost; Playhead '
      + 'keeps it and says by the end evidence whether it is whole.',
    when: (difference, facts) => {
      if (!helper_threw(difference, 'missing finish_reason for choice ')) return false;
      const index = Number(difference.client.match(/choice (\d+)/)?.[1]);
      return facts.reading.choices.get(index)?.finish === null;
    },
  },
  {
    name: 'role_missing',
    decided_by: 'SPEC 2 (role is always assistant), WIRE 3.20',
    right: 'playhead',
    sentence: 'No chunk names a role: the helper throws.',
    when: (difference, facts) => helper_threw(difference, 'missing role for choice')
      && facts.seen.has('role_missing'),
  },
  {
    name: 'tool_index_missing',
    decided_by: 'SPEC 2 (index missing or null: 0)',
    right: 'playhead',
    sentence: 'A tool-call piece without an index: the helper throws, naive code merges all such '
      + 'calls.',
    when: (difference, facts) => facts.seen.has('tool_index_missing')
      && helper_threw(difference, 'invalid tool call index: '),
  },
  {
    name: 'tool_index_negative',
    decided_by: 'SPEC 2 (identity by index and id)',
    right: 'playhead',
    sentence: 'A tool call at index -1: the helper throws; Playhead keeps the call.',
    when: (difference, facts) => facts.seen.has('tool_index_negative')
      && helper_threw(difference, 'invalid tool call index: -'),
  },
  {
    name: 'tool_index_sparse',
    decided_by: 'WIRE 2.4 (8), WIRE 12',
    right: 'playhead',
    sentence: 'Tool indexes with gaps: the helper trips over the hole in its own array and throws.',
    when: (difference, facts) => facts.seen.has('tool_index_sparse')
      && helper_threw(difference, 'Cannot read properties of undefined'),
  },
  {
    name: 'choice_index_missing',
    decided_by: 'WIRE 2.2 (missing index: 0)',
    right: 'playhead',
    sentence: 'A choice without an index: the helper throws.',
    when: (difference, facts) => facts.seen.has('choice_index_missing')
      && helper_threw(difference, 'invalid choice index'),
  },
  {
    name: 'choices_null',
    decided_by: 'WIRE 3.20, WIRE 12',
    right: 'playhead',
    sentence: 'A chunk whose choices are null or missing: the helper throws.',
    when: (difference, facts) => facts.seen.has('choices_missing')
      && helper_threw(difference, 'is not iterable'),
  },
  {
    name: 'no_chunks',
    decided_by: 'SPEC 1 (a whole reply is one delta), SPEC 2 (empty_stream)',
    right: 'playhead',
    sentence: 'No event carries a chunk: the helper throws; Playhead reads a whole reply that is '
      + 'no stream, and calls a body with nothing in it an empty stream.',
    when: (difference, facts) => helper_threw(difference, 'without sending any chunks')
      && (facts.seen.has('not_a_stream') || facts.seen.has('nothing_received')),
  },
  {
    name: 'error_unseen',
    decided_by: 'SPEC 1 (field line error), SPEC 2 (nothing received), WIRE 0 (finish words)',
    right: 'playhead',
    sentence: 'An error in a form the client does not look for: an `error:` field line, JSON '
      + 'outside the framing, a finish word that means error, or a stream without any '
      + 'content.',
    when: (difference, facts) => difference.field === 'error' && difference.client === null
      && ['error_field', 'unframed_json', 'finish_error', 'nothing_received'].some(
        (odd) => facts.seen.has(odd)),
  },
  {
    name: 'message_in_chunk',
    decided_by: 'SPEC 2 (message is read only when no delta ever came)',
    right: 'playhead',
    sentence: 'A whole or partial `message` beside the deltas: the helper lets each one replace '
      + 'what it has accumulated, and loses text or throws.',
    when: (difference, facts) => difference.side === 'helper' && facts.seen.has('message_in_chunk')
      && (['content', 'refusal', 'tool_calls'].includes(difference.field)
        || helper_threw(difference, 'tool-call collection')
        || helper_threw(difference, 'tool call snapshot')),
  },
];

const kToolCalls = [
  {
    name: 'tool_identity',
    decided_by: 'SPEC 2 (table of tool-call pieces), WIRE 2.4, WIRE 12',
    right: 'playhead',
    sentence: 'Several calls under one index, or without any: the client merges them into one '
      + 'corrupted call; Playhead tells them apart by id and name.',
    when: (difference, facts) => tools_differ(
      difference, facts, 'tool_index_reused', 'tool_index_missing')
      && difference.client.length < difference.playhead.length,
  },
  {
    name: 'tool_id_changed',
    decided_by: 'SPEC 2 (a fresh id for each piece), WIRE 3.6',
    right: 'playhead',
    sentence: 'A fresh id with each piece of one call: the first id stays; the client has the '
      + 'last.',
    when: (difference, facts) => tools_differ(difference, facts, 'tool_id_changed'),
  },
  {
    name: 'tool_name_resent',
    decided_by: 'SPEC 2 (name is assigned, never appended), WIRE 3.3',
    right: 'playhead',
    sentence: 'The name comes with each piece: code that appends it gets get_weatherget_weather.',
    when: (difference, facts) => tools_differ(
      difference, facts, 'tool_name_resent', 'tool_name_changed'),
  },
  {
    name: 'tool_arguments_null',
    decided_by: 'SPEC 2 (arguments present), WIRE 2.4 (6)',
    right: 'playhead',
    sentence: 'Arguments are null: code that appends them gets the text `null`; null says nothing.',
    when: (difference, facts) => tools_differ(difference, facts, 'tool_arguments_null'),
  },
  {
    name: 'tool_arguments_not_text',
    decided_by: 'SPEC 2 (arguments present), WIRE 0',
    right: 'playhead',
    sentence: 'Arguments are a JSON value instead of text: the client makes `[object Object]` of '
      + 'them.',
    when: (difference, facts) => tools_differ(difference, facts, 'tool_arguments_not_text'),
  },
  {
    name: 'function_call',
    decided_by: 'WIRE 2.2 (legacy function_call)',
    right: 'convention',
    sentence: 'The legacy function_call: the client keeps it apart, Playhead reads it as a tool '
      + 'call.',
    when: (difference, facts) => tools_differ(difference, facts, 'function_call'),
  },
  {
    name: 'tool_id_missing',
    decided_by: 'SPEC 2 (id still missing at the end)',
    right: 'convention',
    sentence: 'A call without an id: the raw chunks have none, the helper draws a random one, '
      + 'Playhead makes one from the call, the same on every run.',
    when: (difference, facts) => tools_differ(difference, facts, 'tool_id_missing')
      && difference.client.length === difference.playhead.length
      && difference.client.every((call, at) => call.name === difference.playhead[at].name
        && call.arguments === difference.playhead[at].arguments),
  },
];

const kScalars = [
  {
    name: 'id_or_model_changes',
    decided_by: 'SPEC 2 (first non-empty; a change is an anomaly)',
    right: 'convention',
    sentence: 'Id or model change within a reply: Playhead keeps the first, the client has the '
      + 'last.',
    when: (difference, facts) => ['id', 'model'].includes(difference.field)
      && facts.seen.has(`${difference.field}_changed`),
  },
  {
    name: 'helper_skips_chunks_without_id',
    decided_by: 'WIRE 2.2 (id may be empty), SPEC 2',
    right: 'playhead',
    sentence: 'Chunks whose id is empty: the helper takes over id, model and usage only from chunks'
      + ' with an id, besides the very first, and so loses the usage or keeps an empty id or '
      + 'model.',
    when: (difference, facts) => difference.side === 'helper' && facts.seen.has('id_empty')
      && /^(id|model|usage\..*)$/.test(difference.field),
  },
  {
    name: 'reasoning_tokens_apart',
    decided_by: 'SPEC 2 (output includes reasoning)',
    right: 'playhead',
    sentence: 'The provider counts reasoning apart, so that prompt, completion and reasoning make '
      + 'the total: Playhead adds it to the output.',
    when: (difference, facts) => difference.field === 'usage.output_tokens'
      && facts.seen.has('reasoning_counted_apart'),
  },
  {
    name: 'usage_elsewhere',
    decided_by: 'WIRE 2.5 (places)',
    right: 'playhead',
    sentence: 'Usage stands in x_groq or in a choice: the client does not look there.',
    when: (difference, facts) => difference.field.startsWith('usage.') && difference.client === null
      && (facts.seen.has('usage_in_x_groq') || facts.seen.has('usage_in_choice')),
  },
  {
    name: 'usage_zero',
    decided_by: 'SPEC 2 (a zero is a value unless all are zero)',
    right: 'convention',
    sentence: 'A usage of nothing but zeros: the client reports the zeros; Playhead reads it as not'
      + ' told.',
    when: (difference, facts) => difference.field.startsWith('usage.')
      && facts.seen.has('usage_zero'),
  },
  {
    name: 'usage_nulled',
    decided_by: 'SPEC 2 (merged by member), WIRE 2.5 (last non-null object)',
    right: 'playhead',
    sentence: 'A chunk after the usage says `usage: null`: the helper lets it erase the usage.',
    when: (difference, facts) => difference.side === 'helper' && difference.client === null
      && difference.field.startsWith('usage.') && facts.seen.has('usage_nulled'),
  },
];

const kTexts = [
  {
    name: 'think_tags',
    decided_by: 'SPEC 3',
    right: 'playhead',
    sentence: 'Think tags in the content: Playhead adds the blocks to the reasoning; the content '
      + 'stays as sent.',
    when: (difference, facts) => difference.field === 'reasoning' && facts.seen.has('think_tags'),
  },
  {
    name: 'reasoning_details',
    decided_by: 'SPEC 2 (else text of reasoning_details)',
    right: 'playhead',
    sentence: 'Reasoning comes in reasoning_details only, where naive code does not look.',
    when: (difference, facts) => difference.field === 'reasoning'
      && facts.seen.has('reasoning_details_only'),
  },
  {
    name: 'content_parts',
    decided_by: 'WIRE 3.14',
    right: 'playhead',
    sentence: 'Content is an array of parts: the client makes `[object Object]` of them.',
    when: (difference, facts) => difference.field === 'content' && facts.seen.has('content_parts'),
  },
  {
    name: 'text_in_chunk',
    decided_by: 'SPEC 2 (text of legacy completions)',
    right: 'playhead',
    sentence: 'No delta ever comes, but `text` or a `message`: Playhead reads it, the client has '
      + 'nothing.',
    when: (difference, facts) => difference.field !== 'error' && difference.thrown === ''
      && ['text_in_chunk', 'message_in_chunk', 'not_a_stream'].some((odd) => facts.seen.has(odd)),
  },
];

const kAfter = [
  {
    name: 'lost_by_throwing',
    decided_by: 'SPEC 1 (the stream goes on)',
    right: 'playhead',
    sentence: 'What came with or after the payload at which the client threw is missing on its '
      + 'side.',
    when: (difference) => difference.thrown !== '' && difference.field !== 'error',
  },
];

export const kClasses = [...kThrows, ...kToolCalls, ...kScalars, ...kTexts, ...kAfter];

// The first class that fits, or null.
export function class_of(difference, facts) {
  return kClasses.find((rule) => rule.when(difference, facts)) ?? null;
}
