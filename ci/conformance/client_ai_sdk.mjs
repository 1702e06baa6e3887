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
import { streamText } from 'ai';
import { collected, error_text, fetch_of, known, run_client } from './recorded_body.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const kModels = {
  'openai-chat': (options) => createOpenAICompatible({ ...options, name: 'recorded' })('recorded'),
  'openai-responses': (options) => createOpenAI(options).responses('recorded'),
  'anthropic-messages': (options) => createAnthropic(options)('recorded'),
  gemini: (options) => createGoogleGenerativeAI(options)('recorded'),
  mistral: (options) => createMistral(options)('recorded'),
  cohere: (options) => createCohere(options)('recorded'),
  'bedrock-converse': (options) => createAmazonBedrock({ ...options, region: 'x' })('recorded'),
  'bedrock-invoke': (options) =>
    createAmazonBedrockAnthropic({ ...options, region: 'x' })('recorded'),
};

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

function read(path) {
  const abort = new AbortController();
  return collected(async (result) => {
    result.errors = [];
    const options = {
      apiKey: 'none', baseURL: 'http://recorded.invalid/v1', fetch: fetch_of(path),
    };
    const stream = streamText({
      model: kModels[protocol](options),
      prompt: 'recorded',
      maxRetries: 0,
      abortSignal: abort.signal,
      onError: () => {},
    });
    const state = {};
    for await (const part of stream.fullStream) add_part(result, part, state);
    if (result.errors.length > 0) result.error = result.errors.join(' | ');
  }, () => abort.abort());
}

const protocol = process.argv.splice(2, 1)[0];
if (!kModels[protocol]) {
  console.error(`usage: node client_ai_sdk.mjs ${Object.keys(kModels).join('|')} FILE...`);
  process.exit(2);
}
await run_client(() => ({ [`ai ${protocol}`]: read }));
