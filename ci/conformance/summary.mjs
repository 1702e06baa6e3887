// Prints one row a report of compare.mjs and compare_protocol.mjs: bodies, equal ones, classes.
//
//   node summary.mjs REPORT.json...
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

// Both reports, in the members that the table needs.
function row_of(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const sides = report.sides ?? {
    'openai raw': { equal: report.raw_equal, files: report.files },
    'openai .stream()': { equal: report.helper_equal, files: report.files },
  };
  const counts = Object.entries(report.classes)
    .map(([name, found]) => [name, found.differences ?? found.length])
    .filter(([, count]) => count > 0);
  return {
    name: basename(path).split('.')[0], files: report.files, sides, counts,
    open: report.unclassified.length,
  };
}

function text_of(columns) {
  const [name, client, bodies, equal] = columns;
  return [name.padEnd(20), client.padEnd(24), String(bodies).padStart(7), String(equal).padStart(7)]
    .join(' ');
}

console.log(text_of(['protocol', 'client', 'bodies', 'equal']));
for (const path of process.argv.slice(2)) {
  const { name, sides, counts, open } = row_of(path);
  for (const [client, { files, equal }] of Object.entries(sides)) {
    console.log(text_of([name, client, files, equal]));
  }
  const differences = counts.reduce((sum, [, count]) => sum + count, 0);
  console.log(`${''.padEnd(20)} ${differences} differences in ${counts.length} classes, `
    + `${open} without a class`);
}
