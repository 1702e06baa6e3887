// Feeds recorded bodies to the AI SDK (`streamText` with the provider's package) and prints what it
// makes of each.
//
//   node client_ai_sdk.mjs PROTOCOL FILE... | PROTOCOL --list FILE   one JSON line a body on stdout
//
// `finish` is the provider's own word, `unified_finish` the AI SDK's. Calls of tools that the
// provider runs are apart.
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { createAmazonBedrockAnthropic } from '@ai-sdk/amazon-bedrock/anthropic';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createCohere } from '@ai-sdk/cohere';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createMistral } from '@ai-sdk/mistral';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import {
  collected, error_text, fetch_of, is_program, known, run_client,
} from './recorded_body.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const kModels = {
  'openai-chat': (options, name) => createOpenAICompatible({ ...options, name: 'recorded' })(name),
  'openai-responses': (options, name) => createOpenAI(options).responses(name),
  'anthropic-messages': (options, name) => createAnthropic(options)(name),
  gemini: (options, name) => createGoogleGenerativeAI(options)(name),
  mistral: (options, name) => createMistral(options)(name),
  cohere: (options, name) => createCohere(options)(name),
  'bedrock-converse': (options, name) => createAmazonBedrock({ ...options, region: 'x' })(name),
  'bedrock-invoke': (options, name) =>
    createAmazonBedrockAnthropic({ ...options, region: 'x' })(name),
};

export function model_of(protocol, options, name) {
  return kModels[protocol](options, name);
}

function add_call(result, part) {
  if (part.providerExecuted) {
    result.provider_tools.push(part.toolName);
    return;
  }
  const text = typeof part.input === 'string' ? part.input : JSON.stringify(part.input ?? {});
  result.tool_calls.push({ id: part.toolCallId, name: part.toolName, arguments: text });
}

function add_finish(result, part) {
  result.finish = part.rawFinishReason ?? null;
  result.unified_finish = part.finishReason;
  const usage = part.totalUsage ?? {};
  result.usage = known({
    input: usage.inputTokens,
    output: usage.outputTokens,
    cache_read: usage.inputTokenDetails?.cacheReadTokens,
    reasoning: usage.outputTokenDetails?.reasoningTokens,
  });
}

function add_part(result, part, state) {
  if (part.type === 'text-delta') result.text += part.text;
  if (part.type === 'reasoning-delta' && part.text) {
    const key = part.id;
    const separator = state.block === undefined || state.block === key ? '' : '\n\n';
    state.block = key;
    result.reasoning += separator + part.text;
  }
  if (part.type === 'reasoning-end') state.block = state.block === undefined ? undefined : null;
  if (part.type === 'tool-call') add_call(result, part);
  if (part.type === 'error') result.errors.push(error_text(part.error?.message ?? part.error));
  if (part.type === 'finish') add_finish(result, part);
}

// `settings` of the AI SDK's functions.
function read(model, settings) {
  const abort = new AbortController();
  return collected(async (result) => {
    result.errors = [];
    const stream = streamText({
      model, prompt: 'recorded', abortSignal: abort.signal, onError: () => {}, ...settings,
    });
    const state = {};
    for await (const part of stream.fullStream) add_part(result, part, state);
    if (result.errors.length > 0) result.error = result.errors.join(' | ');
  }, () => abort.abort());
}

function read_whole(model, settings) {
  return collected(async (result) => {
    const reply = await generateText({ model, prompt: 'recorded', ...settings });
    result.text = reply.text;
    result.reasoning = reply.reasoningText ?? '';
    for (const call of reply.toolCalls) add_call(result, call);
    add_finish(result, reply);
  });
}

export function stream_sides(protocol, model, settings = {}) {
  return { [`ai ${protocol}`]: () => read(model, settings) };
}

export function whole_sides(protocol, model, settings = {}) {
  return { [`ai ${protocol} whole`]: () => read_whole(model, settings) };
}

if (is_program(import.meta.url)) {
  const protocol = process.argv.splice(2, 1)[0];
  if (!kModels[protocol]) {
    console.error(`usage: node client_ai_sdk.mjs ${Object.keys(kModels).join('|')} FILE...`);
    process.exit(2);
  }
  await run_client((path) => {
    const options = {
      apiKey: 'none', baseURL: 'http://recorded.invalid/v1', fetch: fetch_of(path),
    };
    return stream_sides(protocol, model_of(protocol, options, 'recorded'), { maxRetries: 0 });
  });
}
