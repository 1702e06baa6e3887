// Gives the AI SDK UI message streams that Playhead writes to the published versions of npm `ai`:
// each must read each of them, and read out of it what the turn gave.
//
//   node ui_stream.mjs PLAYHEAD_BINARY FIXTURES WORK_FOLDER [VECTORS.json]
//
// The streams are those of all case files below FIXTURES, replayed with this downstream format,
// once without and once with reasoning. With VECTORS (bodies, and which version accepts which), the
// versions are first shown to refuse what they are known to refuse. Exit code: 0 when all held, 1
// when a version fails on a stream or reads something else, 2 when it could not be found out.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync }
  from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { part_name, read_body, versions_of } from './client_ui_stream.mjs';
import { markdown_files, ui_case_file } from './ui_stream_cases.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const kPrintedMax = 10;
const kCheckLimitMs = 120_000;

class Report {
  problems = [];
  add(where, what, details) {
    this.problems.push({ where, what, ...details });
  }
}

async function check_vectors(path, versions, report) {
  const { vectors } = JSON.parse(readFileSync(path, 'utf8'));
  let reads = 0;
  for (const vector of vectors) {
    for (const outcome of vector.outcomes) {
      for (const version of outcome.versions.filter((name) => versions.has(name))) {
        const body = Buffer.from(vector.body_base64, 'base64');
        const read = await read_body(versions.get(version), body);
        const actual = {
          accepted: read.error === null, chunks: read.chunks, parts: read.parts.map(part_name),
        };
        const expected = {
          accepted: vector.accepted_by.includes(version), chunks: outcome.chunks,
          parts: outcome.parts,
        };
        reads += 1;
        if (isDeepStrictEqual(actual, expected)) continue;
        report.add(`${vector.name}, ai ${version}`, 'not as measured', { expected, actual });
      }
    }
  }
  console.log(`ai-sdk-ui: ${vectors.length} measured bodies, ${reads} reads`);
}

// The replays of all cases of the files, in order. Without expectations a case can only fail by a
// broken law.
function replays_of(playhead, files, work, reasoning, report) {
  const folder = join(work, reasoning ? 'with-reasoning' : 'plain');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return files.flatMap((path, index) => {
    const text = ui_case_file(path, reasoning);
    if (text === null) return [];
    const copy = join(folder, `${String(index).padStart(3, '0')}-${basename(path)}`);
    writeFileSync(copy, text);
    const out = openSync(`${copy}.json`, 'w');
    const run = spawnSync(playhead, ['check', copy, '--json'],
      { stdio: ['ignore', out, 'pipe'], timeout: kCheckLimitMs, encoding: 'utf8' });
    closeSync(out);
    if (run.error || run.status > 1 || run.signal) {
      throw new Error(`playhead check ${copy}: ${run.error?.message ?? run.stderr}`);
    }
    return JSON.parse(readFileSync(`${copy}.json`, 'utf8')).verdicts.map((verdict) => {
      const where = `${copy}: ${verdict.case}`;
      if (verdict.verdict !== 'passed') report.add(where, verdict.verdict, verdict);
      return { where, reasoning, replay: verdict.replay };
    }).filter(({ replay }) => replay);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function is_input_of(call, input) {
  return input === call.arguments || isDeepStrictEqual(input, parsed(call.arguments));
}

function facts_of(replay, kind) {
  return replay.transcript.filter((fact) => fact.kind === kind);
}

// The pieces of that type, joined.
function written(text, type) {
  const chunks = text.split('\n').filter((line) => line.startsWith(`data: {"type":"${type}"`));
  return chunks.map((line) => JSON.parse(line.slice('data: '.length)).delta).join('');
}

// What is wrong with what a version read, as [what, expected, actual]; empty: nothing.
function differences(read, { replay, reasoning }) {
  const { outcome, downstream } = replay;
  const found = [];
  const demand = (what, expected, actual) => {
    if (!isDeepStrictEqual(actual, expected)) found.push([what, expected, actual]);
  };
  demand('error', outcome.failed ? outcome.error.message : null, read.error);
  const visible = facts_of(replay, 'visible').map(({ text }) => text).join('');
  // Words of ours, for a turn in which the model gave none, are not visible text of a reply.
  if (read.text !== visible + (outcome.final_response ?? '')) demand('text', visible, read.text);
  demand('reasoning', written(downstream.text, 'reasoning-delta'), read.reasoning);
  const thought = reasoning && replay.exchanges.some(({ message }) => message?.reasoning);
  demand('thought', Boolean(thought), read.reasoning !== '');
  const tools = read.parts.filter(({ type }) => type.startsWith('tool-'));
  const completed = facts_of(replay, 'tool').filter(({ status }) => status === 'completed');
  const answered = tools.filter(({ state }) => state === 'output-available');
  demand('results', completed.map(({ name }) => name ?? ''),
    answered.map(({ type }) => type.slice('tool-'.length)));
  demand('inputs', answered.map(() => true),
    answered.map((part, index) => completed[index] && is_input_of(completed[index], part.input)));
  demand('id', true, typeof read.id === 'string' && read.id.startsWith('msg-'));
  if (!downstream.done) return found;
  const states = new Set(read.parts.map(({ state }) => state).filter(Boolean));
  const open = ['streaming', 'input-streaming', 'input-available'];
  demand('unfinished parts', [], open.filter((state) => states.has(state)));
  demand('finish', outcome.finish_reason ?? undefined, read.metadata?.finishReason);
  demand('extension', !outcome.completed, read.metadata?.playhead !== undefined);
  return found;
}

async function check_stream(stream, versions, report) {
  const body = Buffer.from(stream.replay.downstream.text);
  for (const [version, ai] of versions) {
    const read = await read_body(ai, body);
    for (const [what, expected, actual] of differences(read, stream)) {
      report.add(`${stream.where}, ai ${version}`, what, { expected, actual });
    }
  }
}

async function check_streams(playhead, fixtures, work, versions, report) {
  const files = markdown_files(fixtures);
  for (const reasoning of [false, true]) {
    const streams = replays_of(playhead, files, work, reasoning, report);
    for (const stream of streams) await check_stream(stream, versions, report);
    console.log(`ai-sdk-ui: ${streams.length} streams ${reasoning ? 'with' : 'without'} reasoning, `
      + `each read by ${versions.size} versions of ai`);
    if (streams.length === 0) throw new Error(`no case below ${fixtures}`);
  }
}

const [playhead, fixtures, work, vectors] = process.argv.slice(2);
if (!work) {
  console.error('usage: node ui_stream.mjs PLAYHEAD_BINARY FIXTURES WORK_FOLDER [VECTORS.json]');
  process.exit(2);
}
try {
  const here = dirname(fileURLToPath(import.meta.url));
  const versions = await versions_of(join(here, 'package.json'));
  const report = new Report();
  if (vectors && existsSync(vectors)) await check_vectors(vectors, versions, report);
  else console.log('ai-sdk-ui: no measured bodies beside the corpus');
  await check_streams(playhead, fixtures, work, versions, report);
  writeFileSync(join(work, 'problems.json'), JSON.stringify(report.problems, null, 1) + '\n');
  for (const problem of report.problems.slice(0, kPrintedMax)) {
    console.log(JSON.stringify(problem, null, 1));
  }
  console.log(`ai-sdk-ui: ${report.problems.length} problems`);
  process.exitCode = report.problems.length > 0 ? 1 : 0;
} catch (error) {
  console.error(`ui_stream: ${error.message}`);
  process.exitCode = 2;
}
