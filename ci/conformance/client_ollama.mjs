// Feeds recorded Ollama bodies to the official ollama client and prints what it makes of each.
//
//   node client_ollama.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The chunks of `chat({stream: true})`, or of `generate` where the first line has no message, are
// added up by hand.
import { readFileSync } from 'node:fs';
import { Ollama } from 'ollama';
import { collected, fetch_of, known, run_client } from './recorded_body.mjs';

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

function read(path) {
  return collected(async (result) => {
    const client = new Ollama({ host: 'http://recorded.invalid', fetch: fetch_of(path) });
    const generate = /^\s*\{[^\n]*"response":/.test(readFileSync(path, 'utf8'));
    const stream = generate
      ? await client.generate({ model: 'recorded', prompt: 'recorded', stream: true })
      : await client.chat({ model: 'recorded', messages: [], stream: true });
    for await (const chunk of stream) add_chunk(result, chunk);
  });
}

await run_client(() => ({ ollama: read }));
