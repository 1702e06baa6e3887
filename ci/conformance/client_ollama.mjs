// Feeds recorded Ollama bodies to the official ollama client and prints what it makes of each.
//
//   node client_ollama.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The chunks of `chat({stream: true})`, or of `generate` where the first line has no message, are
// added up by hand.
import { readFileSync } from 'node:fs';
import { Ollama } from 'ollama';
import {
  collected, fetch_of, is_generate, is_program, known, run_client,
} from './recorded_body.mjs';

function add_chunk(result, chunk) {
  const message = chunk.message ?? { content: chunk.response, thinking: chunk.thinking };
  result.text += message.content ?? '';
  result.reasoning += message.thinking ?? '';
  result.model ??= chunk.model ?? null;
  for (const { id, function: call } of message.tool_calls ?? []) {
    const text = JSON.stringify(call.arguments ?? {});
    result.tool_calls.push({ id: id ?? null, name: call.name, arguments: text });
  }
  if (chunk.done) result.finish = chunk.done_reason ?? null;
  Object.assign(result.usage, known({ input: chunk.prompt_eval_count, output: chunk.eval_count }));
}

function read(client, model, generate) {
  return collected(async (result) => {
    const stream = generate
      ? await client.generate({ model, prompt: 'recorded', stream: true })
      : await client.chat({ model, messages: [], stream: true });
    for await (const chunk of stream) add_chunk(result, chunk);
  });
}

function read_whole(client, model) {
  return collected(async (result) => {
    add_chunk(result, await client.chat({ model, messages: [] }));
  });
}

// `generate`: the answer is that of the endpoint with that name.
export function stream_sides(client, model, generate) {
  return { ollama: () => read(client, model, generate) };
}

export function whole_sides(client, model) {
  return { 'ollama whole': () => read_whole(client, model) };
}

if (is_program(import.meta.url)) {
  await run_client((path) => {
    const client = new Ollama({ host: 'http://recorded.invalid', fetch: fetch_of(path) });
    return stream_sides(client, 'recorded', is_generate(readFileSync(path, 'utf8')));
  });
}
