// The cases of the mode record-serve: which client asks, on which side, and what it is answered.
//
// Every protocol: a sample of the corpus (where there is one) and a small body as a stream, a whole
// reply, 429 with Retry-After before a good stream, 500, and streams and whole replies that end in
// an early FIN and in a reset.
import { readFileSync } from 'node:fs';
import { answer_of, kFramings } from './record_serve_answers.mjs';
import { kSmallBodies } from './record_serve_bodies.mjs';
import { is_generate } from './recorded_body.mjs';

const kSample = 10;  // bodies of the corpus, a protocol
const kSampleBytesMax = 100_000;
const kStreamTypes = { ollama: 'application/x-ndjson' };

// The client processes, and which protocols and sides each has; the slowest is first.
export const kRuns = [
  {
    name: 'ai', protocols: ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'],
    sides: null,  // one each, named like the protocol
  },
  {
    name: 'openai', protocols: ['openai-chat', 'openai-responses'],
    sides: {
      stream: {
        'openai-chat': ['raw', 'helper'], 'openai-responses': ['openai raw', 'openai .stream()'],
      },
      whole: { 'openai-chat': ['openai whole'], 'openai-responses': ['openai whole'] },
    },
  },
  {
    name: 'anthropic', protocols: ['anthropic-messages'],
    sides: {
      stream: { 'anthropic-messages': ['anthropic raw', 'anthropic .stream()'] },
      whole: { 'anthropic-messages': ['anthropic whole'] },
    },
  },
  {
    name: 'gemini', protocols: ['gemini'],
    sides: { stream: { gemini: ['google genai'] }, whole: { gemini: ['google genai whole'] } },
  },
  {
    name: 'ollama', protocols: ['ollama'],
    sides: { stream: { ollama: ['ollama'] }, whole: { ollama: ['ollama whole'] } },
  },
];

function sides_of(run, kind, protocol) {
  if (run.sides) return run.sides[kind][protocol];
  return [kind === 'stream' ? `ai ${protocol}` : `ai ${protocol} whole`];
}

// Bodies of the protocol, evenly from the whole list, with its first and its last.
function sample_of(corpus, protocol) {
  if (!corpus) return [];
  const files = readFileSync(`${corpus}/index.jsonl`, 'utf8').split('\n').filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.protocol === protocol && /^raw\/.*\.(sse|ndjson)$/.test(entry.file)
      && entry.bytes > 0 && entry.bytes <= kSampleBytesMax)
    .map(({ file }) => file).sort();
  const count = Math.min(kSample, files.length);
  return Array.from({ length: count }, (_, at) => {
    const place = Math.floor((at * (files.length - 1)) / Math.max(1, count - 1));
    const file = `${corpus}/${files[place]}`;
    return { name: file, bytes: readFileSync(file) };
  });
}

// The plots of a protocol: [{name, kind, answers}] in rotating framings.
function plots_of(protocol, corpus) {
  const stream_type = kStreamTypes[protocol] ?? 'text/event-stream; charset=utf-8';
  const { stream, whole, error } = kSmallBodies[protocol];
  const body = Buffer.from(stream());
  const reply = Buffer.from(JSON.stringify(whole()));
  const streamed = (members) =>
    answer_of({ type: stream_type, body, framing: 'chunked', paced: true, ...members });
  const told = (members) =>
    answer_of({ type: 'application/json', body: reply, framing: 'length', ...members });
  const refused = (status, headers) =>
    told({ status, headers, body: Buffer.from(JSON.stringify(error(status))) });
  const half = body.subarray(0, Math.floor(body.length * 0.6) + 1);
  const half_reply = reply.subarray(0, Math.floor(reply.length / 2));
  const plot = (name, kind, ...answers) => ({ name, kind, answers });
  return [
    ...sample_of(corpus, protocol).map(({ name, bytes }, at) => plot(name, 'stream',
      streamed({ body: bytes, framing: kFramings[at % kFramings.length], paced: false }))),
    ...kFramings.flatMap((framing) => [
      plot(`small stream, ${framing}`, 'stream', streamed({ framing })),
      plot(`whole reply, ${framing}`, 'whole', told({ framing })),
    ]),
    plot('429, then a stream', 'stream', refused(429, [['Retry-After', '1']]), streamed({})),
    plot('429, then a whole reply', 'whole', refused(429, [['retry-after', '1']]), told({})),
    plot('500', 'stream', refused(500, [['retry-after-ms', '20']])),
    plot('early FIN', 'stream', streamed({ body: half, end: 'fin' })),
    plot('reset', 'stream', streamed({ body: half, end: 'reset' })),
    plot('bare FIN', 'stream', streamed({ body: half, end: 'bare fin' })),
    plot('early FIN, length', 'stream', streamed({ body: half, end: 'fin', framing: 'length' })),
    plot('early FIN in a whole reply', 'whole', told({ body: half_reply, end: 'fin' })),
    plot('reset in a whole reply', 'whole',
      told({ body: half_reply, end: 'reset', framing: 'chunked' })),
  ];
}

// [{id, run, protocol, kind, side, name, generate, answers}], every side of every plot with its own
// id. `generate`: asked for at that endpoint of Ollama.
export function cases_of(corpus) {
  let count = 0;
  return kRuns.flatMap((run) => run.protocols.flatMap((protocol) =>
    plots_of(protocol, corpus).flatMap(({ name, kind, answers }) =>
      sides_of(run, kind, protocol).map((side) => ({
        id: `case-${++count}`, run: run.name, protocol, kind, side, name, answers,
        generate: is_generate(answers.at(-1).body.toString('utf8')),
      })))));
}
