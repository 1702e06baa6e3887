// What `playhead show` says of the exchanges that were recorded, beside what the clients assembled:
// with the comparisons and the classes of the protocols.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run_program } from './record_serve_programs.mjs';

const kHere = dirname(fileURLToPath(import.meta.url));

// The lines and recordings that the comparisons read, by protocol: {lines, chat_lines, recordings}.
// A case stands for a body: that of its last exchange.
function inputs_of(base, outcomes) {
  const by_protocol = new Map();
  for (const { setup, steps, shown } of outcomes) {
    for (const one of setup.cases) {
      const result = steps.recorded.results.get(one.id);
      const last = shown.get(one.id)?.at(-1);
      if (!result || !last) continue;  // told already
      const type = one.kind === 'whole' || last.response?.status !== 200 ? 'json'
        : one.protocol === 'ollama' ? 'ndjson' : 'sse';
      const file = join(base, 'bodies', `${one.id}.${type}`);
      writeFileSync(file, last.body);
      const into = by_protocol.get(one.protocol) ?? { lines: [], recordings: [] };
      by_protocol.set(one.protocol, into);
      into.lines.push({ file, [one.side]: result });
      into.recordings.push({ recording: file, exchanges: [last.shown] });
    }
  }
  return by_protocol;
}

async function compare(base, name, script, args, input) {
  const [lines, show] = [join(base, `${name}.jsonl`), join(base, `${name}.show.json`)];
  writeFileSync(lines, input.lines.map((line) => JSON.stringify(line) + '\n').join(''));
  writeFileSync(show, JSON.stringify(input.recordings));
  const { code, stdout } = await run_program(['node', join(kHere, script), ...args,
    '--client', lines, '--playhead', show, '--report', join(base, `${name}.report.json`)],
  { log: join(base, 'compare.log') });
  process.stdout.write(stdout);
  return code === 0;
}

// The chat lines with both sides of the openai client, as its comparison wants them: raw and helper
// asked for the same body one after the other.
function chat_input({ lines, recordings }) {
  const raw = lines.filter((line) => line.raw);
  const helper = lines.filter((line) => line.helper);
  const both = raw.map((line, at) => ({ ...line, helper: helper[at].helper }));
  return { lines: both, recordings };
}

export async function compare_with_show(base, outcomes) {
  mkdirSync(join(base, 'bodies'), { recursive: true });
  let is_well = true;
  for (const [protocol, input] of inputs_of(base, outcomes)) {
    const others = { ...input, lines: input.lines.filter((line) => !line.raw && !line.helper) };
    if (protocol === 'openai-chat') {
      const chat = chat_input(input);
      is_well = await compare(base, 'openai-chat.openai', 'compare.mjs', [], chat) && is_well;
    }
    is_well = await compare(base, protocol, 'compare_protocol.mjs', [protocol], others) && is_well;
  }
  return is_well;
}
