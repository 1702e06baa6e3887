// The known differences between the AI SDK and Playhead on Cohere streams, one sentence each.
// What a rule is: class_rules.mjs.
import {
  jsons_of, kLostByThrowing, kThinkTags, same_json, some_json, texts_equal_but,
} from './class_rules.mjs';

function joined(difference, piece) {
  return jsons_of(difference).map((json) => piece(json) ?? '').join('');
}

// What stands in a stream of the first version of the API.
function first_version_value(difference) {
  const end = jsons_of(difference).find((json) => json.event_type === 'stream-end');
  const tokens = end?.response?.meta?.tokens ?? end?.response?.meta?.billed_units;
  const is_text = (json) => json.event_type === 'text-generation';
  return {
    text: joined(difference, (json) => (is_text(json) ? json.text : '')),
    finish: end?.finish_reason,
    unified_finish: end?.finish_reason === 'COMPLETE' ? 'stop' : undefined,
    'usage.input': tokens?.input_tokens,
    'usage.output': tokens?.output_tokens,
  }[difference.field];
}

export const kClasses = [
  {
    name: 'first_version',
    decided_by: 'WIRE 0 (Cohere row)',
    right: 'playhead',
    sentence: 'A stream of the first version of the API (NDJSON with event_type): the AI SDK reads '
      + 'the second only.',
    when: (difference) => some_json(difference, (json) => json.event_type === 'stream-start')
      && first_version_value(difference) === difference.playhead,
  },
  {
    name: 'tool_plan',
    decided_by: 'WIRE, small decisions (Cohere usage; tool_plan is reasoning)',
    right: 'playhead',
    sentence: 'The tool plan is reasoning for Playhead; the AI SDK drops it.',
    when: (difference) => difference.field === 'reasoning' && difference.client === ''
      && difference.playhead
        === joined(difference, (json) => json.delta?.message?.tool_plan).trim(),
  },
  {
    name: 'arguments_empty',
    decided_by: 'SPEC 2 (a call without any), SPEC 4 (empty text is valid as {})',
    right: 'convention',
    sentence: 'A call without arguments: the AI SDK has {}, Playhead the empty text that was sent, '
      + 'read as {}.',
    when: (difference) => texts_equal_but(difference, 'arguments') && difference.playhead.every(
      (call, at) => same_json(call.arguments, difference.client[at].arguments)
        || (call.arguments === '' && same_json(difference.client[at].arguments, {}))),
  },
  kThinkTags,
  kLostByThrowing,
];
