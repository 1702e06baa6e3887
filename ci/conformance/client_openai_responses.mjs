// Feeds recorded Responses bodies to the official openai client and prints what it makes of each.
//
//   node client_openai_responses.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// `raw` adds up the deltas of `responses.create({stream: true})` and takes items, status and usage
// from the done and terminal events; `helper` is `responses.stream().finalResponse()`.
import OpenAI from 'openai';
import { collected, fetch_of, is_program, known, run_client } from './recorded_body.mjs';

const kInput = 'recorded';
const kTerminal = ['response.completed', 'response.failed', 'response.incomplete'];
// Items that the caller runs (WIRE 4.1); any other call is the provider's.
const kCallerTools = ['function_call', 'custom_tool_call', 'local_shell_call', 'shell_call',
  'apply_patch_call', 'computer_call'];

function client_for(path) {
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://recorded.invalid/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetch_of(path),
  });
}

function call_of(item) {
  const input = item.arguments ?? item.input ?? item.action ?? item.operation ?? item.actions ?? {};
  return {
    id: item.call_id ?? item.id ?? null,
    name: item.name ?? item.type.replace(/_call$/, ''),
    arguments: typeof input === 'string' ? input : JSON.stringify(input),
  };
}

function take_calls(result, items) {
  for (const item of items) {
    const caller = kCallerTools.includes(item.type) || item.execution === 'client';
    if (caller) result.tool_calls.push(call_of(item));
    else if (/_call$/.test(item.type)) result.provider_tools.push(item.type.replace(/_call$/, ''));
  }
}

function take_response(result, response) {
  result.id = response.id ?? null;
  result.model = response.model ?? null;
  result.finish = response.incomplete_details?.reason ?? response.status ?? null;
  result.failure = response.error?.message ?? null;
  const usage = response.usage ?? {};
  result.usage = known({
    input: usage.input_tokens,
    output: usage.output_tokens,
    total: usage.total_tokens,
    cache_read: usage.input_tokens_details?.cached_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens,
  });
}

function reasoning_of(item) {
  const parts = item.summary?.length > 0 ? item.summary : item.content ?? [];
  return parts.map((part) => part.text).join('\n\n');
}

function read_raw(client, model) {
  const abort = new AbortController();
  const parts = { summary: new Map(), content: new Map() };
  const add = (group, key, delta) => {
    parts[group].set(key, (parts[group].get(key) ?? '') + delta);
  };
  const items = new Map();
  let refusal = '';
  const on_event = (result, event) => {
    const key = `${event.output_index}/${event.summary_index ?? event.content_index}`;
    if (event.type === 'response.output_text.delta') result.text += event.delta;
    if (event.type === 'response.refusal.delta') refusal += event.delta;
    if (event.type === 'response.reasoning_summary_text.delta') add('summary', key, event.delta);
    if (event.type === 'response.reasoning_text.delta') add('content', key, event.delta);
    if (event.type === 'response.output_item.done') items.set(event.output_index, event.item);
    if (event.type === 'response.created') result.id = event.response?.id ?? null;
    if (event.type === 'response.created') result.model = event.response?.model ?? null;
    if (kTerminal.includes(event.type)) take_response(result, event.response);
  };
  return collected(async (result) => {
    const stream = await client.responses.create(
      { model, input: kInput, stream: true }, { signal: abort.signal });
    try {
      for await (const event of stream) on_event(result, event);
    } finally {
      take_calls(result, [...items.entries()].sort(([a], [b]) => a - b).map(([, item]) => item));
      result.refusal = refusal;
      result.reasoning = [...parts.summary.values(), ...parts.content.values()].join('\n\n');
    }
  }, () => abort.abort());
}

function take_whole(result, response) {
  take_response(result, response);
  take_calls(result, response.output);
  const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  result.text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  result.refusal = parts.map((part) => part.refusal ?? '').join('');
  result.reasoning = response.output.filter((item) => item.type === 'reasoning').map(reasoning_of)
    .filter(Boolean).join('\n\n');
}

function read_helper(client, model) {
  const stream = client.responses.stream({ model, input: kInput });
  return collected(async (result) => take_whole(result, await stream.finalResponse()),
    () => stream.abort());
}

function read_whole(client, model) {
  return collected(async (result) => {
    take_whole(result, await client.responses.create({ model, input: kInput }));
  });
}

export function stream_sides(client, model) {
  return {
    'openai raw': () => read_raw(client, model),
    'openai .stream()': () => read_helper(client, model),
  };
}

export function whole_sides(client, model) {
  return { 'openai whole': () => read_whole(client, model) };
}

if (is_program(import.meta.url)) {
  await run_client((path) => stream_sides(client_for(path), 'recorded'));
}
