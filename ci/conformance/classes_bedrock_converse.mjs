// The known differences between the AI SDK and Playhead on Bedrock Converse streams, one sentence
// each. What a rule is: class_rules.mjs.
import { is_error, jsons_of, kLostByThrowing, kThinkTags, some_json } from './class_rules.mjs';

function server_tools(difference) {
  return jsons_of(difference).map((json) => json.start?.toolUse)
    .filter((tool) => tool?.type === 'server_tool_use').map((tool) => tool.toolUseId);
}

export const kClasses = [
  {
    name: 'server_tool',
    decided_by: 'SPEC 2 (tools that the provider runs itself)',
    right: 'playhead',
    sentence: 'A tool that the provider ran: the AI SDK lists it as a call to be answered, '
      + 'Playhead under provider_tools.',
    when: (difference) => {
      if (difference.field !== 'tool_calls') return false;
      const tools = server_tools(difference);
      const own = difference.client.filter((call) => !tools.includes(call.id));
      return JSON.stringify(own) === JSON.stringify(difference.playhead);
    },
  },
  {
    name: 'tool_result_delta',
    decided_by: 'WIRE 0 (never throws on unknown fields), WIRE 7.2',
    right: 'playhead',
    sentence: 'A toolResult delta: the AI SDK reports a validation error and goes on.',
    when: (difference) => is_error(difference, 'Type validation failed')
      && some_json(difference, (json) => json.delta?.toolResult),
  },
  kThinkTags,
  kLostByThrowing,
];
