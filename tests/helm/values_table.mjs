// The table of values in the chart's README.md, made from the comments of values.yaml.
//
//   node tests/helm/values_table.mjs --write     writes it between its marks
import { writeFileSync } from 'node:fs';
import { chart, packages, parse, readText } from './chart.mjs';

const YAML = packages('yaml');
const marks = ['<!-- values: begin -->\n', '<!-- values: end -->'];
const readme = `${chart}/README.md`;

// What a comment says after `# --`, with the lines that follow it; undefined without one.
function described(comment) {
  const start = (comment ?? '').lastIndexOf(' -- ');
  return start < 0
    ? undefined
    : comment
        .slice(start + 4)
        .replace(/\s+/g, ' ')
        .trim();
}

// A comment before the first key of a map belongs to the map, in the eyes of the parser.
const commentOf = (pair, map) => pair.key.commentBefore ?? (map.items[0] === pair ? map.commentBefore : undefined);

// Lines of the table, and the values that no comment describes.
function walk(map, path, rows, silent) {
  for (const pair of map.items) {
    const name = [...path, pair.key.value].join('.');
    const text = described(commentOf(pair, map));
    if (text) rows.push({ name, fallback: pair.value.toJSON(), text });
    else if (YAML.isMap(pair.value) && pair.value.items.length > 0)
      walk(pair.value, [...path, pair.key.value], rows, silent);
    else silent.push(name);
  }
}

export function describedValues() {
  const rows = [];
  const silent = [];
  walk(YAML.parseDocument(readText(`${chart}/values.yaml`)).contents, [], rows, silent);
  return { rows, silent };
}

// Lists and maps on one line; those of some length are looked up in values.yaml.
function shown(value) {
  if (value === '') return '';
  const text =
    typeof value === 'string' ? value : YAML.stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return text.length > 60 ? 'see values.yaml' : `\`${text}\``;
}

export function table() {
  const lines = describedValues().rows.map(
    ({ name, fallback, text }) => `| \`${name}\` | ${shown(fallback)} | ${text} |`,
  );
  return ['| Value | Default | What it is |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

// README.md before the table, the table, and what follows.
function partsOfReadme() {
  const text = readText(readme);
  const [begin, end] = [text.indexOf(marks[0]) + marks[0].length, text.indexOf(marks[1])];
  return [text.slice(0, begin), text.slice(begin, end), text.slice(end)];
}

export const tableInReadme = () => partsOfReadme()[1];

export const defaults = () => parse(readText(`${chart}/values.yaml`));

if (process.argv[2] === '--write') {
  const [before, , behind] = partsOfReadme();
  writeFileSync(readme, before + table() + behind);
}
