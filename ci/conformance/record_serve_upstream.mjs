// A provider of raw sockets: every byte, border, header and ending of what it answers is given to
// it, and node's http module has no part in it.
//
// A request names its case (`case-17`) as its model, in its path or body; the answers of a case are
// given one after the other, and then from the first again.
import { createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

const kCase = /case-\d+/;
// So that a reset does not overtake what was written before it.
const kPauseBeforeResetMs = 60;
const kRequestBytesMax = 1 << 20;

// The first request in `bytes`, {text, size_bytes}, or null where more has to come.
function request_in(bytes) {
  const head_end = bytes.indexOf('\r\n\r\n');
  if (head_end < 0) return null;
  const head = bytes.toString('latin1', 0, head_end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (/^transfer-encoding:/im.test(head)) throw new Error('the upstream reads no chunked requests');
  const size_bytes = head_end + 4 + length;
  if (size_bytes > kRequestBytesMax) throw new Error('a request is too large for the upstream');
  if (bytes.length < size_bytes) return null;
  return { text: bytes.toString('utf8', 0, size_bytes), size_bytes };
}

export class Upstream {
  // `answers_of`: case -> [{writes, pause_ms, end}]; `writes` are buffers, `end` is keep, fin, bare
  // fin or reset. With `secure_context` it speaks TLS.
  constructor(answers_of, secure_context = null) {
    this.answers_of = answers_of;
    this.secure_context = secure_context;
    this.requests = [];  // {id, line, headers, body, answer} since the last reset()
    this.problems = [];
    this.sockets = new Set();
    this.server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  // The port of 127.0.0.1.
  listen() {
    return new Promise((resolve, reject) => {
      this.server.on('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port));
    });
  }

  // Forgets what was asked.
  reset() {
    this.requests = [];
  }

  stop() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => { this.server.close(resolve); });
  }

  #accept(raw) {
    this.sockets.add(raw);
    raw.on('close', () => this.sockets.delete(raw));
    raw.on('error', () => {});
    const socket = this.secure_context === null ? raw
      : new TLSSocket(raw, { isServer: true, secureContext: this.secure_context });
    if (socket !== raw) socket.on('error', () => {});
    let bytes = Buffer.alloc(0);
    let answered = Promise.resolve();
    socket.on('data', (piece) => {
      bytes = Buffer.concat([bytes, piece]);
      try {
        for (let found = request_in(bytes); found; found = request_in(bytes)) {
          bytes = bytes.subarray(found.size_bytes);
          const { text } = found;
          answered = answered.then(() => this.#answer(text, socket, raw));
        }
      } catch (error) {
        this.problems.push(error.message);
        raw.destroy();
      }
    });
  }

  async #answer(text, socket, raw) {
    const id = kCase.exec(text)?.[0];
    const answers = this.answers_of.get(id);
    const head_end = text.indexOf('\r\n\r\n');
    const [line, ...headers] = text.slice(0, head_end).split('\r\n');
    const body = text.slice(head_end + 4);
    if (!answers) {
      this.problems.push(`asked for no known case: ${line}`);
      raw.destroy();
      return;
    }
    const asked_before = this.requests.filter((request) => request.id === id).length;
    const answer = answers[asked_before % answers.length];
    this.requests.push({ id, line, headers, body, answer });
    for (const write of answer.writes) {
      socket.write(write);
      await (answer.pause_ms > 0 ? pause(answer.pause_ms) : turn());
    }
    if (answer.end === 'fin') socket.end();  // with TLS close_notify goes before
    if (answer.end === 'bare fin') raw.end();
    if (answer.end !== 'reset') return;
    await pause(kPauseBeforeResetMs);
    raw.resetAndDestroy();
  }
}
