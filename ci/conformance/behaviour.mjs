// Prints, for each measured body, what the openai client's helper does and what Playhead says.
//
//   node behaviour.mjs PLAYHEAD_BINARY CLIENT_BEHAVIOUR.json
//
// The file holds {scenarios: {name: {body_base64, outcome: {client: text}}}}. A difference is only
// reported: the exit code is 1 only where Playhead crashes, hangs or gives no JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kHelper = 'openai .stream()';
const kTimeLimitMs = 10_000;

// The exchange that Playhead sees in the body; throws where it crashes, hangs or prints no JSON.
function shown_by(playhead, path) {
  const args = ['show', '--json', '--protocol', 'openai-chat', path];
  const run = spawnSync(playhead, args, { encoding: 'utf8', timeout: kTimeLimitMs });
  if (run.error) throw run.error;
  if (run.status !== 0) {
    throw new Error(`exit ${run.signal ?? run.status}: ${run.stderr.trim().slice(0, 500)}`);
  }
  const document = JSON.parse(run.stdout);
  return (Array.isArray(document) ? document[0] : document).exchanges[0];
}

// One choice in the notation of the measured outcomes: finish:"text" tc=[[id,name,arguments]].
function choice_text({ message, completion }) {
  const calls = (message.tool_calls ?? []).map((call) => [call.id, call.name, call.arguments]);
  const tools = calls.length > 0 ? ` tc=${JSON.stringify(calls)}` : '';
  return `${completion.provider_finish_reason}:${JSON.stringify(message.content ?? '')}${tools}`;
}

function playhead_text(exchange) {
  const choices = [...(exchange.choices ?? [exchange])].sort((a, b) => a.index - b.index);
  const text = choices.map(choice_text).join(' / ');
  const { error, truncated, why } = exchange.completion;
  if (error) return `${text} ERROR ${error.code}: ${error.message}`;
  return truncated ? `${text} CUT ${why}` : text;
}

// Throwing and calling the reply failed or cut say the same; so do no content and empty content.
function agrees(helper, exchange) {
  const { error, truncated } = exchange.completion;
  if (helper.startsWith('THROW')) return Boolean(error) || truncated;
  return !error && helper.replaceAll(':null', ':""') === playhead_text(exchange);
}

const [playhead, vectors] = process.argv.slice(2);
if (!vectors) {
  console.error('usage: node behaviour.mjs PLAYHEAD_BINARY CLIENT_BEHAVIOUR.json');
  process.exit(2);
}
const { scenarios } = JSON.parse(readFileSync(vectors, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'playhead-behaviour-'));
const counts = { agree: 0, disagree: 0, crash: 0 };
try {
  for (const [name, { body_base64, outcome }] of Object.entries(scenarios)) {
    const path = join(folder, `${name}.sse`);
    writeFileSync(path, Buffer.from(body_base64, 'base64'));
    let verdict = 'crash';
    let ours = '';
    try {
      const exchange = shown_by(playhead, path);
      ours = playhead_text(exchange);
      verdict = agrees(outcome[kHelper], exchange) ? 'agree' : 'disagree';
    } catch (error) {
      ours = error.message;
    }
    counts[verdict] += 1;
    console.log(`${verdict.padEnd(8)} ${name}\n  client   ${outcome[kHelper]}\n  playhead ${ours}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${counts.agree} agree, ${counts.disagree} disagree, ${counts.crash} crash`);
process.exitCode = counts.crash > 0 ? 1 : 0;
