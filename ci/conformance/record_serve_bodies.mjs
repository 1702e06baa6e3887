// Small bodies by protocol for the mode record-serve: a stream, a whole reply and an error, with
// text beyond ASCII, reasoning where the protocol has it, a tool call and usage.

const kText = [
  'Zürich liegt ', 'am See — ', '湖のほとり', ' 🏞️, ',
  'naïve "quotes" \\ and\nlines.',
];
const kThought = ['Wo? ', 'Überlegen…'];
const kArguments = ['{"stadt":"Zü', 'rich","tage":[1,', '2],"leer":{}}'];
const kInput = JSON.parse(kArguments.join(''));
const kReply = 'reply-of-the-upstream';
const kModel = 'model-of-the-upstream';

function data_events(values, line_end = '\n') {
  return values.map((value) => `data: ${JSON.stringify(value)}${line_end}${line_end}`).join('');
}

function named_events(values) {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join('');
}

function chat_stream() {
  const chunk = (delta, finish_reason = null, usage = undefined) => ({
    id: kReply, object: 'chat.completion.chunk', created: 1, model: kModel, usage,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const call = (members) => chunk({ tool_calls: [{ index: 0, ...members }] });
  const usage = { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 };
  return ': a comment\r\n\r\n' + data_events([
    chunk({ role: 'assistant', content: '' }),
    ...kThought.map((piece) => chunk({ reasoning_content: piece })),
    ...kText.map((piece) => chunk({ content: piece })),
    call({ id: 'call_a', type: 'function', function: { name: 'wetter', arguments: '' } }),
    ...kArguments.map((piece) => call({ function: { arguments: piece } })),
    chunk({}, 'tool_calls', usage),
  ], '\r\n') + 'data: [DONE]\r\n\r\n';
}

function chat_whole() {
  return {
    id: kReply, object: 'chat.completion', created: 1, model: kModel,
    choices: [{
      index: 0, finish_reason: 'tool_calls', message: {
        role: 'assistant', content: kText.join(''), reasoning_content: kThought.join(''),
        tool_calls: [{
          id: 'call_a', type: 'function',
          function: { name: 'wetter', arguments: kArguments.join('') },
        }],
      },
    }],
    usage: {
      prompt_tokens: 12, completion_tokens: 34, total_tokens: 46,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 5 },
    },
  };
}

function response_items() {
  return [
    {
      type: 'reasoning', id: 'rs_a', status: 'completed',
      summary: [{ type: 'summary_text', text: kThought.join('') }],
    },
    {
      type: 'message', id: 'msg_a', role: 'assistant', status: 'completed',
      content: [{ type: 'output_text', text: kText.join(''), annotations: [], logprobs: [] }],
    },
    {
      type: 'function_call', id: 'fc_a', call_id: 'call_a', name: 'wetter', status: 'completed',
      arguments: kArguments.join(''),
    },
  ];
}

function response_whole(status = 'completed', output = response_items()) {
  return {
    id: kReply, object: 'response', created_at: 1, status, model: kModel, output,
    error: null, incomplete_details: null, instructions: null, metadata: {}, tools: [],
    parallel_tool_calls: true, tool_choice: 'auto', temperature: 1, top_p: 1,
    usage: status !== 'completed' ? null : {
      input_tokens: 12, input_tokens_details: { cached_tokens: 4 },
      output_tokens: 34, output_tokens_details: { reasoning_tokens: 5 }, total_tokens: 46,
    },
  };
}

function responses_stream() {
  const [thought, message, call] = response_items();
  const events = [{ type: 'response.created', response: response_whole('in_progress', []) }];
  const add_item = (output_index, item, open, inner) => {
    events.push({ type: 'response.output_item.added', output_index, item: open });
    events.push(...inner.map((event) => ({ ...event, output_index, item_id: item.id })));
    events.push({ type: 'response.output_item.done', output_index, item });
  };
  const part = { type: 'summary_text', text: '' };
  add_item(0, thought, { ...thought, status: 'in_progress', summary: [] }, [
    { type: 'response.reasoning_summary_part.added', summary_index: 0, part },
    ...kThought.map((delta) => ({
      type: 'response.reasoning_summary_text.delta', summary_index: 0, delta,
    })),
    { type: 'response.reasoning_summary_text.done', summary_index: 0, text: kThought.join('') },
    {
      type: 'response.reasoning_summary_part.done', summary_index: 0, part: thought.summary[0],
    },
  ]);
  add_item(1, message, { ...message, status: 'in_progress', content: [] }, [
    {
      type: 'response.content_part.added', content_index: 0,
      part: { type: 'output_text', text: '', annotations: [], logprobs: [] },
    },
    ...kText.map((delta) => ({
      type: 'response.output_text.delta', content_index: 0, delta, logprobs: [],
    })),
    {
      type: 'response.output_text.done', content_index: 0, text: kText.join(''), logprobs: [],
    },
    { type: 'response.content_part.done', content_index: 0, part: message.content[0] },
  ]);
  add_item(2, call, { ...call, status: 'in_progress', arguments: '' }, [
    ...kArguments.map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
    { type: 'response.function_call_arguments.done', arguments: call.arguments },
  ]);
  events.push({ type: 'response.completed', response: response_whole() });
  return named_events(events.map((event, at) => ({ ...event, sequence_number: at })));
}

function anthropic_blocks() {
  return [
    { type: 'thinking', thinking: kThought.join(''), signature: 'c2lnbmF0dXJl' },
    { type: 'text', text: kText.join('') },
    { type: 'tool_use', id: 'toolu_a', name: 'wetter', input: kInput },
  ];
}

function anthropic_whole() {
  return {
    id: kReply, type: 'message', role: 'assistant', model: kModel, content: anthropic_blocks(),
    stop_reason: 'tool_use', stop_sequence: null,
    usage: {
      input_tokens: 12, output_tokens: 34, cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
    },
  };
}

function anthropic_stream() {
  const whole = anthropic_whole();
  const deltas = [
    [...kThought.map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: 'c2lnbmF0dXJl' }],
    kText.map((text) => ({ type: 'text_delta', text })),
    kArguments.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  ];
  const empty = [{ thinking: '', signature: '' }, { text: '' }, { input: {} }];
  const usage = { ...whole.usage, output_tokens: 1 };
  return named_events([
    {
      type: 'message_start', message: { ...whole, content: [], stop_reason: null, usage },
    },
    { type: 'ping' },
    ...whole.content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: { ...block, ...empty[index] } },
      ...deltas[index].map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: whole.usage,
    },
    { type: 'message_stop' },
  ]);
}

function gemini_replies() {
  const reply = (parts, rest = {}) => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...rest }],
    modelVersion: kModel, responseId: kReply,
    usageMetadata: {
      promptTokenCount: 12, candidatesTokenCount: 29, thoughtsTokenCount: 5, totalTokenCount: 46,
    },
  });
  return [
    ...kThought.map((text) => reply([{ text, thought: true }])),
    ...kText.map((text) => reply([{ text }])),
    reply([{ functionCall: { id: 'call_a', name: 'wetter', args: kInput } }],
      { finishReason: 'STOP' }),
  ];
}

function gemini_whole() {
  const replies = gemini_replies();
  const whole = replies.at(-1);
  const parts = replies.flatMap((reply) => reply.candidates[0].content.parts);
  return { ...whole, candidates: [{ ...whole.candidates[0], content: { role: 'model', parts } }] };
}

function ollama_reply(message, rest = {}) {
  return {
    model: kModel, created_at: '2021-01-01T00:00:00Z', done: false,
    message: { role: 'assistant', content: '', ...message }, ...rest,
  };
}

const kOllamaCall = { function: { name: 'wetter', arguments: kInput } };
const kOllamaEnd = { done: true, done_reason: 'stop', prompt_eval_count: 12, eval_count: 34 };

function ollama_stream() {
  return [
    ...kThought.map((thinking) => ollama_reply({ thinking })),
    ...kText.map((content) => ollama_reply({ content })),
    ollama_reply({ tool_calls: [kOllamaCall] }),
    ollama_reply({}, kOllamaEnd),
  ].map((reply) => JSON.stringify(reply) + '\n').join('');
}

function ollama_whole() {
  return ollama_reply({
    content: kText.join(''), thinking: kThought.join(''), tool_calls: [kOllamaCall],
  }, kOllamaEnd);
}

// Protocol -> its stream, its whole reply, and the error of a status, each as text.
export const kSmallBodies = {
  'openai-chat': {
    stream: chat_stream, whole: chat_whole,
    error: (status) => ({
      error: { message: `says ${status}, naïvely`, type: 'made', code: 'made', param: null },
    }),
  },
  'openai-responses': {
    stream: responses_stream, whole: response_whole,
    error: (status) => ({
      error: { message: `says ${status}, naïvely`, type: 'made', code: 'made', param: null },
    }),
  },
  'anthropic-messages': {
    stream: anthropic_stream, whole: anthropic_whole,
    error: (status) => ({
      type: 'error', error: { type: 'made_error', message: `says ${status}, naïvely` },
    }),
  },
  gemini: {
    stream: () => data_events(gemini_replies(), '\r\n'), whole: gemini_whole,
    error: (status) => ({
      error: { code: status, message: `says ${status}, naïvely`, status: 'MADE' },
    }),
  },
  ollama: {
    stream: ollama_stream, whole: ollama_whole,
    error: (status) => ({ error: `says ${status}, naïvely` }),
  },
};
