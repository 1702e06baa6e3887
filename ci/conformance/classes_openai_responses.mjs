// The known differences between the clients of OpenAI Responses and Playhead, one sentence each.
// What a rule is: class_rules.mjs.
import {
  is_error, is_side, jsons_of, kLostByThrowing, kRefusalAsText, same_json,
  some_json,
} from './class_rules.mjs';

const kTerminal = ['response.completed', 'response.failed', 'response.incomplete'];

function response_ids(difference) {
  return new Set(jsons_of(difference).map((json) => json.response?.id).filter(Boolean));
}

function final_of(difference) {
  return jsons_of(difference).findLast((json) => kTerminal.includes(json.type))?.response;
}

// The text, or the calls, of the items that were streamed (WIRE 4.2).
function streamed_items(difference) {
  return jsons_of(difference).filter((json) => json.type === 'response.output_item.done')
    .map((json) => json.item);
}

export const kClasses = [
  {
    name: 'final_output_empty',
    decided_by: 'WIRE 4.2 (an empty final output)',
    right: 'playhead',
    sentence: 'Items were streamed, but the output of the final response is empty: the helper lets '
      + 'it replace what it had; Playhead keeps the items.',
    when: (difference) => {
      const { field, client, playhead, side } = difference;
      if (!side.includes('.stream()') || final_of(difference)?.output?.length !== 0) return false;
      const items = streamed_items(difference);
      const parts = items.flatMap((item) => item.content ?? []);
      const text = parts.map((part) => part.text ?? '').join('');
      const ids = items.map((item) => item.call_id).filter(Boolean);
      if (field === 'text') return client === '' && playhead === text;
      return field === 'tool_calls' && client.length === 0
        && same_json(playhead.map((call) => call.id), ids);
    },
  },
  {
    name: 'response_id_changed',
    decided_by: 'SPEC 2 (id: first non-empty; a change is an anomaly), WIRE 4.4',
    right: 'convention',
    sentence: 'The response id changes within the stream: the helper throws, the raw events end '
      + 'with the last id, Playhead keeps the first.',
    when: (difference) => response_ids(difference).size > 1
      && (is_error(difference, 'Lifecycle response identity changed')
        || (difference.field === 'id' && [...response_ids(difference)][0] === difference.playhead)),
  },
  {
    name: 'output_index_missing',
    decided_by: 'WIRE 0 (a wrong field is one diagnostic), WIRE 4.4',
    right: 'playhead',
    sentence: 'An item event without output_index: the helper throws.',
    when: (difference) => is_error(difference, 'missing output at index undefined')
      && some_json(difference, (json) => /output_item|delta|\.done$/.test(json.type)
        && json.output_index === undefined),
  },
  {
    name: 'no_created',
    decided_by: 'SPEC 1, WIRE 4.4',
    right: 'playhead',
    sentence: 'The stream does not begin with response.created (background mode, resumed): the '
      + 'helper throws.',
    when: (difference) => is_error(difference, "expected 'response.created' event")
      && jsons_of(difference)[0]?.type !== 'response.created',
  },
  {
    name: 'validation',
    decided_by: 'WIRE 0 (never throws on absent fields)',
    right: 'playhead',
    sentence: 'A lifecycle event lacks members that the AI SDK insists on: it reports an error for '
      + 'a reply that is whole.',
    when: (difference) => is_error(difference, 'Type validation failed')
      && difference.ours.completion.provider_finish_reason === final_of(difference)?.status,
  },
  {
    name: 'client_tool_search',
    decided_by: 'SPEC 2 (built-ins that the caller runs)',
    right: 'playhead',
    sentence: 'A tool search that the caller runs: the AI SDK wraps its arguments and finishes '
      + 'with stop; Playhead gives the arguments and finishes with tool_calls.',
    when: (difference) => {
      const item = streamed_items(difference).find((one) => one.type === 'tool_search_call'
        && one.execution === 'client');
      if (!item || !is_side(difference, 'ai ')) return false;
      if (difference.field === 'unified_finish') return difference.playhead === 'tool-calls';
      const same = JSON.stringify(difference.playhead?.[0]?.arguments);
      return difference.field === 'tool_calls' && same === JSON.stringify(item.arguments)
        && JSON.stringify(difference.client[0]?.arguments?.arguments) === same;
    },
  },
  {
    name: 'reasoning_text',
    decided_by: 'SPEC 2 (reasoning), WIRE 4.1 (reasoning)',
    right: 'playhead',
    sentence: 'Reasoning comes as reasoning_text, not as a summary: the AI SDK does not look '
      + 'there.',
    when: (difference) => {
      const pieces = jsons_of(difference)
        .filter((json) => json.type === 'response.reasoning_text.delta');
      return difference.field === 'reasoning' && difference.client === '' && pieces.length > 0
        && difference.playhead === pieces.map((json) => json.delta).join('').trim();
    },
  },
  {
    name: 'error_word',
    decided_by: 'WIRE, small decisions (Responses)',
    right: 'convention',
    sentence: 'An error event and then response.failed: the finish word is error for the AI SDK, '
      + 'the status for Playhead.',
    when: (difference) => difference.field === 'finish' && difference.client === 'error'
      && difference.playhead === 'failed' && final_of(difference)?.status === 'failed'
      && some_json(difference, (json) => json.type === 'error'),
  },
  kRefusalAsText,
  kLostByThrowing,
];
