// The known differences between the clients of Anthropic Messages and Playhead, one sentence each.
// What a rule is: class_rules.mjs.
import {
  is_error, is_side, jsons_of, kLostByThrowing, kThinkTags, kUnterminated, some_json,
} from './class_rules.mjs';

function has_no_message_stop(difference) {
  return !some_json(difference, (json) => json.type === 'message_stop');
}

function streamed_arguments(difference) {
  return jsons_of(difference).map((json) => json.delta?.partial_json ?? '').join('');
}

function is_json(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const kClasses = [
  {
    name: 'input_is_sum',
    decided_by: 'SPEC 2 (input_tokens is all input), WIRE 5.4',
    right: 'convention',
    sentence: 'input_tokens of the client excludes what was read from or written to the cache; '
      + 'Playhead adds them up.',
    when: ({ field, client, playhead, theirs }) => field === 'usage.input'
      && (theirs.usage.cache_read ?? 0) + (theirs.usage.cache_write ?? 0) > 0
      && playhead === client + (theirs.usage.cache_read ?? 0) + (theirs.usage.cache_write ?? 0),
  },
  {
    name: 'no_message_stop',
    decided_by: 'SPEC 5 (a stop reason is evidence by itself), WIRE 5.6',
    right: 'playhead',
    sentence: 'A stop reason came but no message_stop: the helper throws, the AI SDK says '
      + 'interrupted and drops finish and usage; for Playhead the reply is whole, with an anomaly.',
    when: (difference) => has_no_message_stop(difference)
      && some_json(difference, (json) => json.delta?.stop_reason)
      && (is_error(difference, 'stream ended without producing a Message')
        || (is_side(difference, 'ai ') && (difference.client === null
          || (difference.field === 'unified_finish' && difference.client === 'interrupted')))),
  },
  {
    name: 'data_not_json',
    decided_by: 'SPEC 1 (data beginning with [DONE])',
    right: 'playhead',
    sentence: 'A gateway ends the stream with [DONE] under a name of an event that the client '
      + 'parses: it throws after a whole reply.',
    when: (difference) => is_error(difference, '"[DONE]" is not valid JSON')
      && difference.payloads.some(({ data }) => data === '[DONE]')
      && difference.ours.completion.error === null,
  },
  {
    name: 'arguments_cut',
    decided_by: 'SPEC 4 (truncated, the text as sent is kept), WIRE 5.6',
    right: 'playhead',
    sentence: 'The arguments end in the middle: the helper closes them silently into an object, '
      + 'the AI SDK drops the call; Playhead keeps the text and calls it truncated.',
    when: (difference) => {
      const { field, playhead } = difference;
      const text = streamed_arguments(difference);
      const block = jsons_of(difference).map((json) => json.content_block)
        .find((one) => one?.type === 'tool_use');
      return field === 'tool_calls' && !is_json(text) && playhead.length === 1
        && playhead[0].arguments === text && playhead[0].id === block?.id
        && playhead[0].name === block.name;
    },
  },
  {
    name: 'pause_turn',
    decided_by: 'WIRE 0 (pause_turn becomes stop on the AI SDK side)',
    right: 'convention',
    sentence: 'The AI SDK calls pause_turn a stop; Playhead calls it pause.',
    when: ({ field, client, playhead, theirs }) => field === 'unified_finish' && client === 'stop'
      && playhead === 'pause' && theirs.finish === 'pause_turn',
  },
  kUnterminated,
  kThinkTags,
  kLostByThrowing,
];
