import { alternatives, type ConfigShape } from './config-shape.ts';

/** The page on all keys of a configuration, as Markdown. */
export function configReference(shape: ConfigShape): string {
  return [
    '# The configuration of `flowpact run`',
    'A YAML file, `flowpact.yaml` unless told otherwise. `flowpact config example` prints one to begin with, `config check`\n' +
      'tells each error with its place, `config print` fills in the defaults, `config schema` gives editors what they need to\n' +
      'complete keys. Relative paths are relative to the file. A secret never stands in the file itself: keys like\n' +
      '`passwordFile` name the file that it is in.',
    'Made from the schema by `npx vitest run packages/flowpact/test/config/config-reference.test.ts -u`; a test fails where\n' +
      'this page and the schema differ.',
    ...sections('', shape),
  ].join('\n\n');
}

/** A table of the keys of an object, and behind it those of the objects in it. */
function sections(path: string, shape: ConfigShape): string[] {
  const properties = Object.entries(shape.properties ?? {});
  const rows = properties.map(([key, value]) => row(key, value, shape.required?.includes(key) ?? false));
  const table = `| key | value | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}`;
  const heading = path === '' ? [] : [`## \`${path}\``];
  const about = path === '' || shape.description === undefined ? [] : [shape.description];
  const nested = properties.flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return [
      ...objectsIn(value).flatMap((object) => sections(at, object)),
      ...alternatives(value).flatMap(({ items, description = value.description }) =>
        items === undefined
          ? []
          : objectsIn(items).flatMap((object) =>
              sections(`${at}[]`, description === undefined ? object : { ...object, description }),
            ),
      ),
    ];
  });
  return [...heading, ...about, ...(rows.length === 0 ? [] : [table]), ...nested];
}

const objectsIn = (shape: ConfigShape) =>
  alternatives(shape).filter(({ properties }) => properties !== undefined);

function row(key: string, shape: ConfigShape, isRequired: boolean): string {
  const isGroup = objectsIn(shape).length > 0;
  const standard =
    shape.default === undefined || isGroup
      ? isRequired
        ? 'required'
        : ''
      : `\`${JSON.stringify(shape.default)}\``;
  const cells = [`\`${key}\``, valueText(shape), standard, shape.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueText(shape: ConfigShape): string {
  const { type, items, anyOf, minimum, maximum } = shape;
  if (anyOf !== undefined) return [...new Set(anyOf.map(valueText))].join(' or ');
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shape.const !== undefined) return `\`${String(shape.const)}\``;
  switch (type) {
    case 'integer':
    case 'number': {
      const whole = type === 'integer' ? 'whole number' : 'number';
      const low = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : ` from ${minimum}`;
      const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
      return `${whole}${low}${high}`;
    }
    case 'array':
      return `list of ${items === undefined ? 'values' : plural(valueText(items))}`;
    case 'object':
      return 'mapping';
    case 'string':
      return 'text';
    default:
      return type ?? 'any';
  }
}

const plural = (text: string) => (/^(?:text|mapping|whole number|number)$/.test(text) ? `${text}s` : text);
