// Feeds recorded Gemini bodies to the official @google/genai client; prints what it makes of each.
//
//   node client_gemini.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The client has no accumulator; the chunks of `models.generateContentStream` are added up by hand.
import { GoogleGenAI } from '@google/genai';
import { collected, fetch_of, is_program, known, run_client } from './recorded_body.mjs';

function add_part(result, part, state) {
  if (typeof part.text === 'string') {
    if (!part.thought) result.text += part.text;
    else if (part.text) {
      const separator = state.last === 'thought' || !result.reasoning ? '' : '\n\n';
      result.reasoning += separator + part.text;
    }
    if (part.text) state.last = part.thought ? 'thought' : 'text';
  }
  if (part.executableCode) {
    state.last = 'code';
    result.provider_tools.push('code_execution');
  }
  if (part.toolCall) {
    state.last = 'tool';
    result.provider_tools.push((part.toolCall.toolType ?? '').toLowerCase());
  }
  if (part.functionCall) {
    state.last = 'call';
    const { id, name, args } = part.functionCall;
    const text = JSON.stringify(args ?? {});
    result.tool_calls.push({ id: id ?? null, name: name ?? '', arguments: text });
  }
}

function add_chunk(result, chunk, state) {
  result.id = chunk.responseId ?? result.id;
  result.model = chunk.modelVersion ?? result.model;
  const candidate = chunk.candidates?.find((one) => (one.index ?? 0) === 0);
  for (const part of candidate?.content?.parts ?? []) add_part(result, part, state);
  result.finish = candidate?.finishReason ?? chunk.promptFeedback?.blockReason ?? result.finish;
  const usage = chunk.usageMetadata ?? {};
  Object.assign(result.usage, known({
    input: usage.promptTokenCount,
    output: usage.candidatesTokenCount,
    total: usage.totalTokenCount,
    thoughts: usage.thoughtsTokenCount,
    tool_prompt: usage.toolUsePromptTokenCount,
    cache_read: usage.cachedContentTokenCount,
  }));
}

function client_for(path) {
  return new GoogleGenAI({
    apiKey: 'none',
    httpOptions: { baseUrl: 'http://recorded.invalid', fetch: fetch_of(path) },
  });
}

function read(client, model) {
  return collected(async (result) => {
    const stream = await client.models.generateContentStream({ model, contents: 'recorded' });
    const state = { last: '' };
    for await (const chunk of stream) add_chunk(result, chunk, state);
  });
}

function read_whole(client, model) {
  return collected(async (result) => {
    const reply = await client.models.generateContent({ model, contents: 'recorded' });
    add_chunk(result, reply, { last: '' });
  });
}

export function stream_sides(client, model) {
  return { 'google genai': () => read(client, model) };
}

export function whole_sides(client, model) {
  return { 'google genai whole': () => read_whole(client, model) };
}

if (is_program(import.meta.url)) {
  await run_client((path) => stream_sides(client_for(path), 'recorded'));
}
