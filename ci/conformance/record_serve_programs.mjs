// Programs that the mode record-serve runs.
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const kTimeLimitMs = 90_000;

// Runs until it ends, or is killed at the time limit: {code, stdout}. stderr goes to file `log`.
export function run_program(words, { env = process.env, log }) {
  const errors = openSync(log, 'a');
  return new Promise((resolve, reject) => {
    const child = spawn(words[0], words.slice(1), { env, stdio: ['ignore', 'pipe', errors] });
    closeSync(errors);
    const pieces = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), kTimeLimitMs);
    child.stdout.on('data', (piece) => pieces.push(piece));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, stdout: Buffer.concat(pieces).toString('utf8') });
    });
  });
}

// A private authority and a certificate of it for localhost, made in the folder: {ca_file,
// certificate, key}; null where there is no openssl.
export async function certificates_in(folder) {
  const at = (name) => join(folder, name);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const make = (words) => run_program(['openssl', 'req', '-x509', ...curve, ...words],
    { log: at('openssl.log') });
  try {
    const authority = await make(['-subj', '/CN=record-serve authority',
      '-keyout', at('ca.key'), '-out', at('ca.pem')]);
    const leaf = await make(['-subj', '/CN=localhost', '-keyout', at('leaf.key'),
      '-out', at('leaf.pem'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'),
      '-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE']);
    if (authority.code !== 0 || leaf.code !== 0) {
      throw new Error(readFileSync(at('openssl.log'), 'utf8'));
    }
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
  return {
    ca_file: at('ca.pem'), certificate: readFileSync(at('leaf.pem')),
    key: readFileSync(at('leaf.key')),
  };
}
