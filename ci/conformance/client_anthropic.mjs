// Feeds recorded Anthropic bodies to the official client and prints what it makes of each.
//
//   node client_anthropic.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// `raw` adds up the events of `messages.create({stream: true})` by block index; `helper` is
// `messages.stream().finalMessage()`.
import Anthropic from '@anthropic-ai/sdk';
import { collected, fetch_of, known, run_client } from './recorded_body.mjs';

const kRequest = {
  model: 'recorded', max_tokens: 1, messages: [{ role: 'user', content: 'recorded' }],
};

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

function read_raw(path) {
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
    const stream = await client_for(path).messages.create(
      { ...kRequest, stream: true }, { signal: abort.signal });
    try {
      for await (const event of stream) on_event(result, event);
    } finally {
      take_blocks(result, [...blocks.entries()].sort(([a], [b]) => a - b).map(([, b]) => b));
      result.usage = usage_of(usage);
    }
  }, () => abort.abort());
}

function read_helper(path) {
  const stream = client_for(path).messages.stream(kRequest);
  return collected(async (result) => {
    const final = await stream.finalMessage();
    result.id = final.id ?? null;
    result.model = final.model ?? null;
    result.finish = final.stop_reason ?? null;
    result.usage = usage_of(final.usage);
    take_blocks(result, final.content.filter(Boolean));
  }, () => stream.abort());
}

await run_client(() => ({ 'anthropic raw': read_raw, 'anthropic .stream()': read_helper }));
