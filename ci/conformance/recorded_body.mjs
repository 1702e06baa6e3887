// The bytes of a recorded body as an HTTP response, and what all clients fed with it share.
//
// The bytes arrive in the pieces of <stem>.boundaries.json where that file stands beside the body,
// else in pieces of 16 KiB. A JSON array (Gemini without alt=sse) becomes one SSE event an element,
// for the clients always ask for SSE. No network is used.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kPieceBytes = 16 * 1024;
// Per file and per way of reading it. The largest body of the corpus takes less than a second.
const kTimeLimitMs = 10_000;
const kContentTypes = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  jsonarray: 'text/event-stream',
  eventstream: 'application/vnd.amazon.eventstream',
};

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

function response_of(bytes, lengths, type) {
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
  return new Response(body, { status: 200, headers: { 'content-type': type } });
}

function bytes_of(path) {
  const bytes = readFileSync(path);
  if (!path.endsWith('.jsonarray')) return bytes;
  const events = JSON.parse(bytes.toString('utf8')).map((value) => JSON.stringify(value));
  return Buffer.from(events.map((event) => `data: ${event}\r\n\r\n`).join(''));
}

// A `fetch` that answers every request with the body.
export function fetch_of(path) {
  const bytes = bytes_of(path);
  const lengths = piece_lengths(path, bytes.length);
  const type = kContentTypes[path.split('.').at(-1)] ?? 'application/octet-stream';
  return async () => response_of(bytes, lengths, type);
}

// Whether the Ollama body is an answer of the endpoint `generate`, which has no messages.
export function is_generate(text) {
  return /^\s*\{[^\n]*"response":/.test(text);
}

// The promise's value, or an error once the limit is over; `abandon` is called in both cases.
export async function within_limit(promise, abandon) {
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

export function error_text(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

// What every side reports; `usage` counts as the client does.
export function empty_result() {
  return {
    text: '', reasoning: '', tool_calls: [], provider_tools: [], finish: null, usage: {},
    id: null, model: null, error: null,
  };
}

// Members that the client knows; a missing one is not told.
export function known(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => Number.isFinite(value)));
}

// The result that `read(result)` fills, with the error that stopped it.
export async function collected(read, abandon = () => {}) {
  const result = empty_result();
  try {
    await within_limit(read(result), abandon);
  } catch (error) {
    result.error = error_text(error);
  }
  return result;
}

// Whether the module is what node was started with, rather than imported.
export function is_program(module_url) {
  return realpathSync(process.argv[1]) === fileURLToPath(module_url);
}

// Prints one JSON line for each body that the command line names: {file, <side>: result, ...}.
export async function run_client(sides_of) {
  const args = process.argv.slice(2);
  const list = args.indexOf('--list');
  const paths = list < 0 ? args
    : readFileSync(args[list + 1], 'utf8').split('\n').filter(Boolean);
  if (paths.length === 0) {
    console.error('usage: node CLIENT FILE... | --list FILE');
    process.exit(2);
  }
  for (const path of paths) {
    const line = { file: path };
    for (const [name, read] of Object.entries(sides_of(path))) line[name] = await read();
    process.stdout.write(JSON.stringify(line) + '\n');
  }
}
