const INDENT = '  ';
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with line breaks and indents; undefined for what is none. Only white space changes: reading the values and
 * writing them again would round long numbers and drop zeros, and this is shown as proof of what was sent.
 */
export function prettyJson(text: string): string | undefined {
  if (!isStructure(text)) return undefined;
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let out = '';
  const newLine = () => `\n${INDENT.repeat(depth)}`;
  tokens.forEach((token, at) => {
    if (token === '{' || token === '[') {
      depth += 1;
      out += token + (isClosing(tokens[at + 1]) ? '' : newLine());
    } else if (isClosing(token)) {
      depth -= 1;
      out += (isOpening(tokens[at - 1]) ? '' : newLine()) + token;
    } else if (token === ',') out += token + newLine();
    else out += token === ':' ? ': ' : token;
  });
  return out;
}

const isOpening = (token: string | undefined) => token === '{' || token === '[';
const isClosing = (token: string | undefined) => token === '}' || token === ']';

function isStructure(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
