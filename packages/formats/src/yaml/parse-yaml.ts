import { Composer, type CST, Parser } from 'yaml';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';

/** What YAML 1.2 says in its core schema; integers are bigints, so that long numbers stay what they are. */
export type YamlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly YamlValue[]
  | ReadonlyMap<YamlValue, YamlValue>;

/**
 * The first document of the text. Undefined for what is not YAML, or is YAML with aliases: reports have none, but have
 * `*.example.org` for a value. The tokens are counted before anything is made of them.
 * @throws FormatsError `FORMATS_LIMIT`
 */
export function parseYaml(text: string, limits: FormatsLimits): YamlValue | undefined {
  const tokens: CST.Token[] = [];
  for (const token of new Parser().parse(text)) {
    tokens.push(token);
    if (token.type === 'document') break;
  }
  if (!isPlain(tokens, limits)) return undefined;
  const composer = new Composer({ version: '1.2', schema: 'core', intAsBigInt: true, logLevel: 'silent' });
  for (const document of composer.compose(tokens)) {
    if (document.errors.length > 0) return undefined;
    return document.toJS({ mapAsMap: true, maxAliasCount: 0 }) as YamlValue;
  }
  return undefined;
}

/** Whether there is no alias; walks the tokens without recursion, as their parser does. */
function isPlain(tokens: readonly CST.Token[], { maxNesting, maxNodes }: FormatsLimits): boolean {
  const left = tokens.map((token) => ({ token, nesting: 0 }));
  let nodes = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, nesting } = next;
    if (++nodes > maxNodes) {
      throw new FormatsError('FORMATS_LIMIT', `more values in the YAML text than maxNodes, ${maxNodes}`);
    }
    if (nesting > maxNesting) {
      throw new FormatsError('FORMATS_LIMIT', `the YAML text nests deeper than maxNesting, ${maxNesting}`);
    }
    switch (token.type) {
      case 'alias':
        return false;
      case 'document':
        if (token.value) left.push({ token: token.value, nesting });
        break;
      case 'block-map':
      case 'block-seq':
      case 'flow-collection':
        for (const item of token.items) {
          if (item.key) left.push({ token: item.key, nesting: nesting + 1 });
          if (item.value) left.push({ token: item.value, nesting: nesting + 1 });
        }
        break;
      default:
        break;
    }
  }
  return true;
}
