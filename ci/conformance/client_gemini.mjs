// Feeds recorded Gemini bodies to the official @google/genai client; prints what it makes of each.
//
//   node client_gemini.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The client has no accumulator; the chunks of `models.generateContentStream` are added up by hand.
import { GoogleGenAI } from '@google/genai';
import { collected, fetch_of, known, run_client } from './recorded_body.mjs';

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

function read(path) {
  return collected(async (result) => {
    const client = new GoogleGenAI({
      apiKey: 'none',
      httpOptions: { baseUrl: 'http://recorded.invalid', fetch: fetch_of(path) },
    });
    const stream = await client.models.generateContentStream({
      model: 'recorded', contents: 'recorded',
    });
    const state = { last: '' };
    for await (const chunk of stream) add_chunk(result, chunk, state);
  });
}

await run_client(() => ({ 'google genai': read }));
