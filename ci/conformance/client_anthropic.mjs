// Feeds recorded Anthropic bodies to the official client and prints what it makes of each.
//
//   node client_anthropic.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// `raw` adds up the events of `messages.create({stream: true})` by block index; `helper` is
// `messages.stream().finalMessage()`.
import Anthropic from '@anthropic-ai/sdk';
import { collected, fetch_of, is_program, known, run_client } from './recorded_body.mjs';

const kRequest = { max_tokens: 1, messages: [{ role: 'user', content: 'recorded' }] };

function client_for(path) {
  return new Anthropic({
    apiKey: 'none',
    baseURL: 'http://recorded.invalid',
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetch_of(path),
  });
}

function usage_of(usage) {
  return known({
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    cache_read: usage?.cache_read_input_tokens,
    cache_write: usage?.cache_creation_input_tokens,
  });
}

function take_blocks(result, blocks) {
  result.text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
  result.reasoning = blocks.filter((block) => block.type === 'thinking' && block.thinking)
    .map((block) => block.thinking).join('\n\n');
  for (const block of blocks) {
    if (block.type === 'tool_use') {
      const text = block.json || JSON.stringify(block.input ?? {});
      result.tool_calls.push({ id: block.id, name: block.name, arguments: text });
    } else if (/^(server|mcp)_tool_use$/.test(block.type)) {
      result.provider_tools.push(block.name);
    }
  }
}

function add_delta(block, delta) {
  if (delta?.type === 'text_delta') block.text = (block.text ?? '') + delta.text;
  if (delta?.type === 'thinking_delta') block.thinking = (block.thinking ?? '') + delta.thinking;
  if (delta?.type === 'input_json_delta') block.json = (block.json ?? '') + delta.partial_json;
}

function read_raw(client, model) {
  const abort = new AbortController();
  const blocks = new Map();
  let usage = {};
  const on_event = (result, event) => {
    if (event.type === 'message_start') {
      result.id = event.message.id ?? null;
      result.model = event.message.model ?? null;
      usage = { ...event.message.usage };
    }
    if (event.type === 'content_block_start') blocks.set(event.index, { ...event.content_block });
    if (event.type === 'content_block_delta') {
      if (!blocks.has(event.index)) blocks.set(event.index, { type: 'text' });
      add_delta(blocks.get(event.index), event.delta);
    }
    if (event.type !== 'message_delta') return;
    result.finish = event.delta?.stop_reason ?? result.finish;
    for (const [name, value] of Object.entries(event.usage ?? {})) {
      if (value !== null) usage[name] = value;
    }
  };
  return collected(async (result) => {
    const stream = await client.messages.create(
      { ...kRequest, model, stream: true }, { signal: abort.signal });
    try {
      for await (const event of stream) on_event(result, event);
    } finally {
      take_blocks(result, [...blocks.entries()].sort(([a], [b]) => a - b).map(([, b]) => b));
      result.usage = usage_of(usage);
    }
  }, () => abort.abort());
}

function take_message(result, message) {
  result.id = message.id ?? null;
  result.model = message.model ?? null;
  result.finish = message.stop_reason ?? null;
  result.usage = usage_of(message.usage);
  take_blocks(result, message.content.filter(Boolean));
}

function read_helper(client, model) {
  const stream = client.messages.stream({ ...kRequest, model });
  return collected(async (result) => take_message(result, await stream.finalMessage()),
    () => stream.abort());
}

function read_whole(client, model) {
  return collected(async (result) => {
    take_message(result, await client.messages.create({ ...kRequest, model }));
  });
}

export function stream_sides(client, model) {
  return {
    'anthropic raw': () => read_raw(client, model),
    'anthropic .stream()': () => read_helper(client, model),
  };
}

export function whole_sides(client, model) {
  return { 'anthropic whole': () => read_whole(client, model) };
}

if (is_program(import.meta.url)) {
  await run_client((path) => stream_sides(client_for(path), 'recorded'));
}
