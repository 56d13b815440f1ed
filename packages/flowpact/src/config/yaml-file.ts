import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { closestKey } from './closest-key.ts';
import type { ConfigIssue } from './config-issue.ts';
import { configShape, knownKeys } from './config-shape.ts';

/** A configuration of more characters is none; it would only cost memory to find out why. */
const maxCharacters = 4 << 20;
/** Issues told of one file. */
const maxIssues = 50;

export type YamlReading<T> =
  | { readonly ok: true; readonly value: T; at(path: readonly PropertyKey[], message: string): ConfigIssue }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Reads YAML 1.2 text that has to be as the schema says; each issue has its place in the text. Never throws. */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlReading<T> {
  const lines = new LineCounter();
  const place = (offset: number, message: string): ConfigIssue => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  if (text.length > maxCharacters) {
    return { ok: false, issues: [place(0, `has more than ${maxCharacters} characters`)] };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  if (document.errors.length > 0) {
    return {
      ok: false,
      issues: document.errors.slice(0, maxIssues).map(({ pos, message }) => place(pos[0], message)),
    };
  }
  let data: unknown;
  try {
    // Aliases that stand for a great many values are refused by the library.
    data = document.toJS() ?? {};
  } catch (error) {
    return { ok: false, issues: [place(0, (error as Error).message)] };
  }

  /** The node at the path, or the nearest one above it. */
  const nodeAt = (path: readonly PropertyKey[]): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return undefined;
  };
  const at = (path: readonly PropertyKey[], message: string) =>
    place(nodeAt(path)?.range?.[0] ?? 0, `${pathText(path)}${message}`);
  const atKey = (path: readonly PropertyKey[], key: string, message: string) => {
    const parent = nodeAt(path);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const range = isNode(pair?.key) ? pair.key.range : undefined;
    return place(range?.[0] ?? 0, `${pathText([...path, key])}${message}`);
  };

  const result = schema.safeParse(data);
  if (result.success) return { ok: true, value: result.data, at };
  const shape = configShape(schema);
  const issues = flattened(result.error.issues).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [at(issue.path, messageOf(issue))];
    const known = knownKeys(shape, issue.path);
    return issue.keys.map((key) => atKey(issue.path, key, unknownKeyText(key, known)));
  });
  return { ok: false, issues: issues.slice(0, maxIssues) };
}

function unknownKeyText(key: string, known: readonly string[]): string {
  const close = closestKey(key, known);
  const hint = close === undefined ? '' : `; did you mean ${close}?`;
  return `is not known${hint} (known here: ${known.join(', ')})`;
}

/** Of a choice, the issues of the alternative that the writer came nearest to: the one with the deepest issue. */
function flattened(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const choices = issue.errors.map((each) => flattened(each));
    const deepest = (each: readonly z.core.$ZodIssue[]) =>
      Math.max(0, ...each.map(({ code, path }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
    const nearest = choices.reduce((a, b) => (deepest(b) > deepest(a) ? b : a), []);
    if (deepest(nearest) === 0) return [issue];
    return nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('received undefined')
        ? 'is missing'
        : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    int: 'a whole number',
    object: 'a mapping (key: value)',
    array: 'a list (- item)',
    boolean: 'true or false',
  };
  return words[type] ?? `a ${type}`;
}

/** `collectors[0].listen `; empty at the top. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')} `;
}
