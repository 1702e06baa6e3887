// The mode record-serve: clients against an upstream, the same through `playhead record`, and the
// same against `playhead serve` without the upstream. What they assemble must be one and the same,
// the recording what the upstream sent, and `playhead show` must say what the clients have.
//
//   node record_serve.mjs PLAYHEAD FOLDER [CORPUS]
//
// FOLDER holds the client_*.mjs with the installed clients; everything is written to its
// folder `record-serve`. Exit code: 0 all is well, 1 a difference, 2 it could not be made.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { cases_of, kRuns } from './record_serve_cases.mjs';
import {
  client_differences, recording_differences, request_differences,
} from './record_serve_checks.mjs';
import { certificates_in, run_program } from './record_serve_programs.mjs';
import { compare_with_show } from './record_serve_show.mjs';
import { Upstream } from './record_serve_upstream.mjs';

const kAtOnce = 2;
const kExitCode = 7;  // of the client processes, to see it passing
const kKeys = [
  'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY',
];

// How the run's client finds the upstream at `url` by itself.
function variables_of(run, url) {
  const all = {
    OPENAI_BASE_URL: `${url}/v1`, ANTHROPIC_BASE_URL: url, GOOGLE_GEMINI_BASE_URL: url,
    OLLAMA_HOST: url,
  };
  const names = {
    openai: ['OPENAI_BASE_URL'], anthropic: ['ANTHROPIC_BASE_URL'],
    gemini: ['GOOGLE_GEMINI_BASE_URL'], ollama: ['OLLAMA_HOST'],
    ai: ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL', 'GOOGLE_GEMINI_BASE_URL'],
  }[run.name];
  // The AI SDK wants the version in it.
  if (run.name === 'ai') all.ANTHROPIC_BASE_URL = `${url}/v1`;
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

// How `record` is told of the upstream and of its output, another way for each run: {args,
// variables, recordings}, where `recordings` is what `serve` is given afterwards.
function record_plan(run, folder, url, ca_file) {
  const output = join(folder, 'recordings');
  const into = (name, args, variables = {}) => {
    const file = join(folder, name);
    return { args: ['-o', file, ...args], variables, recordings: file };
  };
  const plans = {
    // All requests to one upstream, a folder, a name.
    openai: () => ({
      args: ['-o', output, '--name', 'through-record', '--upstream', `${url}/v1`],
      variables: {}, recordings: output,
    }),
    // TLS, where there is a certificate.
    anthropic: () => into('anthropic.rec.zst', [
      '--upstream', `/anthropic=${url}`, ...(ca_file ? ['--ca', ca_file] : []),
    ]),
    // No upstream named: the variable of the environment is the upstream, and is set anew.
    gemini: () => into('gemini.rec', [], variables_of(run, url)),
    ollama: () => ({
      args: ['-o', output, '--upstream', `/ollama=${url}`], variables: {}, recordings: output,
    }),
    // Several by prefix.
    ai: () => into('ai.rec.zst', ['--upstream', `/openai=${url}/v1`,
      '--upstream', `/anthropic=${url}/v1`, '--upstream', `/google=${url}`]),
  };
  return plans[run.name]();
}

function environment(variables) {
  const { PATH, HOME, TMPDIR } = process.env;
  const keys = Object.fromEntries(kKeys.map((name) => [name, `key-for-${name.toLowerCase()}`]));
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...keys, ...variables };
}

// Runs the client process and returns {results: id -> result, variables, state, problems}.
async function run_client(setup, step, words, variables, more = []) {
  const { folder, work, run } = setup;
  const client = ['node', join(work, 'client_record_serve.mjs'), join(folder, 'cases.json'),
    String(kExitCode), ...more];
  const ended = await run_program([...words, ...client], {
    env: environment(variables), log: join(folder, `${step}.log`),
  });
  const problems = [];
  if (ended.code !== kExitCode) problems.push(`ended with ${ended.code}, not with the client's 7`);
  const lines = ended.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  writeFileSync(join(folder, `${step}.jsonl`), ended.stdout);
  const last = lines.pop() ?? { variables: {} };
  const results = new Map(lines.map(({ id, result }) => [id, result]));
  return { step, results, ...last, problems };
}

function state_problems({ state, problems }, asked) {
  const { counts } = state?.matching ?? {};
  const { requests, hits, repeated, misses, exchanges, unused } = counts ?? {};
  const is_exact = misses === 0 && repeated === 0 && unused === 0;
  if (is_exact && [requests, hits, exchanges].every((count) => count === asked)) return;
  problems.push(`state.json: ${JSON.stringify(counts)}, asked ${asked}`);
}

// No variable of a client run through playhead may lead anywhere but to it.
function variable_problems(outcome, upstream_port) {
  const urls = Object.values(outcome.variables).map((url) => new URL(url));
  const origins = new Set(urls.map(({ origin }) => origin));
  if (origins.size === 1 && urls[0].hostname === '127.0.0.1'
    && urls[0].port !== String(upstream_port)) return;
  outcome.problems.push(`base-URL variables: ${JSON.stringify(outcome.variables)}`);
}

function identity_problems(outcome, requests) {
  for (const { id, headers } of requests) {
    const asked = headers.filter((header) => /^accept-encoding:/i.test(header));
    if (asked.length === 1 && /: *identity$/.test(asked[0])) continue;
    outcome.problems.push(`${id}: upstream was not asked for identity: ${headers.join(' | ')}`);
  }
}

async function run_all_steps(setup, upstream, port) {
  const { run, folder, playhead, tls } = setup;
  const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  const direct = await run_client(setup, 'direct', [],
    { ...variables_of(run, url), ...(tls ? { NODE_EXTRA_CA_CERTS: tls.ca_file } : {}) });
  const asked_directly = upstream.requests;
  upstream.reset();
  const plan = record_plan(run, folder, url, tls?.ca_file);
  const recorded = await run_client(setup, 'record',
    [playhead, 'record', ...plan.args, '--'], plan.variables);
  const asked = upstream.requests;
  identity_problems(recorded, asked);
  variable_problems(recorded, port);
  if (asked.length !== asked_directly.length) {
    recorded.problems.push(`${asked.length} requests, directly ${asked_directly.length}`);
  }
  recorded.problems.push(...request_differences(asked_directly, asked), ...upstream.problems);
  await upstream.stop();
  const served = [];
  for (const speed of ['instant', '1']) {
    const outcome = await run_client(setup, `serve-${speed}`,
      [playhead, 'serve', plan.recordings, '--speed', speed, '--'], {}, ['--state']);
    state_problems(outcome, asked.length);
    variable_problems(outcome, port);
    served.push(outcome);
  }
  return { direct, recorded, served, asked, recordings: plan.recordings };
}

async function run_one(setup) {
  const { run, folder, cases, tls } = setup;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cases.json'), JSON.stringify({
    run: run.name,
    cases: cases.map(({ id, protocol, kind, side, generate }) =>
      ({ id, protocol, kind, side, generate })),
  }));
  const upstream = new Upstream(new Map(cases.map(({ id, answers }) => [id, answers])),
    tls ? createSecureContext({ cert: tls.certificate, key: tls.key }) : null);
  const port = await upstream.listen();
  try {
    const steps = await run_all_steps(setup, upstream, port);
    const exchanges = await recording_differences(setup, steps);
    const differences = [...client_differences(cases, steps), ...exchanges.differences];
    return { ...exchanges, setup, steps, differences };
  } finally {
    await upstream.stop();
  }
}

async function all_runs(setups) {
  const outcomes = [];
  const queue = [...setups.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      outcomes[next[0]] = await run_one(next[1]);
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, work));
  return outcomes;
}

// Prints what there is to say of one run; the number of differences.
function report({ setup, steps, differences, borders }) {
  const problems = [steps.direct, steps.recorded, ...steps.served]
    .flatMap(({ step, problems: found }) => found.map((text) => `${step}: ${text}`));
  const open = [...problems, ...differences];
  for (const text of open) console.log(`${setup.run.name}: ${text}`);
  console.log(`${setup.run.name.padEnd(10)} ${setup.cases.length} cases, ${steps.asked.length} `
    + `exchanges${setup.tls ? ' over TLS' : ''}, ${borders.reads} reads (${borders.characters} end `
    + `in a character, ${borders.fields} in data:): ${open.length} differences`);
  return open.length;
}

async function main(playhead, work, corpus) {
  const base = join(work, 'record-serve');
  rmSync(base, { recursive: true, force: true });
  mkdirSync(base, { recursive: true });
  const certificates = await certificates_in(base);
  if (!certificates) console.log('record-serve: https is skipped: no openssl program');
  const cases = cases_of(corpus ?? null);
  const outcomes = await all_runs(kRuns.map((run) => ({
    run, playhead, work, folder: join(base, run.name),
    cases: cases.filter((one) => one.run === run.name),
    tls: run.name === 'anthropic' ? certificates : null,
  })));
  console.log('\n== record-serve');
  const count = outcomes.map(report).reduce((sum, found) => sum + found, 0);
  return await compare_with_show(base, outcomes) && count === 0;
}

try {
  process.exitCode = await main(...process.argv.slice(2)) ? 0 : 1;
} catch (error) {
  console.error(`record-serve: ${error.stack}`);
  process.exitCode = 2;
}
