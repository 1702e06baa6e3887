// The known differences between the clients of Gemini and Playhead, one sentence each.
// What a rule is: class_rules.mjs.
import {
  is_error, is_side, jsons_of, kLostByThrowing, kThinkTags, kToolIdMade, kUnterminated, some_json,
} from './class_rules.mjs';

function candidates_of(difference) {
  return jsons_of(difference).flatMap((json) => json.candidates ?? []);
}

// A number where the JSON of the API has the name of the enum.
function has_numeric_enum(difference) {
  return candidates_of(difference).some((one) => Number.isInteger(one.finishReason))
    || some_json(difference, (json) => Number.isInteger(
      json.usageMetadata?.promptTokensDetails?.[0]?.modality));
}

function has_nothing(difference) {
  return candidates_of(difference).every((one) => one.finishReason === undefined
    && (one.content?.parts ?? []).every((part) => !part.text && !part.functionCall));
}

export const kClasses = [
  {
    name: 'output_is_sum',
    decided_by: 'SPEC 2 (output includes reasoning), WIRE 6.5',
    right: 'convention',
    sentence: 'candidatesTokenCount of the client excludes the thoughts; Playhead adds them.',
    when: ({ field, client, playhead, theirs }) => field === 'usage.output'
      && theirs.usage.thoughts > 0 && playhead === (client ?? 0) + theirs.usage.thoughts,
  },
  {
    name: 'input_is_sum',
    decided_by: 'SPEC 2 (Gemini: prompt and tool-use prompt)',
    right: 'convention',
    sentence: 'promptTokenCount of the client excludes what tools added; Playhead adds it.',
    when: ({ field, client, playhead, theirs }) => field === 'usage.input'
      && theirs.usage.tool_prompt > 0 && playhead === client + theirs.usage.tool_prompt,
  },
  {
    name: 'numeric_enum',
    decided_by: 'WIRE, small decisions (Gemini: a numeric finishReason)',
    right: 'playhead',
    sentence: 'Enums as numbers (gateways in front of gRPC): the AI SDK rejects the events, '
      + '@google/genai gives the number, Playhead its text and reads it by the enum.',
    when: (difference) => has_numeric_enum(difference)
      && (is_error(difference, 'Type validation failed')
        || (difference.field === 'finish' && candidates_of(difference).some((one) =>
          String(one.finishReason) === difference.playhead
          && [null, one.finishReason].includes(difference.client)))),
  },
  {
    name: 'error_object',
    decided_by: 'SPEC 1 (an error member; one JSON error document), WIRE 6.6',
    right: 'playhead',
    sentence: 'An error, framed or not: the client does not see it, calls it an incomplete '
      + 'segment, or says interrupted; Playhead reports it.',
    when: (difference) => {
      const message = difference.ours.completion.error?.message;
      return message !== undefined
        && some_json(difference, (json) => json.error?.message === message)
        && (difference.field === 'error'
          || (difference.field === 'unified_finish' && difference.playhead === 'error'));
    },
  },
  {
    name: 'nothing_received',
    decided_by: 'SPEC 2 (nothing received: empty_stream)',
    right: 'playhead',
    sentence: 'No text, call or finish in the body: @google/genai ends without a word or throws, '
      + 'the AI SDK says interrupted; for Playhead it is an error.',
    when: (difference) => has_nothing(difference)
      && difference.ours.completion.error?.code === 'empty_stream'
      && (difference.field === 'error'
        || (difference.client === 'interrupted' && difference.playhead === 'error')),
  },
  {
    name: 'usage_not_told',
    decided_by: 'WIRE 6.5, SPEC 2 (usage merged by member)',
    right: 'playhead',
    sentence: 'The provider does not tell the count of the prompt: the AI SDK says 0, Playhead '
      + 'null.',
    when: (difference) => difference.field === 'usage.input' && difference.client === 0
      && difference.playhead === null && is_side(difference, 'ai ')
      && !some_json(difference, (json) => json.usageMetadata?.promptTokenCount !== undefined),
  },
  kToolIdMade,
  kUnterminated,
  kThinkTags,
  kLostByThrowing,
];
