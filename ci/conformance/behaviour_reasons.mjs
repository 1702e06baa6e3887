// Why Playhead does not agree with some clients on a measured body, by protocol and scenario, with
// the clients that it is about; any other client has to agree. The sections are those of the
// project's rule books: SPEC, how the runtime behaves, and WIRE, what providers send.

const kAnthropic = {
  initial_text_in_start: {
    clients: ['ai anthropic'],
    why: 'Text in content_block_start counts; the AI SDK drops it (WIRE 5.2).',
  },
  tool_bad_json: {
    clients: ['anthropic .stream()'],
    why: 'Cut arguments stay as sent and are called truncated; the helper makes {} of them '
      + '(SPEC 4, WIRE 5.6).',
  },
  no_message_stop: {
    clients: ['anthropic .stream()', 'ai anthropic'],
    why: 'A stop reason is end evidence by itself, with an anomaly; the clients throw or '
      + 'say interrupted (SPEC 5).',
  },
  no_message_delta: {
    clients: ['anthropic .stream()', 'ai anthropic'],
    why: 'message_stop ends the reply; without a stop reason it is a stop with an anomaly, '
      + 'for the clients it has no reason, or another one (SPEC 1, SPEC 2).',
  },
  no_block_start: {
    clients: ['anthropic .stream()'],
    why: 'A delta without its block is an anomaly; the helper throws (WIRE 0).',
  },
  dup_message_start: {
    clients: ['anthropic .stream()'],
    why: 'A second message_start with the same id changes nothing; the helper throws '
      + '(WIRE, small decisions).',
  },
  no_event_line: {
    clients: ['anthropic .stream()'],
    why: 'The type stands in the data, too; the client wants the event line and sees no '
      + 'event (WIRE 5.6).',
  },
  unknown_event: {
    clients: ['ai anthropic'],
    why: 'Unknown events are counted and passed over; the AI SDK reports an error for a '
      + 'whole reply (WIRE 0).',
  },
  unknown_block: {
    clients: ['ai anthropic'],
    why: 'Unknown blocks are counted and passed over; the AI SDK reports an error for a '
      + 'whole reply (WIRE 0).',
  },
  index_gap: {
    clients: ['anthropic .stream()'],
    why: 'Blocks are keyed by index, gaps or not; the helper loses the text (WIRE 5.2).',
  },
  usage_overwrite: {
    clients: ['anthropic .stream()'],
    why: 'Input is all input: 10 and 2 from the cache; the helper does not count the '
      + 'latter (SPEC 2).',
  },
  empty: {
    clients: ['anthropic raw'],
    why: 'Nothing received is an error; the raw events end without a word (SPEC 2).',
  },
};

const kGemini = {
  finish_only: {
    clients: ['ai google'],
    why: 'Usage is merged by member, a later chunk without a count does not erase it; the AI '
      + 'SDK takes it for 0 (SPEC 2, WIRE 6.5).',
  },
  tool_streamed: {
    clients: ['google genai'],
    why: 'Streamed arguments become one call; @google/genai hands out the pieces (WIRE 6.3).',
  },
  tool_streamed_no_end: {
    clients: ['google genai', 'ai google'],
    why: 'The call is closed at the finish; @google/genai hands out the pieces, the AI '
      + 'SDK loses the call (WIRE 6.3).',
  },
  blocked: {
    clients: ['google genai', 'ai google'],
    why: 'The block reason is the finish, and a count not told is null; @google/genai has no '
      + 'finish, the AI SDK counts 0 (WIRE, small decisions).',
  },
  comment_same_block: {
    clients: ['google genai'],
    why: 'A comment beside data is a comment; @google/genai drops the whole event '
      + '(SPEC 1).',
  },
  done_marker: {
    clients: ['google genai'],
    why: '[DONE] ends any stream; @google/genai throws (SPEC 1).',
  },
  json_array: {
    clients: ['google genai', 'ai google'],
    why: 'An array stream is decoded; both clients read SSE only (WIRE, small decisions).',
  },
  empty: {
    clients: ['google genai'],
    why: 'Nothing received is an error; @google/genai ends without a word (SPEC 2).',
  },
};

const kChat = {
  mid_error_toplevel: {
    clients: ['ai openai.chat'],
    why: 'An error member is an error; the AI SDK (openai.chat) swallows it (SPEC 1).',
  },
  finish_error: {
    clients: ['openai raw', 'ai openai-compatible', 'ai openai.chat'],
    why: 'The finish word error means a failure; the clients take it for a word like others '
      + '(WIRE 0).',
  },
  event_no_data: {
    clients: ['openai raw', 'openai .stream()'],
    why: 'An event without data is dropped; the client parses it and throws (SPEC 1).',
  },
  role_empty: {
    clients: ['openai .stream()', 'ai openai.chat'],
    why: 'The role is always assistant; the helper throws, the AI SDK rejects the chunk (SPEC 2).',
  },
  tool_no_index: {
    clients: ['openai .stream()', 'ai openai-compatible', 'ai openai.chat'],
    why: 'A missing index is 0, and stop beside complete calls is tool_calls; the helper '
      + 'throws, the AI SDK rejects the chunk or says stop (SPEC 2, SPEC 5).',
  },
  tool_id_each_chunk_diff: {
    clients: ['openai .stream()'],
    why: 'The first id stays; the helper has the last (SPEC 2).',
  },
  tool_name_late: {
    clients: ['ai openai.chat'],
    why: 'A name may come late; the AI SDK (openai.chat) throws (SPEC 2).',
  },
  tool_sparse_index: {
    clients: ['openai .stream()'],
    why: 'Gaps between indexes are harmless; the helper throws (SPEC 2).',
  },
  tool_args_object: {
    clients: ['openai .stream()', 'ai openai-compatible', 'ai openai.chat'],
    why: 'Arguments sent as an object are serialised, with an anomaly; the helper makes '
      + '[object Object] of them, the AI SDK rejects the chunk (SPEC 2).',
  },
  after_done: {
    clients: ['ai openai-compatible', 'ai openai.chat'],
    why: 'Nothing after [DONE] counts; the AI SDK appends it (SPEC 1).',
  },
  choices_null: {
    clients: ['openai .stream()', 'ai openai-compatible', 'ai openai.chat'],
    why: 'Null is absent; the helper throws, the AI SDK reports an error (WIRE 0).',
  },
  n2: {
    clients: ['ai openai-compatible', 'ai openai.chat'],
    why: 'All choices are kept; the AI SDK gives one (SPEC 2).',
  },
};

const kResponses = {
  failed: {
    clients: ['openai raw', 'openai .stream()'],
    why: 'The text that came stays beside the error; the helper returns the empty output of the '
      + 'failed response, the raw events do not throw (SPEC 1, WIRE 4.3).',
  },
  unknown_event: {
    clients: ['openai .stream()'],
    why: 'Unknown events are counted and passed over; the helper throws (WIRE 0).',
  },
  no_part_added: {
    clients: ['openai .stream()'],
    why: 'A delta needs no announced part; the helper throws (WIRE 4.4).',
  },
  no_created: {
    clients: ['openai .stream()'],
    why: 'A stream may begin anywhere; the helper throws (WIRE 4.4).',
  },
  json_200: {
    clients: ['openai raw'],
    why: 'An error document in place of a stream is that error; the raw events end without a '
      + 'word (SPEC 1).',
  },
  empty: {
    clients: ['openai raw'],
    why: 'Nothing received is an error; the raw events end without a word (SPEC 2).',
  },
};

export const kReasons = {
  'anthropic-messages': kAnthropic,
  gemini: kGemini,
  'openai-chat': kChat,
  'openai-responses': kResponses,
};
