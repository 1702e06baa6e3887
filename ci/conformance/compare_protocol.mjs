// Compares what the clients of one protocol made of recorded bodies with what Playhead says.
//
//   node compare_protocol.mjs PROTOCOL --client CLIENT.jsonl... --playhead SHOW.json...
//                             [--report REPORT.json]
//
// CLIENT.jsonl comes from the client_*.mjs, SHOW.json from `playhead show --json FILES...`.
// Differences that classes_<protocol>.mjs can name are counted; any other is printed whole, and the
// exit code is 1. Exit code 2: the input could not be read.
import { readFileSync, writeFileSync } from 'node:fs';
import { was_cut } from './class_rules.mjs';
import { payloads_of } from './payloads.mjs';

// A lone half of a surrogate pair cannot leave Playhead: its text is UTF-8 (SPEC 11).
function text_of(value) {
  return (value ?? '').toWellFormed();
}

function trimmed(value) {
  return text_of(value).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

function arguments_of_call(text) {
  try {
    return JSON.parse(text_of(text));
  } catch {
    return text_of(text);
  }
}

function calls_of(calls) {
  return calls.map((call) => ({
    id: call.id || null, name: text_of(call.name), arguments: arguments_of_call(call.arguments),
  }));
}

function with_sorted_keys(value) {
  if (Array.isArray(value)) return value.map(with_sorted_keys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort()
    .map((key) => [key, with_sorted_keys(value[key])]));
}

function equal(a, b) {
  return JSON.stringify(with_sorted_keys(a)) === JSON.stringify(with_sorted_keys(b));
}

function names_of(tools) {
  return [...new Set(tools)].sort();
}

// Rows of [field, client, playhead].
function rows_of(theirs, { message, completion }) {
  const is_ai_sdk = theirs.unified_finish !== undefined;
  const rows = [
    ['text', text_of(theirs.text), text_of(message.content)],
    ['reasoning', trimmed(theirs.reasoning), trimmed(message.reasoning)],
    ['tool_calls', calls_of(theirs.tool_calls), calls_of(message.tool_calls)],
  ];
  const word = completion.provider_finish_reason || null;
  // The AI SDK does not hand out the status of a response that was completed.
  if (!is_ai_sdk || theirs.finish || word !== 'completed') {
    rows.push(['finish', theirs.finish || null, word]);
  }
  // The AI SDK has names of its own for some.
  if (!is_ai_sdk) {
    const names = names_of(message.provider_tools);
    rows.push(['provider_tools', names_of(theirs.provider_tools), names]);
  }
  if (theirs.refusal !== undefined) {
    rows.push(['refusal', text_of(theirs.refusal), text_of(message.refusal)]);
  }
  if (is_ai_sdk) {
    const unified = completion.finish_reason.replaceAll('_', '-');
    rows.push(['unified_finish', theirs.unified_finish, unified]);
  }
  // The AI SDK says 0 where nothing is told.
  for (const [member, name] of [['cache_read', 'cached_input'], ['reasoning', 'reasoning']]) {
    const count = theirs.usage[member];
    const ours = message.usage?.[`${name}_tokens`] ?? 0;
    if (count !== undefined) rows.push([`usage.${name}`, count, ours]);
  }
  for (const member of ['id', 'model']) {
    if (theirs[member] !== null) rows.push([member, theirs[member], message[member] || null]);
  }
  for (const member of ['input', 'output', 'total']) {
    // The AI SDK's total is its own sum.
    if (member === 'total' && is_ai_sdk) continue;
    const ours = message.usage?.[`${member}_tokens`] ?? null;
    rows.push([`usage.${member}`, theirs.usage[member] ?? null, ours]);
  }
  return rows;
}

// One row for errors: the client's text and Playhead's are the same error if one names the other.
function error_row(theirs, { completion, is_cut }) {
  const client = theirs.error ?? theirs.failure ?? null;
  const ours = completion.error?.message ?? null;
  if ((client === null || is_cut) && ours === null) return [];
  if (client !== null && ours !== null && client.includes(ours)) return [];
  return [['error', client, ours]];
}

function choice_zero(exchange) {
  if (!exchange.choices) return exchange;
  return exchange.choices.find((choice) => choice.index === 0) ?? exchange.choices[0];
}

function differences_of_side(side, theirs, exchange, payloads) {
  const choice = choice_zero(exchange);
  const ours = {
    message: { ...exchange.message, ...choice.message }, completion: choice.completion,
    anomalies: exchange.anomalies, is_cut: was_cut(exchange),
  };
  // A helper that throws returns nothing that could be compared.
  const lost = side.includes('.stream()') && theirs.error !== null;
  const rows = lost ? [] : rows_of(theirs, ours).filter(([, a, b]) => !equal(a, b));
  return [...error_row(theirs, ours), ...rows].map(([field, client, playhead]) => ({
    side, field, client, playhead, theirs, ours, payloads,
  }));
}

// The difference as it is printed: without the two whole readings and the body.
function short({ side, field, client, playhead }, rest) {
  return { side, field, client, playhead, ...rest };
}

function compare_side(file, side, theirs, exchange, payloads, classes) {
  const found = exchange
    ? differences_of_side(side, theirs, exchange, payloads)
    : [{ side, field: 'exchanges', client: 1, playhead: null }];
  return found.map((difference) => {
    const rule = exchange ? classes.find((candidate) => candidate.when(difference)) : undefined;
    return short(difference, { file, class: rule?.name ?? null });
  });
}

function compare_all(lines, recordings, classes) {
  const report = {
    files: new Set(), different: new Set(), sides: {}, classes: {}, unclassified: [],
  };
  for (const rule of classes) report.classes[rule.name] = [];
  for (const { file, ...sides } of lines) {
    const exchanges = recordings.get(file)?.exchanges ?? [];
    const payloads = payloads_of(file);
    report.files.add(file);
    for (const [side, theirs] of Object.entries(sides)) {
      const exchange = exchanges.length === 1 ? exchanges[0] : null;
      const found = compare_side(file, side, theirs, exchange, payloads, classes);
      report.sides[side] ??= { files: 0, equal: 0 };
      report.sides[side].files += 1;
      if (found.length === 0) report.sides[side].equal += 1;
      else report.different.add(file);
      for (const one of found) (report.classes[one.class] ?? report.unclassified).push(one);
    }
  }
  return report;
}

function row_text(name, files, differences, right, decided_by) {
  const columns = [name.padEnd(32), String(files).padStart(6), String(differences).padStart(12)];
  return `${columns.join('')}  ${right.padEnd(11)} ${decided_by}`.trimEnd();
}

function files_of(differences) {
  return new Set(differences.map((one) => one.file)).size;
}

function print_summary(protocol, report, classes) {
  console.log(`\n== ${protocol}`);
  console.log(row_text('class', 'files', 'differences', 'right', 'decided by'));
  for (const rule of classes) {
    const found = report.classes[rule.name];
    if (found.length === 0) continue;
    console.log(row_text(rule.name, files_of(found), found.length, rule.right, rule.decided_by));
  }
  const open = report.unclassified;
  console.log(row_text('unclassified', files_of(open), open.length, '', ''));
  const sides = Object.entries(report.sides).map(([side, { files, equal: same }]) =>
    `${same} of ${files} equal to ${side}`);
  const same = report.files.size - report.different.size;
  console.log(`${report.files.size} files; ${sides.join(', ')}; ${same} to all`);
}

function options_of(args) {
  const options = { client: [], playhead: [], report: [] };
  let into = null;
  for (const arg of args) {
    if (arg.startsWith('--')) into = options[arg.slice(2)];
    else into?.push(arg);
    if (!into) return null;
  }
  return options.client.length > 0 && options.playhead.length > 0 ? options : null;
}

function recordings_of(paths) {
  const documents = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')));
  return new Map(documents.map((recording) => [recording.recording, recording]));
}

function lines_of(path) {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

const protocol = process.argv[2];
const options = options_of(process.argv.slice(3));
if (!options) {
  console.error('usage: node compare_protocol.mjs PROTOCOL --client CLIENT.jsonl...'
    + ' --playhead SHOW.json... [--report REPORT.json]');
  process.exit(2);
}
try {
  const { kClasses } = await import(`./classes_${protocol.replaceAll('-', '_')}.mjs`);
  const recordings = recordings_of(options.playhead);
  const report = compare_all(options.client.flatMap(lines_of), recordings, kClasses);
  if (options.report.length > 0) {
    const { classes, unclassified, sides } = report;
    const whole = { files: report.files.size, sides, classes, unclassified };
    writeFileSync(options.report[0], JSON.stringify(whole, null, 1) + '\n');
  }
  for (const found of report.unclassified) console.log(JSON.stringify(found, null, 1));
  print_summary(protocol, report, kClasses);
  process.exitCode = report.unclassified.length > 0 || report.files.size === 0 ? 1 : 0;
} catch (error) {
  console.error(`compare_protocol: ${error.stack}`);
  process.exitCode = 2;
}
