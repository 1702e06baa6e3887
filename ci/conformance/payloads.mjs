// The JSON payloads of a recorded body, whatever its framing: what the classes are checked against.
//
// A plain reading without diagnostics; it never stands in for the client or for Playhead.
import { readFileSync } from 'node:fs';

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sse_events(text) {
  const events = [];
  const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
  for (const [at, block] of blocks.entries()) {
    const event = { type: '', data: [], terminated: at < blocks.length - 1 };
    for (const line of block.split(/\r\n|\n|\r/)) {
      if (line.startsWith('data:')) event.data.push(line.slice(5).replace(/^ /, ''));
      if (line.startsWith('event:')) event.type = line.slice(6).trim();
    }
    if (event.data.length > 0) events.push({ ...event, data: event.data.join('\n') });
    else if (/^\s*[{[]/.test(block)) events.push({ ...event, data: block, unframed: true });
  }
  return events;
}

// AWS event stream (WIRE 7.1): name and text of each header, then the payload.
function aws_frames(bytes) {
  const frames = [];
  let at = 0;
  while (at + 16 <= bytes.length) {
    const total = bytes.readUInt32BE(at);
    if (total < 16 || at + total > bytes.length) break;
    const payload_at = at + 12 + bytes.readUInt32BE(at + 4);
    const headers = {};
    for (let header = at + 12; header < payload_at;) {
      const name_end = header + 1 + bytes[header];
      const value_end = name_end + 3 + bytes.readUInt16BE(name_end + 1);
      headers[bytes.toString('utf8', header + 1, name_end)] =
        bytes.toString('utf8', name_end + 3, value_end);
      header = value_end;
    }
    frames.push({ headers, data: bytes.toString('utf8', payload_at, at + total - 4) });
    at += total;
  }
  return frames;
}

function aws_payload({ headers, data }) {
  const type = headers[':event-type'] ?? headers[':exception-type'] ?? '';
  const json = parsed(data);
  if (type !== 'chunk' || typeof json?.bytes !== 'string') return { type, data, json };
  const inner = Buffer.from(json.bytes, 'base64').toString('utf8');
  return { type, data: inner, json: parsed(inner) };
}

// [{type, data, json, terminated, unframed}]: `type` is the event's name where the framing has one;
// `json` is undefined where the data is no JSON; `terminated` is false for an SSE event without a
// blank line, `unframed` true for JSON outside of any event.
export function payloads_of(path) {
  const bytes = readFileSync(path);
  if (path.endsWith('.eventstream')) return aws_frames(bytes).map(aws_payload);
  const text = new TextDecoder().decode(bytes);
  if (path.endsWith('.jsonarray')) {
    const values = parsed(text) ?? [];
    return values.map((json) => ({ type: '', data: JSON.stringify(json), json }));
  }
  const events = path.endsWith('.ndjson') && !/^\s*(data|event):/.test(text)
    ? text.split(/\r?\n/).filter(Boolean).map((data) => ({ type: '', data }))
    : sse_events(text);
  return events.map((event) => ({ ...event, json: parsed(event.data) }));
}
