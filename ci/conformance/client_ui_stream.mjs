// Reads AI SDK UI message streams with published versions of npm `ai`: DefaultChatTransport over a
// fetch that returns the body, then readUIMessageStream.
//
// What a version makes of a body: how many chunks passed, the parts of the message, its text and
// reasoning, its metadata, and the first error (of the transport, of a chunk's validation, of the
// assembly, or of an `error` chunk).
import { readFileSync } from 'node:fs';

const kPieceBytes = 1000;  // small enough to cut frames, and characters, anywhere
const kTimeLimitMs = 10_000;

function response_of(bytes) {
  let at = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (at === bytes.length) return controller.close();
      const end = Math.min(at + kPieceBytes, bytes.length);
      controller.enqueue(Uint8Array.from(bytes.subarray(at, end)));
      at = end;
    },
  });
  return new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } });
}

function counted(stream, result) {
  return stream.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      result.chunks += 1;
      controller.enqueue(chunk);
    },
  }));
}

function text_of(message, type) {
  const parts = message.parts.filter((part) => part.type === type);
  return parts.map((part) => part.text).join('');
}

async function read(ai, bytes, result) {
  const note = (error) => { result.error ??= error?.message ?? String(error); };
  try {
    const transport = new ai.DefaultChatTransport({ fetch: async () => response_of(bytes) });
    const stream = await transport.sendMessages({
      trigger: 'submit-message', chatId: 'c', messageId: undefined, messages: [],
      abortSignal: undefined,
    });
    const messages = ai.readUIMessageStream({ stream: counted(stream, result), onError: note });
    for await (const message of messages) result.message = message;
  } catch (error) {
    note(error);
  }
}

// `part` in one word or two, as the vectors write it.
export function part_name(part) {
  if (part.type === 'text' || part.type === 'reasoning') {
    return `${part.type}:${part.text}/${part.state}`;
  }
  if (part.state) return `${part.type}/${part.state}`;
  return part.type.startsWith('data-') ? `${part.type}:${JSON.stringify(part.data)}` : part.type;
}

export async function read_body(ai, bytes) {
  const result = { chunks: 0, error: null, message: null };
  let timer;
  const limit = new Promise((resolve) => { timer = setTimeout(resolve, kTimeLimitMs, 'late'); });
  if (await Promise.race([read(ai, bytes, result), limit]) === 'late') {
    result.error ??= `time limit of ${kTimeLimitMs} ms`;
  }
  clearTimeout(timer);
  const message = result.message ?? { parts: [] };
  return {
    chunks: result.chunks, error: result.error, id: message.id ?? null, parts: message.parts,
    metadata: message.metadata ?? null,
    text: text_of(message, 'text'), reasoning: text_of(message, 'reasoning'),
  };
}

// Version -> its module, of every alias `ai-<major>-<minor>-<patch>` in package.json.
export async function versions_of(package_path) {
  const { dependencies } = JSON.parse(readFileSync(package_path, 'utf8'));
  const versions = new Map();
  for (const [alias, wanted] of Object.entries(dependencies)) {
    if (/^ai-\d+-\d+-\d+$/.test(alias)) {
      versions.set(wanted.replace('npm:ai@', ''), await import(alias));
    }
  }
  return versions;
}
