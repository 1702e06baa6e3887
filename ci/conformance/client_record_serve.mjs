// One client of the mode record-serve: asks for its cases, one JSON line each on stdout.
//
//   node client_record_serve.mjs CASES.json EXIT_CODE [--state]
//
// A line is {id, side, result}; the order is that of CASES.json. A last line follows, {variables}:
// the base-URL variables there are; with `--state` also what /_playhead/state.json says. Ends with
// EXIT_CODE, so that it can be seen passing.
//
// The clients are made without a base URL: they find it in the environment. Those that read no
// variable (`ollama`, and of the AI SDK `google` and `openai-compatible`) are given what stands in
// the one that is documented for their provider.
import { readFileSync } from 'node:fs';

const kAtOnce = 16;
const { env } = process;

const kMake = {
  openai: async () => {
    const { default: OpenAI } = await import('openai');
    const chat = await import('./client_openai_chat.mjs');
    const responses = await import('./client_openai_responses.mjs');
    const client = new OpenAI();
    return ({ protocol, kind, id }) =>
      (protocol === 'openai-chat' ? chat : responses)[`${kind}_sides`](client, id);
  },
  anthropic: async () => {
    const { default: Anthropic } = await import('@anthropic-ai/sdk');
    const anthropic = await import('./client_anthropic.mjs');
    const client = new Anthropic();
    return ({ kind, id }) => anthropic[`${kind}_sides`](client, id);
  },
  gemini: async () => {
    const { GoogleGenAI } = await import('@google/genai');
    const gemini = await import('./client_gemini.mjs');
    // It does not retry unless it is told to, and does not read Retry-After then.
    const retryOptions = { attempts: 3, initialDelay: 0.05, jitter: 0 };
    const client = new GoogleGenAI({ httpOptions: { retryOptions } });
    return ({ kind, id }) => gemini[`${kind}_sides`](client, id);
  },
  ollama: async () => {
    const { Ollama } = await import('ollama');
    const ollama = await import('./client_ollama.mjs');
    const client = new Ollama({ host: env.OLLAMA_HOST });
    return ({ kind, id, generate }) => retried(ollama[`${kind}_sides`](client, id, generate));
  },
  ai: async () => {
    const ai = await import('./client_ai_sdk.mjs');
    const options = {
      'openai-chat': { baseURL: env.OPENAI_BASE_URL, apiKey: env.OPENAI_API_KEY },
      'openai-responses': {},
      'anthropic-messages': {},
      gemini: { baseURL: `${env.GOOGLE_GEMINI_BASE_URL}/v1beta` },
    };
    // It asks again after errors of the connection, too, and waits for seconds before it does.
    const settings = { maxRetries: 1 };
    return ({ protocol, kind, id }) =>
      ai[`${kind}_sides`](protocol, ai.model_of(protocol, options[protocol], id), settings);
  },
};

// The ollama client never asks again; an application has to.
function retried(sides) {
  const again = (read) => async () => {
    const result = await read();
    return result.error?.includes('says 429') ? read() : result;
  };
  return Object.fromEntries(Object.entries(sides).map(([name, read]) => [name, again(read)]));
}

async function results_of(cases, sides_of) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < cases.length) {
      const at = next++;
      results[at] = await sides_of(cases[at])[cases[at].side]();
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, work));
  return results;
}

const { run, cases } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const sides_of = await kMake[run]();
const results = await results_of(cases, sides_of);
const lines = cases.map(({ id, side }, at) => ({ id, side, result: results[at] }));
const variables = Object.fromEntries(Object.entries(env)
  .filter(([name]) => /_BASE_URL$|_API_URL$|_HOST$|^AWS_ENDPOINT_URL/.test(name)));
const last = { variables };
if (process.argv.includes('--state')) {
  const page = new URL('/_playhead/state.json', Object.values(variables)[0]);
  last.state = await (await fetch(page)).json();
}
lines.push(last);
process.stdout.write(lines.map((line) => JSON.stringify(line) + '\n').join(''), () => {
  process.exit(Number(process.argv[3]));
});
