import type { Name } from '../statement.ts';
import type {
  ContainedSelect,
  EventFilter,
  JoinKind,
  PatternSource,
  StreamNode,
  WindowNode,
} from '../stream.ts';
import { printAnnotations } from './annotation.ts';
import { printExpression, printList } from './expression.ts';
import { joinWords, printName } from './name.ts';
import { printPattern } from './pattern.ts';
import { printItems, printWhere } from './select.ts';

const joins: Readonly<Record<JoinKind, string>> = {
  comma: ', ',
  inner: ' inner join ',
  left: ' left outer join ',
  right: ' right outer join ',
  full: ' full outer join ',
};

export const printFrom = (streams: readonly StreamNode[]): string =>
  streams
    .map((stream) => {
      const on = stream.on === undefined ? '' : ` on ${printExpression(stream.on)}`;
      return `${stream.join === undefined ? '' : joins[stream.join]}${printStream(stream)}${on}`;
    })
    .join('');

export const printStream = ({ source, windows, alias, unidirectional, retain }: StreamNode): string =>
  joinWords(
    printSource(source) + printWindows(windows),
    printAs(alias),
    unidirectional && 'unidirectional',
    retain && `retain-${retain}`,
  );

export const printAs = (alias: Name | undefined): string | undefined =>
  alias && `as ${printName(alias.name)}`;

export const printSource = (source: EventFilter | PatternSource): string =>
  source.kind === 'pattern' ? printPatternSource(source) : printEventFilter(source);

const printPatternSource = ({ annotations, root }: PatternSource): string =>
  joinWords('pattern', printAnnotations(annotations), `[${printPattern(root)}]`);

export function printEventFilter({ type, filters, contained }: EventFilter): string {
  const filter = filters.length === 0 ? '' : `(${printList(filters)})`;
  return `${printName(type.name)}${filter}${printContained(contained)}`;
}

export const printContained = (contained: readonly ContainedSelect[]): string =>
  contained.map(printOneContained).join('');

const printOneContained = ({ items, property, type, alias, where }: ContainedSelect): string =>
  `[${joinWords(
    items && `select ${printItems(items)} from`,
    printExpression(property),
    type && `@type(${printName(type.name)})`,
    printAs(alias),
    printWhere(where),
  )}]`;

export const printWindows = (windows: readonly WindowNode[]): string =>
  windows
    .map(({ namespace, name, arguments: list }) => {
      const space = namespace === undefined ? '' : `${namespace}:`;
      return `#${space}${name}(${printList(list)})`;
    })
    .join('');
