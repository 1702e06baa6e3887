// Case files rewritten so that their turns are sent as AI SDK UI message streams: every case of a
// Markdown text with what it plays, and without what it expects.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const kKept = ['policy', 'recording', 'request', 'run', 'session', 'stream'];

// The cases: [{heading, blocks: [{kind, opening, fence, text}]}].
function cases_of(text) {
  const cases = [];
  let block = null;
  for (const line of text.split('\n')) {
    const fence = line.match(/^(`{3,}|~{3,})\s*(\S*)/);
    if (block) {
      if (fence && fence[1].startsWith(block.fence) && fence[2] === '') block = null;
      else block.text += line + '\n';
    } else if (fence) {
      block = { kind: fence[2], opening: line, fence: fence[1], text: '' };
      cases.at(-1)?.blocks.push(block);
    } else if (line.startsWith('## ')) {
      cases.push({ heading: line, blocks: [] });
    }
  }
  return cases.filter(({ blocks }) =>
    blocks.some(({ kind }) => kind === 'stream' || kind === 'recording'));
}

function block_text({ opening, fence, text }) {
  return `${opening}\n${text}${fence}\n`;
}

function json_block(kind, blocks, change) {
  const value = JSON.parse(blocks.find((block) => block.kind === kind)?.text ?? '{}');
  change(value);
  return block_text({ opening: '```' + kind, fence: '```', text: `${JSON.stringify(value)}\n` });
}

function rewritten(block, folder) {
  if (block.kind !== 'recording') return block_text(block);
  return block_text({ ...block, text: `${resolve(folder, block.text.trim())}\n` });
}

// The file's cases as UI message streams, with reasoning or without; null where it has none.
export function ui_case_file(path, reasoning) {
  const folder = dirname(path);
  const cases = cases_of(readFileSync(path, 'utf8'));
  if (cases.length === 0) return null;
  const texts = cases.map(({ heading, blocks }) => {
    const others = blocks.filter(({ kind }) => kKept.includes(kind) && kind !== 'run'
      && kind !== 'policy');
    const run = json_block('run', blocks, (value) => { value.downstream = 'ai-sdk-ui'; });
    const policy = json_block('policy', blocks, (value) => {
      value.downstream = { ...value.downstream, reasoning: reasoning ? 'reasoning' : '' };
    });
    return [heading + '\n', run, policy, ...others.map((block) => rewritten(block, folder))]
      .join('\n');
  });
  return `# ${path}\n\n${texts.join('\n')}`;
}

export function markdown_files(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return markdown_files(path);
    return path.endsWith('.md') ? [path] : [];
  });
}
