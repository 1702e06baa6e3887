// What must be equal in the mode record-serve: what a client assembled directly, through `record`
// and from `serve`; and what the upstream sent and what the recording holds.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run_program } from './record_serve_programs.mjs';

// Ids that the AI SDK draws where the wire has none.
function without_made_ids(result, { answers }) {
  const body = answers.at(-1).body.toString('utf8');
  const calls = (list) => list?.map((call) => (
    call.id && !body.includes(call.id) ? { ...call, id: 'made' } : call));
  return { ...result, tool_calls: calls(result.tool_calls) };
}

// Of a cut answer that comes at once, a client may throw away what it has received but not yet
// handed out: what it has is then the beginning.
function is_beginning(part, whole) {
  if (typeof part === 'string' && typeof whole === 'string') return whole.startsWith(part);
  return JSON.stringify(part) === JSON.stringify(whole) || part === null
    || (Array.isArray(part) && part.length <= (whole ?? []).length)
    || (typeof part === 'object' && whole !== null && typeof whole === 'object');
}

function same(first, second, may_be_shorter) {
  if (JSON.stringify(first) === JSON.stringify(second)) return true;
  if (!may_be_shorter || !second) return false;
  return Object.keys(first).every((name) => (
    name === 'error' ? first.error === second.error : is_beginning(second[name], first[name])));
}

export function client_differences(cases, { direct, recorded, served }) {
  const found = [];
  for (const one of cases) {
    const demanded = direct.results.get(one.id);
    if (!demanded) {
      found.push(`${one.id} (${one.side}, ${one.name}): no result`);
      continue;
    }
    for (const { step, results } of [recorded, ...served]) {
      const got = results.get(one.id);
      const may_be_shorter = step === 'serve-instant' && one.answers.at(-1).is_cut;
      const [a, b] = [demanded, got ?? {}].map((result) => without_made_ids(result, one));
      if (same(a, b, may_be_shorter)) continue;
      found.push(`${one.id} (${one.side}, ${one.name}), ${step}:\n  direct ${JSON.stringify(a)}\n`
        + `  now    ${JSON.stringify(b)}`);
    }
  }
  return found;
}

function recording_files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().map((name) => join(path, name));
}

function json_in(folder, name) {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

// Where the recorded reads end in the body.
function read_ends_in(folder) {
  const path = join(folder, 'chunks');
  if (!existsSync(path)) return [];
  let end = 0;
  return readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => {
    end += Number(line.split(' ')[1]);
    return end;
  });
}

// The exchange that was unpacked to the folder.
function exchange_in(folder) {
  const request = json_in(folder, 'request.json');
  const body = join(folder, 'body');
  const asked = join(folder, 'request-body');
  const text = request.target + (existsSync(asked) ? readFileSync(asked, 'utf8') : '');
  return {
    id: /case-\d+/.exec(text)?.[0], target: request.target,
    response: json_in(folder, 'response.json'),
    body: existsSync(body) ? readFileSync(body) : Buffer.alloc(0),
    trailers: json_in(folder, 'trailers.json'), end: json_in(folder, 'end.json'),
    read_ends: read_ends_in(folder),
  };
}

// Every exchange of the recordings, with what `playhead show` says of it.
async function exchanges_of({ playhead, folder }, path, problems) {
  const log = join(folder, 'show.log');
  const all = [];
  for (const [at, file] of recording_files(path).entries()) {
    const unpacked = join(folder, `unpacked-${at}`);
    const unpack = await run_program([playhead, 'unpack', file, '-o', unpacked], { log });
    if (unpack.code !== 0) problems.push(`${file}: see ${log}`);
    const show = await run_program([playhead, 'show', '--json', file], { log });
    if (show.code !== 0) problems.push(`${file}: see ${log}`);
    const { exchanges } = show.code === 0 ? JSON.parse(show.stdout) : { exchanges: [] };
    for (const shown of exchanges) {
      const { protocol } = shown;
      all.push({ protocol, ...exchange_in(join(unpacked, String(shown.index))), shown });
    }
  }
  return all;
}

// Headers that recordings mask, and those that belong to one connection.
const kOther = /^(set-cookie|transfer-encoding|connection|content-length)$/i;

function header_text(headers) {
  return JSON.stringify(headers.filter(([name]) => !kOther.test(name))
    .map(([name, value]) => [name, value]));
}

function exchange_differences({ response, body, trailers, end }, answer) {
  const found = [];
  if (response?.status !== answer.status) found.push(`status ${response?.status}`);
  if (!body.equals(answer.body)) found.push(`${body.length} bytes of ${answer.body.length}`);
  if (!answer.reason.split(' or ').includes(end?.reason)) {
    found.push(`${JSON.stringify(end)}, not ${answer.reason}`);
  }
  if (response && header_text(response.headers) !== header_text(answer.headers)) {
    found.push(`headers ${header_text(response.headers)}`);
  }
  if (answer.trailers !== (trailers !== null)) found.push(`trailers ${JSON.stringify(trailers)}`);
  return found;
}

// How many recorded reads end inside a character and inside the word `data:`: without any, the
// upstream's borders were not tried.
function borders_of(exchanges) {
  let [reads, characters, fields] = [0, 0, 0];
  for (const { body, read_ends } of exchanges) {
    reads += read_ends.length;
    characters += read_ends.filter((at) => (body[at] & 0xc0) === 0x80).length;
    fields += read_ends.filter((at) => body.toString('latin1', at - 2, at + 3) === 'data:').length;
  }
  return { reads, characters, fields };
}

// What the upstream was asked directly and through `record`: the same targets and bodies.
export function request_differences(asked_directly, asked) {
  const text = ({ id, line, body }) => `${id} ${line} ${body}`;
  const [before, now] = [asked_directly, asked].map((list) => list.map(text).sort());
  return now.filter((one, at) => one !== before[at])
    .map((one, at) => `upstream was asked ${one}, directly ${before[at]}`);
}

// {differences, shown, borders}: `shown` is id -> the exchanges of that case.
export async function recording_differences(setup, { asked, recordings }) {
  const differences = [];
  const shown = new Map();
  const protocols = new Map(setup.cases.map(({ id, protocol }) => [id, protocol]));
  for (const one of await exchanges_of(setup, recordings, differences)) {
    if (one.protocol !== protocols.get(one.id)) continue;
    shown.set(one.id, [...(shown.get(one.id) ?? []), one]);
  }
  for (const { id, name, side } of setup.cases) {
    const sent = asked.filter((request) => request.id === id).map(({ answer }) => answer);
    const kept = shown.get(id) ?? [];
    const where = `${id} (${side}, ${name}), recording`;
    if (kept.length !== sent.length) {
      differences.push(`${where}: ${kept.length} exchanges of ${sent.length}`);
      continue;
    }
    for (const [at, answer] of sent.entries()) {
      for (const text of exchange_differences(kept[at], answer)) {
        differences.push(`${where}, exchange ${kept[at].shown.index}: ${text}`);
      }
    }
  }
  const borders = borders_of([...shown.values()].flat());
  const has_fields = !setup.run.protocols.includes('ollama');
  if (borders.characters === 0 || (has_fields && borders.fields === 0)) {
    differences.push(`no read ends where it is awkward: ${JSON.stringify(borders)}`);
  }
  return { differences, shown, borders };
}
