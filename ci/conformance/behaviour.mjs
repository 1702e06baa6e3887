// Prints, for each measured body, what every client does and what Playhead says, and whether they
// agree; where they do not, why (behaviour_reasons.mjs).
//
//   node behaviour.mjs PLAYHEAD_BINARY PROTOCOL[,PROTOCOL...] CLIENT_BEHAVIOUR.json...
//
// A file holds {scenarios: {name: {body_base64, outcome: {client: text}}}}; its name is
// client_behaviour_<protocol>.json, and files of other protocols are passed over. Exit code 1:
// Playhead crashes, hangs or gives no JSON, or a disagreement has no reason.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kReasons } from './behaviour_reasons.mjs';

const kTimeLimitMs = 10_000;
const kProtocols = {
  openai_chat: ['openai-chat', 'sse'],
  openai_responses: ['openai-responses', 'sse'],
  anthropic: ['anthropic-messages', 'sse'],
  gemini: ['gemini', 'sse'],
  ollama: ['ollama', 'ndjson'],
};
// What a client says of a reply that did not come to its end.
const kCutWords = ['interrupted', 'in_progress'];

// The exchange that Playhead sees in the body; throws where it crashes, hangs or prints no JSON.
function shown_by(playhead, protocol, path) {
  const args = ['show', '--json', '--protocol', protocol, path];
  const run = spawnSync(playhead, args, { encoding: 'utf8', timeout: kTimeLimitMs });
  if (run.error) throw run.error;
  if (run.status !== 0) {
    throw new Error(`exit ${run.signal ?? run.status}: ${run.stderr.trim().slice(0, 500)}`);
  }
  const document = JSON.parse(run.stdout);
  return (Array.isArray(document) ? document[0] : document).exchanges[0];
}

function canonical(text) {
  if (typeof text !== 'string') return JSON.stringify(text ?? {});
  try {
    const value = JSON.parse(text);
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return text;
  }
}

function call_of(call) {
  if (Array.isArray(call)) return { id: call[0], name: call[1], arguments: canonical(call[2]) };
  const body = call.function ?? call;
  return { id: call.id, name: body.name, arguments: canonical(body.arguments ?? body.args) };
}

// The measured notation: FINISH:CONTENT, then any of tc=CALLS fc=CALLS out=ITEMS u=INPUT/OUTPUT
// ERR[...].
function choice_of(outcome) {
  const [head, ...rest] = outcome.split(/ (?=(?:tc|fc|out|u|reasoning)=|ERR\[)/);
  const [, finish, content] = head.match(/^([\w.-]+):(.*)$/s);
  const value = JSON.parse(content);
  const blocks = Array.isArray(value) ? value : [value ?? ''];
  const choice = { finish, calls: [], usage: null, error: false };
  choice.text = blocks.filter((block) => typeof block === 'string').join('');
  choice.calls.push(...blocks.filter(Array.isArray).map(call_of));
  for (const field of rest) {
    const [, name, text] = field.match(/^(\w+?)(?:=|\[)(.*)$/s);
    if (name === 'ERR') choice.error = true;
    if (name === 'u') choice.usage = text;
    if (name === 'tc' || name === 'fc') choice.calls.push(...JSON.parse(text).map(call_of));
    if (name === 'out') choice.calls.push(...JSON.parse(text).filter(Array.isArray).map(call_of));
  }
  return choice;
}

function choices_of(exchange) {
  return [...(exchange.choices ?? [exchange])].sort((a, b) => a.index - b.index);
}

function usage_text(usage) {
  return `${usage?.input_tokens ?? 'undefined'}/${usage?.output_tokens ?? 'undefined'}`;
}

function same_call(theirs, ours) {
  const made = /^call_[0-9a-f]{16}$/.test(ours.id);
  return (made || theirs.id === undefined || theirs.id === ours.id) && theirs.name === ours.name
    && theirs.arguments === canonical(ours.arguments);
}

function same_finish(client, theirs, completion) {
  if (kCutWords.includes(theirs.finish)) return completion.truncated;
  if (completion.why === 'no_end_evidence') return false;
  if (client.startsWith('ai ')) return theirs.finish.replace('-', '_') === completion.finish_reason;
  // The status of a response; Playhead has the reason in its place.
  if (theirs.finish === 'incomplete') return completion.truncated;
  return theirs.finish === (completion.provider_finish_reason ?? 'undefined');
}

function same_choice(client, theirs, { message, completion }, usage) {
  const calls = message.tool_calls ?? [];
  return same_finish(client, theirs, completion) && theirs.text === message.content
    && theirs.calls.length === calls.length
    && theirs.calls.every((call, at) => same_call(call, calls[at]))
    && (theirs.usage === null || theirs.usage === usage_text(usage)
      || kCutWords.includes(theirs.finish));
}

// Throwing, and calling the reply failed, cut or interrupted say the same: it is not whole. A
// client that has no errors of its own but hands out the provider's finish word says it, too.
function agrees_on_failure(client, theirs, { message, completion }) {
  if (theirs.text !== message.content) return false;
  if (client.startsWith('ai ')) return ['error', ...kCutWords].includes(theirs.finish);
  return theirs.finish === completion.provider_finish_reason;
}

function agrees(client, outcome, exchange) {
  const { error, truncated } = exchange.completion;
  if (/^(THROW|finishReason:)/.test(outcome)) return Boolean(error) || truncated;
  if (/^\d+ (chunks|events)(, last \S+)?$/.test(outcome)) return !error;
  const theirs = outcome.replace(/^\d+ chunks /, '').split(' / ').map(choice_of);
  if (error) return agrees_on_failure(client, theirs[0], exchange);
  if (theirs.some((choice) => choice.error)) {
    return truncated && agrees_on_failure(client, theirs[0], exchange);
  }
  const ours = choices_of(exchange);
  return theirs.length === ours.length
    && theirs.every((choice, at) => same_choice(client, choice, ours[at], exchange.message.usage));
}

function choice_text({ message, completion }) {
  const calls = (message.tool_calls ?? []).map((call) => [call.id, call.name, call.arguments]);
  const tools = calls.length > 0 ? ` tc=${JSON.stringify(calls)}` : '';
  const words = `${completion.provider_finish_reason} (${completion.finish_reason})`;
  return `${words}:${JSON.stringify(message.content ?? '')}${tools}`;
}

function playhead_text(exchange) {
  const text = `${choices_of(exchange).map(choice_text).join(' / ')}`
    + ` u=${usage_text(exchange.message?.usage ?? exchange.usage)}`;
  const { error, truncated, why } = exchange.completion;
  const anomalies = exchange.anomalies.map((anomaly) => anomaly.name).join(' ');
  const odd = anomalies ? ` [${anomalies}]` : '';
  if (error) return `${text} ERROR ${error.code}: ${error.message}${odd}`;
  return (truncated ? `${text} CUT ${why}` : text) + odd;
}

// Prints one scenario; returns how many clients agree, disagree for a reason, and without one.
function report(protocol, name, outcome, exchange) {
  const counts = { agree: 0, explained: 0, unexplained: 0 };
  console.log(`${protocol} ${name}\n  playhead ${playhead_text(exchange)}`);
  const differing = [];
  for (const [client, text] of Object.entries(outcome)) {
    const same = agrees(client, text, exchange);
    if (!same) differing.push(client);
    counts.agree += same ? 1 : 0;
    console.log(`  ${same ? 'agree   ' : 'DISAGREE'} ${client}: ${text}`);
  }
  const reason = kReasons[protocol]?.[name] ?? { clients: [], why: '' };
  const explained = differing.filter((client) => reason.clients.includes(client));
  counts.explained = explained.length;
  counts.unexplained = differing.length - explained.length;
  if (explained.length > 0) console.log(`  why      ${reason.why}`);
  if (counts.unexplained > 0) console.log('  NO REASON GIVEN');
  const stale = reason.clients.filter((client) => client in outcome && !differing.includes(client));
  if (stale.length > 0) console.log(`  a reason is given, but they agree: ${stale.join(', ')}`);
  return counts;
}

function run_file(playhead, vectors, folder) {
  const [, key] = basename(vectors).match(/^client_behaviour_(\w+)\.json$/);
  const [protocol, extension] = kProtocols[key];
  const { scenarios } = JSON.parse(readFileSync(vectors, 'utf8'));
  if (!wanted.has(protocol)) return null;
  const total = { bodies: 0, agree: 0, explained: 0, unexplained: 0, crash: 0 };
  for (const [name, { body_base64, outcome }] of Object.entries(scenarios)) {
    const path = join(folder, `${key}-${name}.${extension}`);
    writeFileSync(path, Buffer.from(body_base64, 'base64'));
    total.bodies += 1;
    try {
      const counts = report(protocol, name, outcome, shown_by(playhead, protocol, path));
      for (const [what, count] of Object.entries(counts)) total[what] += count;
    } catch (error) {
      total.crash += 1;
      console.log(`${protocol} ${name}\n  CRASH    ${error.message}`);
    }
  }
  return { protocol, ...total };
}

const [playhead, protocols, ...files] = process.argv.slice(2);
const wanted = new Set((protocols ?? '').split(','));
if (files.length === 0) {
  console.error('usage: node behaviour.mjs PLAYHEAD_BINARY PROTOCOL,... CLIENT_BEHAVIOUR.json...');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'playhead-behaviour-'));
const totals = [];
try {
  for (const file of files) totals.push(run_file(playhead, file, folder) ?? []);
} finally {
  rmSync(folder, { recursive: true });
}
console.log('\n== measured client behaviour (outcomes of all clients over all bodies)');
for (const { protocol, bodies, agree, explained, unexplained, crash } of totals.flat()) {
  console.log(`${protocol.padEnd(20)} ${String(bodies).padStart(3)} bodies: ${agree} agree, `
    + `${explained} disagree for a reason, ${unexplained} without, ${crash} crash`);
}
process.exitCode = totals.flat().some((total) => total.crash > 0 || total.unexplained > 0) ? 1 : 0;
