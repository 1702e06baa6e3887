// Feeds recorded chat bodies to the official openai client and prints what it makes of each.
//
//   node client_openai_chat.mjs FILE... | --list FILE      one JSON line a body on stdout
//
// The bytes reach the client through its `fetch` option, in the pieces of <stem>.boundaries.json
// where that file stands beside the body, else in pieces of 16 KiB. No network is used.
// `raw` is what an application gets that adds up the chunks itself; `helper` is what the client's
// own accumulator gives. The README says what the adding-up does and why.
import { existsSync, readFileSync } from 'node:fs';
import OpenAI from 'openai';

const kPieceBytes = 16 * 1024;
// Per file and per way of reading it. The largest body of the corpus takes less than a second.
const kTimeLimitMs = 10_000;
const kRequest = { model: 'recorded', messages: [{ role: 'user', content: 'recorded' }] };

function piece_lengths(path, size_bytes) {
  const beside = path.replace(/\.[^./]+$/, '') + '.boundaries.json';
  if (existsSync(beside)) {
    const lengths = JSON.parse(readFileSync(beside, 'utf8'));
    if (lengths.reduce((sum, length) => sum + length, 0) === size_bytes) return lengths;
  }
  const lengths = [];
  for (let at = 0; at < size_bytes; at += kPieceBytes) {
    lengths.push(Math.min(kPieceBytes, size_bytes - at));
  }
  return lengths;
}

function response_of(bytes, lengths) {
  let next = 0;
  let at = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (next === lengths.length) return controller.close();
      const end = at + lengths[next++];
      // A copy: a consumer may transfer the buffer it is given.
      controller.enqueue(Uint8Array.from(bytes.subarray(at, end)));
      at = end;
    },
  });
  return new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } });
}

function client_for(path) {
  const bytes = readFileSync(path);
  const lengths = piece_lengths(path, bytes.length);
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://recorded.invalid/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async () => response_of(bytes, lengths),
  });
}

// The promise's value, or an error once the limit is over; `abandon` is called in both cases.
async function within_limit(promise, abandon) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`time limit of ${kTimeLimitMs} ms`)), kTimeLimitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    abandon();
  }
}

function error_text(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
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

async function read_raw(path) {
  const result = { chunks: 0, choices: [], usage: null, id: null, model: null, error: null };
  const abort = new AbortController();
  const read = async () => {
    const stream = await client_for(path).chat.completions.create(
      { ...kRequest, stream: true },
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

async function read_helper(path) {
  const result = { choices: [], usage: null, id: null, model: null, error: null };
  try {
    const stream = client_for(path).chat.completions.stream(kRequest);
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

function paths_of(args) {
  if (args[0] !== '--list') return args;
  return readFileSync(args[1], 'utf8').split('\n').filter(Boolean);
}

const paths = paths_of(process.argv.slice(2));
if (paths.length === 0) {
  console.error('usage: node client_openai_chat.mjs FILE... | --list FILE');
  process.exit(2);
}
for (const path of paths) {
  const line = { file: path, raw: await read_raw(path), helper: await read_helper(path) };
  process.stdout.write(JSON.stringify(line) + '\n');
}
