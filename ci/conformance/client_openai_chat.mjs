// Feeds recorded chat bodies to the official openai client and prints what it makes of each.
//
//   node client_openai_chat.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The bytes reach the client through its `fetch` option (recorded_body.mjs).
// `raw` is what an application gets that adds up the chunks itself; `helper` is what the client's
// own accumulator gives. The README says what the adding-up does and why.
import OpenAI from 'openai';
import {
  collected, error_text, fetch_of, is_program, known, run_client, within_limit,
} from './recorded_body.mjs';

const kMessages = [{ role: 'user', content: 'recorded' }];

function client_for(path) {
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://recorded.invalid/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetch_of(path),
  });
}

function add_tool_call(choice, piece) {
  const index = piece.index ?? null;
  let call = choice.tool_calls.find((candidate) => candidate.index === index);
  if (!call) {
    call = { index, id: null, name: '', arguments: '' };
    choice.tool_calls.push(call);
  }
  const body = piece.function ?? piece.custom ?? {};
  const text = body.arguments !== undefined ? body.arguments : body.input;
  if (piece.id) call.id = piece.id;
  if (body.name) call.name += body.name;
  if (text !== undefined) call.arguments += text;
}

function add_delta(choice, delta) {
  if (delta.content != null) choice.content += delta.content;
  if (delta.refusal != null) choice.refusal += delta.refusal;
  const reasoning = delta.reasoning_content || delta.reasoning;
  if (typeof reasoning === 'string') choice.reasoning += reasoning;
  for (const piece of delta.tool_calls ?? []) add_tool_call(choice, piece);
}

function add_chunk(result, chunk) {
  result.chunks += 1;
  if (chunk?.id) result.id = chunk.id;
  if (chunk?.model) result.model = chunk.model;
  if (chunk?.usage) result.usage = chunk.usage;
  for (const part of chunk?.choices ?? []) {
    const index = part.index ?? 0;
    let choice = result.choices.find((candidate) => candidate.index === index);
    if (!choice) {
      choice = {
        index, content: '', reasoning: '', refusal: '', finish_reason: null, tool_calls: [],
      };
      result.choices.push(choice);
    }
    if (part.delta) add_delta(choice, part.delta);
    if (part.finish_reason) choice.finish_reason = part.finish_reason;
  }
}

async function read_raw(client, model) {
  const result = { chunks: 0, choices: [], usage: null, id: null, model: null, error: null };
  const abort = new AbortController();
  const read = async () => {
    const stream = await client.chat.completions.create(
      { model, messages: kMessages, stream: true },
      { signal: abort.signal },
    );
    for await (const chunk of stream) add_chunk(result, chunk);
  };
  try {
    await within_limit(read(), () => abort.abort());
  } catch (error) {
    result.error = error_text(error);
  }
  for (const choice of result.choices) choice.tool_calls.sort((a, b) => a.index - b.index);
  result.choices.sort((a, b) => a.index - b.index);
  return result;
}

function helper_call(call, index) {
  const body = call?.function ?? call?.custom ?? {};
  return {
    index,
    id: call?.id ?? null,
    name: body.name ?? '',
    arguments: body.arguments ?? body.input ?? '',
  };
}

function helper_choice(choice) {
  const message = choice.message;
  return {
    index: choice.index,
    content: message.content ?? '',
    refusal: message.refusal ?? '',
    finish_reason: choice.finish_reason,
    tool_calls: (message.tool_calls ?? []).map(helper_call),
  };
}

async function read_helper(client, model) {
  const result = { choices: [], usage: null, id: null, model: null, error: null };
  try {
    const stream = client.chat.completions.stream({ model, messages: kMessages });
    const final = await within_limit(stream.finalChatCompletion(), () => stream.abort());
    result.choices = final.choices.filter(Boolean).map(helper_choice);
    result.usage = final.usage ?? null;
    result.id = final.id ?? null;
    result.model = final.model ?? null;
  } catch (error) {
    result.error = error_text(error);
  }
  return result;
}

// The reply that comes whole, in the members that all clients report; of its choices the first.
function read_whole(client, model) {
  return collected(async (result) => {
    const reply = await client.chat.completions.create({ model, messages: kMessages });
    const { content, refusal, finish_reason, tool_calls } = helper_choice(reply.choices[0]);
    const { usage } = reply;
    Object.assign(result, {
      text: content,
      reasoning: reply.choices[0].message.reasoning_content ?? '',
      refusal,
      finish: finish_reason,
      tool_calls,
      id: reply.id ?? null,
      model: reply.model ?? null,
      usage: known({
        input: usage?.prompt_tokens,
        output: usage?.completion_tokens,
        total: usage?.total_tokens,
        cache_read: usage?.prompt_tokens_details?.cached_tokens,
        reasoning: usage?.completion_tokens_details?.reasoning_tokens,
      }),
    });
  });
}

export function stream_sides(client, model) {
  return { raw: () => read_raw(client, model), helper: () => read_helper(client, model) };
}

export function whole_sides(client, model) {
  return { 'openai whole': () => read_whole(client, model) };
}

if (is_program(import.meta.url)) {
  await run_client((path) => stream_sides(client_for(path), 'recorded'));
}
