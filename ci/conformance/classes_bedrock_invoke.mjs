// The known differences between the AI SDK (Anthropic on Bedrock) and Playhead on Bedrock invoke
// streams, one sentence each. What a rule is: class_rules.mjs.
import { jsons_of, kThinkTags, same_json, some_json } from './class_rules.mjs';

const kFinish = ['stopReason', 'stop_reason', 'completionReason', 'completion_reason',
  'finish_reason', 'amazon-bedrock-guardrailAction'];

// The text in the members where the models other than Claude 3 and later put it.
function model_text(json) {
  const choice = json.choices?.[0];
  if (json.index > 0 && json.text !== undefined) return '';
  return json.contentBlockDelta?.delta?.text ?? json.outputText ?? json.generation
    ?? choice?.delta?.content ?? json.completion ?? json.text ?? json.generations?.[0]?.text ?? '';
}

// Whether some payload, at whatever depth, has one of the members with this value.
function holds(value, names, wanted) {
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([name, member]) =>
    (names.includes(name) && member === wanted) || holds(member, names, wanted));
}

const kUsage = {
  'usage.input': ['inputTokens', 'inputTokenCount', 'prompt_token_count', 'prompt_tokens',
    'inputTextTokenCount'],
  'usage.output': ['outputTokens', 'outputTokenCount', 'generation_token_count',
    'completion_tokens', 'totalOutputTextTokenCount'],
  'usage.total': ['totalTokens', 'total_tokens'],
};

// The calls of Nova and of the models that stream OpenAI chunks, pieces joined.
function model_calls(jsons) {
  const calls = [];
  for (const json of jsons) {
    const start = json.contentBlockStart?.start?.toolUse;
    if (start) calls.push({ id: start.toolUseId, name: start.name, text: '' });
    const piece = json.contentBlockDelta?.delta?.toolUse?.input;
    if (piece) calls.at(-1).text += typeof piece === 'string' ? piece : JSON.stringify(piece);
    for (const { id, function: body } of json.choices?.[0]?.delta?.tool_calls ?? []) {
      if (id) calls.push({ id, name: body.name, text: '' });
      calls.at(-1).text += body.arguments ?? '';
    }
  }
  return calls.map(({ id, name, text }) => ({ id, name, arguments: JSON.parse(text || '{}') }));
}

function stands_in_body({ field, playhead, payloads, ours }) {
  const jsons = jsons_of({ payloads });
  const has = (names, value) => jsons.some((json) => holds(json, names, value));
  if (field === 'text') return playhead === jsons.map(model_text).join('');
  if (field === 'finish') return has(kFinish, playhead);
  if (field === 'unified_finish') return has(kFinish, ours.completion.provider_finish_reason);
  if (field === 'tool_calls') return same_json(playhead, model_calls(jsons));
  return (kUsage[field] ?? []).length > 0 && has(kUsage[field], playhead);
}

export const kClasses = [
  kThinkTags,
  {
    name: 'other_model',
    decided_by: 'WIRE 7.2 (InvokeModelWithResponseStream)',
    right: 'playhead',
    sentence: 'No Claude 3 or later (Nova, Titan, Llama, Cohere, old Claude, gpt-oss): the client '
      + 'reads Claude only and throws; what Playhead says was found in the body by member name.',
    when: (difference) => difference.theirs.error !== null
      && !some_json(difference, (json) => json.type === 'message_start')
      && (difference.field === 'error' ? difference.playhead === null : stands_in_body(difference)),
  },
];
