// What a recorded chat body holds: its events, and the reading of them that SPEC 1 and 2 demand.
//
// A second, independent and slow implementation of those rules. compare.mjs asks it whether a
// difference from the client is one the rules want; it never stands in for either side.

// Finish words that mean a failure (WIRE 0).
const kErrorWords = ['error', 'network_error', 'insufficient_system_resource'];

// The events of a body by the WHATWG event-stream rules, plus what those rules drop silently.
function events_of(bytes) {
  const text = new TextDecoder().decode(bytes);
  const lines = text.split(/\r\n|\n|\r/);
  const events = [];
  const facts = { without_data: false, error_field: false, unframed_json: false };
  let type = '';
  let data = null;
  const dispatch = (terminated) => {
    if (data !== null) events.push({ type: type || 'message', data, terminated });
    else if (type !== '') facts.without_data = true;
    type = '';
    data = null;
  };
  for (const [at, line] of lines.entries()) {
    const last = at === lines.length - 1;
    if (line === '' && !last) dispatch(true);
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data = data === null ? value : `${data}\n${value}`;
    if (name === 'event') type = value;
    if (name === 'error') facts.error_field = true;
    if (line.startsWith('{')) facts.unframed_json = true;
  }
  dispatch(false);
  return { events, text, ...facts };
}

function parsed(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

// The payloads up to `[DONE]`, in order; `seen` collects what was odd on the way.
function payloads_of(stream, seen) {
  const payloads = [];
  let done = false;
  if (stream.without_data) seen.add('event_without_data');
  if (stream.error_field) seen.add('error_field');
  if (stream.unframed_json) seen.add('unframed_json');
  for (const event of stream.events) {
    if (done) {
      seen.add('data_after_done');
      continue;
    }
    if (event.data.startsWith('[DONE]')) {
      done = true;
      if (event.data !== '[DONE]') seen.add('done_with_more');
      continue;
    }
    if (event.data === '') {
      seen.add('empty_data');
      continue;
    }
    const json = parsed(event.data);
    if (!json) {
      seen.add(event.terminated ? 'bad_json' : 'event_cut');
      continue;
    }
    if (!event.terminated) seen.add('unterminated_event');
    payloads.push({ type: event.type, json: json.value });
  }
  const whole = stream.events.length === 0 ? parsed(stream.text) : null;
  if (whole) {
    seen.add('not_a_stream');
    payloads.push({ type: 'message', json: whole.value });
  }
  if (done) seen.add('done');
  return payloads;
}

function is_text(value) {
  return typeof value === 'string' && value !== '';
}

function is_complete_json(text) {
  return parsed(text) !== null;
}

// SPEC 2, the table of tool-call pieces: the call this piece belongs to, or null for a new one.
function call_of_piece(calls, piece, seen) {
  if (piece.id) {
    const same_id = calls.find((call) => call.ids.has(piece.id));
    if (same_id) return same_id;
  }
  const here = calls.filter((call) => call.index === piece.index);
  if (here.length === 0) return null;
  const active = here.reduce((a, b) => (b.active > a.active ? b : a));
  const other_id_seen = here.some((call) => call.ids.size > 0);
  if (piece.id && other_id_seen) {
    if (piece.name) seen.add('tool_index_reused');
    else seen.add('tool_id_changed');
    return piece.name ? null : active;
  }
  const no_ids = !piece.id && !other_id_seen;
  if (no_ids && piece.name && active.name && piece.name !== active.name) {
    if (is_complete_json(active.arguments)) return null;
  }
  return active;
}

function arguments_text(value, seen) {
  if (typeof value === 'string') return value;
  if (value === null) seen.add('tool_arguments_null');
  if (value === null || value === undefined) return '';
  seen.add('tool_arguments_not_text');
  return JSON.stringify(value);
}

function add_tool_piece(choice, wire, seen) {
  const body = wire.function ?? wire.custom ?? {};
  const given = wire.index ?? body.index;
  if (!Number.isInteger(given)) seen.add('tool_index_missing');
  else if (given < 0) seen.add('tool_index_negative');
  const piece = {
    index: Number.isInteger(given) ? given : 0,
    id: is_text(wire.id) ? wire.id : '',
    name: is_text(body.name) ? body.name : '',
    text: arguments_text(body.arguments ?? body.input, seen),
  };
  if (body.arguments === null) seen.add('tool_arguments_null');
  let call = call_of_piece(choice.calls, piece, seen);
  if (!call) {
    call = { index: piece.index, id: '', ids: new Set(), name: '', arguments: '', active: 0 };
    choice.calls.push(call);
  }
  if (piece.id) call.ids.add(piece.id);
  if (!call.id) call.id = piece.id;
  if (piece.name && call.name) {
    seen.add(piece.name === call.name ? 'tool_name_resent' : 'tool_name_changed');
  }
  if (piece.name) call.name = piece.name;
  call.arguments += piece.text;
  call.active = ++choice.pieces;
}

function reasoning_text(delta) {
  if (is_text(delta.reasoning_content)) return delta.reasoning_content;
  if (is_text(delta.reasoning)) return delta.reasoning;
  const details = Array.isArray(delta.reasoning_details) ? delta.reasoning_details : [];
  return details.map((detail) => detail?.text ?? detail?.summary ?? '').join('');
}

function content_text(content, seen) {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  seen.add('content_parts');
  return content.map((part) => (typeof part?.text === 'string' ? part.text : '')).join('');
}

function add_delta(choice, delta, seen) {
  if (is_text(delta.role)) choice.role = delta.role;
  choice.content += content_text(delta.content, seen);
  choice.refusal += is_text(delta.refusal) ? delta.refusal : '';
  const reasoning = reasoning_text(delta);
  if (reasoning && !is_text(delta.reasoning_content) && !is_text(delta.reasoning)) {
    seen.add('reasoning_details_only');
  }
  choice.reasoning += reasoning;
  for (const piece of delta.tool_calls ?? []) add_tool_piece(choice, piece ?? {}, seen);
  if (delta.function_call) {
    seen.add('function_call');
    add_tool_piece(choice, { index: 0, function: delta.function_call }, seen);
  }
}

function choice_at(reading, index) {
  if (!reading.choices.has(index)) {
    reading.choices.set(index, {
      index, role: '', content: '', refusal: '', reasoning: '', finish: null, calls: [], pieces: 0,
    });
  }
  return reading.choices.get(index);
}

function add_choice(reading, wire, any_delta, seen) {
  if (!Number.isInteger(wire?.index)) seen.add('choice_index_missing');
  const choice = choice_at(reading, Number.isInteger(wire?.index) ? wire.index : 0);
  if (wire.message) seen.add('message_in_chunk');
  if (wire.delta) add_delta(choice, wire.delta, seen);
  else if (!any_delta && wire.message) add_delta(choice, wire.message, seen);
  else if (!any_delta && is_text(wire.text)) {
    seen.add('text_in_chunk');
    choice.content += wire.text;
  }
  if (!is_text(wire.finish_reason)) return;
  if (choice.finish && choice.finish !== wire.finish_reason) seen.add('finish_changed');
  choice.finish = wire.finish_reason;
}

// SPEC 2: merged by member, last wins; all zeros say nothing.
function add_usage(reading, wire, seen) {
  if (!wire || typeof wire !== 'object') return;
  const found = {
    input: wire.prompt_tokens ?? null,
    output: wire.completion_tokens ?? null,
    total: wire.total_tokens ?? null,
    reasoning: wire.completion_tokens_details?.reasoning_tokens ?? wire.reasoning_tokens ?? null,
  };
  if (Object.values(found).every((count) => !count)) {
    if (found.input === 0 || found.output === 0) seen.add('usage_zero');
    return;
  }
  for (const [member, count] of Object.entries(found)) {
    if (count !== null) reading.usage[member] = count;
  }
}

function add_payload(reading, payload, any_delta, seen) {
  const json = payload.json;
  if (json === null || typeof json !== 'object') return;
  if (json.error || payload.type === 'error') {
    seen.add('error_object');
    reading.errors.push(json.error ?? json);
  }
  for (const member of ['id', 'model']) {
    if (!is_text(json[member])) {
      seen.add(`${member}_empty`);
    } else if (!reading[member]) {
      reading[member] = json[member];
    } else if (reading[member] !== json[member]) {
      seen.add(`${member}_changed`);
    }
  }
  if (!Array.isArray(json.choices)) seen.add('choices_missing');
  for (const wire of json.choices ?? []) {
    add_choice(reading, wire, any_delta, seen);
    if (wire?.usage) seen.add('usage_in_choice');
    add_usage(reading, wire?.usage, seen);
  }
  if (json.x_groq?.usage) seen.add('usage_in_x_groq');
  add_usage(reading, json.x_groq?.usage, seen);
  add_usage(reading, json.usage, seen);
  if (json.usage === null && reading.usage.total !== null) seen.add('usage_nulled');
}

function finished_usage(usage, seen) {
  const { input, output, total, reasoning } = usage;
  if (reasoning > 0 && total === input + output + reasoning) {
    seen.add('reasoning_counted_apart');
    return { ...usage, output: output + reasoning };
  }
  return usage;
}

function finished_call(call, seen) {
  if (!call.id) seen.add('tool_id_missing');
  return { id: call.id || null, name: call.name, arguments: call.arguments };
}

function is_empty(choice) {
  const { content, refusal, reasoning, finish, calls } = choice;
  return !content && !refusal && !reasoning && !finish && calls.length === 0;
}

// {seen: set of names, reading: {choices: Map index -> {content, refusal, reasoning, finish, role,
// tool_calls}, usage, id, model, errors}}. An id of null means that one has to be made.
export function facts_of(bytes) {
  const seen = new Set();
  const payloads = payloads_of(events_of(bytes), seen);
  const reading = {
    choices: new Map(),
    usage: { input: null, output: null, total: null, reasoning: null },
    id: null,
    model: null,
    errors: [],
  };
  // A stream is read from front to back: what came before the first delta was already shown.
  let any_delta = false;
  for (const payload of payloads) {
    any_delta ||= payload.json?.choices?.some?.((choice) => choice?.delta) ?? false;
    add_payload(reading, payload, any_delta, seen);
  }
  reading.usage = finished_usage(reading.usage, seen);
  for (const choice of reading.choices.values()) {
    const indexes = new Set(choice.calls.map((call) => call.index));
    if (indexes.size > 0 && Math.max(...indexes) >= indexes.size) seen.add('tool_index_sparse');
    choice.calls.sort((a, b) => a.index - b.index);
    choice.tool_calls = choice.calls.map((call) => finished_call(call, seen));
    if (!choice.role) seen.add('role_missing');
    if (/<\/?(think|thinking|reasoning|thought|REASONING_SCRATCHPAD)\b/i.test(choice.content)) {
      seen.add('think_tags');
    }
    if (kErrorWords.includes(choice.finish)) seen.add('finish_error');
  }
  if (reading.choices.size > 1) seen.add('several_choices');
  if ([...reading.choices.values()].every(is_empty)) seen.add('nothing_received');
  return { seen, reading };
}
