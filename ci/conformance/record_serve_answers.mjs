// Answers of the upstream of the mode record-serve: a body in awkward pieces, its framing, and how
// it ends. The provider's headers are odd on purpose, but well-formed.

const kPieces = 40;  // of a body, about; so many again by its size
const kPieceLengths = [1, 2, 3, 5, 7, 11, 64, 190, 13, 1, 450, 29];
const kWrites = 90;
const kPauseMs = 2;

// Behind these bytes a body is cut: inside a character, inside `data:`, between CR and LF, between
// the two line feeds at the end of an event.
function awkward_borders(bytes) {
  const borders = [];
  for (let at = 1; at < bytes.length; ++at) {
    const in_character = (bytes[at] & 0xc0) === 0x80;
    const in_field = bytes.toString('latin1', at - 2, at + 3) === 'data:';
    const in_line_end = bytes[at] === 0x0a && (bytes[at - 1] === 0x0d || bytes[at - 1] === 0x0a);
    if (in_character || in_field || in_line_end) borders.push(at);
  }
  const step = Math.max(1, Math.floor(borders.length / kPieces));
  return borders.filter((_, place) => place % step === 0);
}

function pieces_of(bytes, borders) {
  const all = [0, ...borders, bytes.length];
  return all.slice(1).map((end, place) => bytes.subarray(all[place], end))
    .filter((piece) => piece.length > 0);
}

function body_pieces(bytes) {
  const borders = new Set(awkward_borders(bytes));
  const factor = Math.max(1, Math.ceil(bytes.length / (kPieces * 60)));
  for (let at = 0, place = 0; at < bytes.length; ++place) {
    at += kPieceLengths[place % kPieceLengths.length] * factor;
    if (at < bytes.length) borders.add(at);
  }
  return pieces_of(bytes, [...borders].sort((a, b) => a - b));
}

// The message in writes whose borders are none of its pieces': inside the head and inside chunk
// sizes, too.
function writes_of(message) {
  const step = Math.max(17, Math.ceil(message.length / kWrites));
  const borders = [];
  for (let at = step; at < message.length; at += step) borders.push(at);
  return pieces_of(message, borders);
}

function head_of(status, headers) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} Whatever it says\r\n${lines.join('')}\r\n`, 'latin1');
}

function chunk_of(piece, place, extension) {
  const size = piece.length.toString(16);
  const written = place % 2 === 0 ? size : `00${size.toUpperCase()}`;
  return Buffer.concat([Buffer.from(`${written}${extension}\r\n`), piece, Buffer.from('\r\n')]);
}

// The body's pieces as the framing wants them, and its header line.
function framed(body, framing, is_cut) {
  const pieces = body_pieces(body);
  if (framing === 'until close') return { pieces, framing_header: ['Connection', 'close'] };
  // Of a cut answer the length promises more.
  const length = body.length + (is_cut ? 100 : 0);
  if (framing === 'length') return { pieces, framing_header: ['content-length', length] };
  const has_trailers = framing === 'chunked with trailers';
  const extension = has_trailers ? ';name="a value"' : '';
  const chunks = pieces.map((piece, place) => chunk_of(piece, place, extension));
  const last = Buffer.from(`0\r\n${has_trailers ? 'X-Checksum: none\r\n' : ''}\r\n`);
  return {
    pieces: is_cut ? chunks : [...chunks, last], framing_header: ['TRANSFER-ENCODING', 'chunked'],
  };
}

const kOddHeaders = [
  ['DATE', 'Fri, 01 Jan 2021 00:00:00 GMT'], ['x-request-id', 'request-of-the-upstream'],
  ['Set-Cookie', 'a=1; Path=/'], ['set-cookie', 'b=2; Path=/'], ['X-Empty', ''],
  ['Cache-Control', 'no-cache,  no-store'],
];

// A client that has read [DONE] may close before the end of the message; the rest is drained.
const kReasons = {
  keep: 'complete or client_closed', fin: 'eof_early', reset: 'reset',
  'bare fin': 'eof_early or tls_error',
};

export const kFramings = ['chunked', 'chunked with trailers', 'until close', 'length'];

// An answer: {status, body, headers, trailers, writes, pause_ms, end, is_cut, reason}. `end` is
// what happens to the connection behind it: keep, fin, bare fin (of TLS without close_notify) or
// reset; where it is not to be kept, the message is cut. `reason` is how a recording has to tell
// that. An answer that is `paced` has a write for each piece and a pause behind it, so that the
// pieces arrive as reads of their own; others come as fast as they go, in borders that fit nothing.
export function answer_of({
  status = 200, type, body, framing, headers = [], end = 'keep', paced = false,
}) {
  const is_cut = end !== 'keep';
  const ends_in_close = framing === 'until close';
  const trailers = framing === 'chunked with trailers';
  const { framing_header, pieces } = framed(body, framing, is_cut);
  const all = [['Content-Type', type], ...kOddHeaders, ...headers];
  const message = [head_of(status, [...all, framing_header]), ...pieces];
  return {
    status, body, headers: all, trailers, is_cut, reason: kReasons[end],
    end: ends_in_close ? 'fin' : end,
    writes: paced ? message : writes_of(Buffer.concat(message)), pause_ms: paced ? kPauseMs : 0,
  };
}
