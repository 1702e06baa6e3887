// The known differences between the AI SDK (openai-compatible) and Playhead on OpenAI chat streams,
// one sentence each. What a rule is: class_rules.mjs. The openai client's are in classes.mjs.
import {
  is_error, jsons_of, kLostByThrowing, kRefusalAsText, kThinkTags, kToolIdMade, some_json,
  same_json, texts_equal_but,
} from './class_rules.mjs';

function choices_of(difference) {
  return jsons_of(difference).flatMap((json) => json.choices ?? []);
}

function has_no_finish(difference) {
  return !choices_of(difference).some((choice) => choice?.finish_reason);
}

function is_json(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const kSeveralChoices = {
  name: 'several_choices',
  decided_by: 'SPEC 2 (choices: the turn uses choice 0)',
  right: 'playhead',
  sentence: 'The AI SDK mixes the text of several choices; Playhead keeps them apart.',
  when: (difference) => {
    const choices = choices_of(difference);
    const text = choices.filter((choice) => (choice.index ?? 0) === 0)
      .map((choice) => choice.delta?.content ?? '').join('');
    return choices.some((choice) => choice.index > 0) && difference.field === 'text'
      && difference.playhead === text;
  },
};

export const kClasses = [
  kSeveralChoices,
  kRefusalAsText,
  {
    name: 'arguments_cut',
    decided_by: 'SPEC 4, SPEC 5 (tool_arguments_cut)',
    right: 'playhead',
    sentence: 'The arguments end in the middle under finish tool_calls: the AI SDK believes the '
      + 'finish, Playhead says length.',
    when: ({ field, client, playhead, ours }) => field === 'unified_finish'
      && client === 'tool-calls' && playhead === 'length'
      && ours.message.tool_calls.some((call) => !is_json(call.arguments)),
  },
  {
    name: 'stop_with_tools',
    decided_by: 'SPEC 5 (stop while complete tool calls are present)',
    right: 'playhead',
    sentence: 'Finish stop beside complete tool calls: the AI SDK says stop, Playhead tool_calls.',
    when: ({ field, client, playhead, theirs, ours }) => field === 'unified_finish'
      && client === 'stop' && playhead === 'tool-calls' && theirs.finish === 'stop'
      && theirs.tool_calls.length > 0
      && ours.message.tool_calls.every((call) => is_json(call.arguments)),
  },
  {
    name: 'usage_in_x_groq',
    decided_by: 'WIRE 2.5 (places)',
    right: 'playhead',
    sentence: 'Usage stands in x_groq: the AI SDK does not look there.',
    when: (difference) => difference.field.startsWith('usage.') && difference.client === null
      && some_json(difference, ({ x_groq }) => difference.playhead === (
        difference.field === 'usage.input' ? x_groq?.usage?.prompt_tokens
          : x_groq?.usage?.completion_tokens)),
  },
  {
    name: 'reasoning_tokens_apart',
    decided_by: 'SPEC 2 (output includes reasoning)',
    right: 'playhead',
    sentence: 'The provider counts reasoning apart, so that prompt, completion and reasoning make '
      + 'the total: Playhead adds it to the output.',
    when: ({ field, client, playhead, payloads }) => payloads.some(({ json }) => {
      const usage = json?.usage;
      const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
      return field === 'usage.output' && reasoning > 0 && usage.completion_tokens === client
        && playhead === usage.completion_tokens + reasoning
        && usage.total_tokens === usage.prompt_tokens + playhead;
    }),
  },
  {
    name: 'done_without_finish',
    decided_by: 'SPEC 2 ([DONE] counts as end evidence)',
    right: 'convention',
    sentence: '[DONE] without a finish reason: an error for the AI SDK, a whole reply with an '
      + 'anomaly for Playhead.',
    when: (difference) => has_no_finish(difference)
      && difference.payloads.some(({ data }) => data === '[DONE]')
      && difference.ours.completion.error === null
      && (is_error(difference, 'ended without a finish reason')
        || (difference.field === 'unified_finish' && difference.client === 'error'
          && ['stop', 'tool-calls'].includes(difference.playhead))),
  },
  {
    name: 'nothing_received',
    decided_by: 'SPEC 2 (empty_stream)',
    right: 'convention',
    sentence: 'A stream without content or finish: an error on both sides, in other words.',
    when: (difference) => has_no_finish(difference)
      && is_error(difference, 'ended without a finish reason')
      && difference.ours.completion.error?.code === 'empty_stream',
  },
  {
    name: 'finish_eos',
    decided_by: 'WIRE, small decisions (Together)',
    right: 'playhead',
    sentence: 'Together says eos: other for the AI SDK, stop for Playhead.',
    when: ({ field, client, playhead, theirs }) => field === 'unified_finish'
      && client === 'other' && playhead === 'stop' && theirs.finish === 'eos',
  },
  {
    name: 'arguments_null_text',
    decided_by: 'SPEC 4 (null is valid as {}; the text as sent is kept)',
    right: 'convention',
    sentence: 'The arguments are the text `null`: the AI SDK makes {} of it, Playhead keeps the '
      + 'text and reads it as {}.',
    when: (difference) => texts_equal_but(difference, 'arguments') && difference.playhead.every(
      (call, at) => same_json(call.arguments, difference.client[at].arguments)
        || (call.arguments === null && same_json(difference.client[at].arguments, {}))),
  },
  {
    name: 'reasoning_details',
    decided_by: 'SPEC 2 (else text of reasoning_details)',
    right: 'playhead',
    sentence: 'Reasoning comes in reasoning_details only: the AI SDK does not look there.',
    when: (difference) => difference.field === 'reasoning' && difference.client === ''
      && difference.playhead === choices_of(difference)
        .flatMap((choice) => choice.delta?.reasoning_details ?? [])
        .map((detail) => detail.text ?? '').join('').trim(),
  },
  {
    name: 'text_in_chunk',
    decided_by: 'SPEC 2 (text of legacy completions)',
    right: 'playhead',
    sentence: 'A legacy completion (`text`, no delta): the AI SDK reads nothing of it.',
    when: (difference) => difference.field === 'text' && difference.client === ''
      && difference.playhead === choices_of(difference).map((choice) => choice.text ?? '').join(''),
  },
  kToolIdMade,
  kThinkTags,
  kLostByThrowing,
];
