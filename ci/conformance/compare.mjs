// Compares what the openai client made of recorded bodies with what Playhead says of them.
//
//   node compare.mjs --client CLIENT.jsonl --playhead SHOW.json... [--report REPORT.json]
//
// CLIENT.jsonl comes from client_openai_chat.mjs, SHOW.json from `playhead show --json FILES...`.
// Differences that classes.mjs can name are counted; any other is printed whole, and the exit code
// is 1. Exit code 2: the input could not be read.
import { readFileSync, writeFileSync } from 'node:fs';
import { was_cut } from './class_rules.mjs';
import { class_of, kClasses } from './classes.mjs';
import { facts_of } from './facts.mjs';

const kNoChoice = {
  content: '', refusal: '', reasoning: '', finish_reason: null, finish: null, tool_calls: [],
};
const kUsage = { input: 'prompt_tokens', output: 'completion_tokens', total: 'total_tokens' };

// A lone half of a surrogate pair cannot leave Playhead: its text is UTF-8 (SPEC 11).
function text_of(value) {
  return (value ?? '').toWellFormed();
}

function trimmed(value) {
  return text_of(value).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

function word_of(value) {
  return value === undefined || value === '' ? null : value;
}

function calls_of(calls) {
  return (calls ?? []).map((call) => ({
    id: word_of(call.id),
    name: text_of(call.name),
    arguments: text_of(call.arguments),
  }));
}

function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

// Whether Playhead's value is what the rules demand. Where an id had to be made, any made one will
// do; think blocks may only add to the reasoning.
function as_demanded(field, value, demanded) {
  if (field === 'reasoning' && demanded.think_tags) return value.startsWith(demanded.text);
  if (field === 'reasoning') return value === demanded.text;
  if (field !== 'tool_calls' || value.length !== demanded.length) return equal(value, demanded);
  return value.every((call, at) => {
    const made = demanded[at].id === null && (call.id ?? '').startsWith('call_');
    return equal(made ? { ...call, id: null } : call, demanded[at]);
  });
}

// Whether Playhead may, and must, speak of an error in these bytes.
function error_as_demanded(error, facts) {
  if (facts.reading.errors.length > 0) return error !== null;
  const may = ['error_field', 'unframed_json', 'finish_error', 'nothing_received'];
  return error === null || may.some((odd) => facts.seen.has(odd));
}

function choices_of(exchange) {
  const choices = exchange.choices ?? [{ ...exchange, index: 0 }];
  return new Map(choices.map(({ index, message, completion }) => [index, { message, completion }]));
}

// Rows of [field, client, playhead, demanded] for one choice.
function choice_rows(side, client, ours, reading, facts) {
  const finish = ours?.completion.provider_finish_reason ?? null;
  const rows = [
    ['content', text_of(client.content), text_of(ours?.message.content), text_of(reading.content)],
    ['refusal', text_of(client.refusal), text_of(ours?.message.refusal), text_of(reading.refusal)],
    ['finish', word_of(client.finish_reason), word_of(finish), reading.finish],
    ['tool_calls', calls_of(client.tool_calls), calls_of(ours?.message.tool_calls),
      calls_of(reading.tool_calls)],
  ];
  if (side === 'raw') {
    const demanded = {
      text: trimmed(reading.reasoning),
      think_tags: facts.seen.has('think_tags'),
    };
    rows.push(['reasoning', trimmed(client.reasoning), trimmed(ours?.message.reasoning), demanded]);
  }
  return rows;
}

function reply_rows(client, message, reading) {
  const rows = [
    ['id', word_of(client.id), word_of(message.id), reading.id],
    ['model', word_of(client.model), word_of(message.model), reading.model],
  ];
  for (const [ours, theirs] of Object.entries(kUsage)) {
    const field = `${ours}_tokens`;
    rows.push([`usage.${field}`, client.usage?.[theirs] ?? null, message.usage?.[field] ?? null,
      reading.usage[ours]]);
  }
  return rows;
}

function differences_of_side(side, client, exchange, facts) {
  const thrown = client.error ?? '';
  const differences = [];
  const error = exchange.completion.error ?? null;
  if (error || (client.error && !was_cut(exchange))) {
    const wrong = error_as_demanded(error, facts) ? {} : { demanded: facts.reading.errors };
    differences.push({
      side, field: 'error', choice: null, client: client.error, playhead: error, thrown, ...wrong,
    });
  }
  // A helper that throws returns nothing that could be compared.
  if (side === 'helper' && thrown) return differences;
  const add = (choice, [field, theirs, ours, demanded]) => {
    if (equal(theirs, ours)) return;
    const wrong = as_demanded(field, ours, demanded) ? {} : { demanded };
    differences.push({ side, field, choice, client: theirs, playhead: ours, thrown, ...wrong });
  };
  const ours = choices_of(exchange);
  const theirs = new Map(client.choices.map((choice) => [choice.index, choice]));
  for (const index of new Set([...theirs.keys(), ...ours.keys()])) {
    const reading = facts.reading.choices.get(index) ?? kNoChoice;
    const rows = choice_rows(side, theirs.get(index) ?? kNoChoice, ours.get(index), reading, facts);
    for (const row of rows) add(index, row);
  }
  for (const row of reply_rows(client, exchange.message, facts.reading)) add(null, row);
  return differences;
}

// Every difference of one file, each with the name of its class or null.
function compare_file(line, recording) {
  if (recording?.exchanges?.length !== 1) {
    const count = recording?.exchanges?.length ?? null;
    return [{ side: 'both', field: 'exchanges', client: 1, playhead: count, class: null }];
  }
  const facts = facts_of(readFileSync(line.file));
  const exchange = recording.exchanges[0];
  return ['raw', 'helper'].flatMap((side) => differences_of_side(side, line[side], exchange, facts))
    .map((difference) => {
      const rule = 'demanded' in difference ? null : class_of(difference, facts);
      return { ...difference, class: rule?.name ?? null };
    });
}

function compare_all(lines, recordings) {
  const report = {
    files: lines.length, equal: 0, raw_equal: 0, helper_equal: 0, classes: {}, unclassified: [],
  };
  for (const rule of kClasses) report.classes[rule.name] = { differences: 0, files: [] };
  for (const line of lines) {
    const differences = compare_file(line, recordings.get(line.file));
    if (differences.length === 0) report.equal += 1;
    for (const side of ['raw', 'helper']) {
      if (!differences.some((found) => found.side !== (side === 'raw' ? 'helper' : 'raw'))) {
        report[`${side}_equal`] += 1;
      }
    }
    for (const found of differences) {
      if (!found.class) {
        report.unclassified.push({ file: line.file, ...found });
        continue;
      }
      const entry = report.classes[found.class];
      entry.differences += 1;
      if (entry.files.at(-1)?.file !== line.file) entry.files.push({ file: line.file, found: [] });
      entry.files.at(-1).found.push(found);
    }
  }
  return report;
}

function row_text(name, files, differences, right, decided_by) {
  const columns = [name.padEnd(32), String(files).padStart(6), String(differences).padStart(12)];
  return `${columns.join('')}  ${right.padEnd(11)} ${decided_by}`.trimEnd();
}

function print_summary(report) {
  console.log(row_text('class', 'files', 'differences', 'right', 'decided by'));
  for (const rule of kClasses) {
    const { files, differences } = report.classes[rule.name];
    if (differences > 0) {
      console.log(row_text(rule.name, files.length, differences, rule.right, rule.decided_by));
    }
  }
  const open_files = new Set(report.unclassified.map((found) => found.file)).size;
  console.log(row_text('unclassified', open_files, report.unclassified.length, '', ''));
  console.log(`${report.files} files; equal to the client's chunks ${report.raw_equal}, `
    + `to its helper ${report.helper_equal}, to both ${report.equal}`);
}

function arguments_of(args) {
  const options = { client: [], playhead: [], report: [] };
  let into = null;
  for (const arg of args) {
    if (arg.startsWith('--')) into = options[arg.slice(2)];
    else into?.push(arg);
    if (!into) return null;
  }
  const { client, playhead, report } = options;
  return client.length === 1 && playhead.length > 0 && report.length < 2 ? options : null;
}

function recordings_of(paths) {
  const documents = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')));
  return new Map(documents.map((recording) => [recording.recording, recording]));
}

const options = arguments_of(process.argv.slice(2));
if (!options) {
  console.error('usage: node compare.mjs --client CLIENT.jsonl --playhead SHOW.json...'
    + ' [--report REPORT.json]');
  process.exit(2);
}
try {
  const lines = readFileSync(options.client[0], 'utf8').split('\n').filter(Boolean).map(JSON.parse);
  const report = compare_all(lines, recordings_of(options.playhead));
  if (options.report.length > 0) {
    writeFileSync(options.report[0], JSON.stringify(report, null, 1) + '\n');
  }
  for (const found of report.unclassified) console.log(JSON.stringify(found, null, 1));
  print_summary(report);
  process.exitCode = report.unclassified.length > 0 || report.files === 0 ? 1 : 0;
} catch (error) {
  console.error(`compare: ${error.message}`);
  process.exitCode = 2;
}
