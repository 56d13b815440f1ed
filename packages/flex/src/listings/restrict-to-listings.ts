import { UnknownElement } from '../der/unknown-element.ts';
import { FlexError } from '../flex-error.ts';
import type { FlexRecord } from '../module/flex-record.ts';
import type { EventType, FlowType, FlowVersion, MsgType, Settings } from '../module/settings.ts';

/** What a record for a peer that knows only the published listings does not say as it was. */
export interface ListingsLoss {
  /** E.g. `settings.eventType`. */
  readonly path: string;
  readonly effect: 'approximated' | 'dropped';
  readonly note: string;
}

type Nearest<W extends string> = Readonly<Partial<Record<W, W>>>;
type Words<T> = Extract<T, string>;

/** For each word of the listings itself, for each word of ours the one next to it; none where none is honest. */
const messageTypes: Nearest<Words<MsgType>> = { alert: 'alert', request: 'request', feedback: 'feedback' };
const eventTypes: Nearest<Words<EventType>> = {
  cuC: 'cuC',
  dDoS: 'dDoS',
  amplifier: 'dDoS',
  botInfection: 'cuC',
};
const flowTypes: Nearest<Words<FlowType>> = {
  netflow: 'netflow',
  ipfix: 'ipfix',
  sflow: 'netflow',
  other: 'netflow',
};
const flowVersions: Nearest<Words<FlowVersion>> = {
  two: 'two',
  four: 'four',
  five: 'five',
  nine: 'nine',
  one: 'two',
  seven: 'five',
  eight: 'five',
  ten: 'nine',
  none: 'nine',
};

/**
 * The record in the root words of the enumerations of listing 6 (X.680, clause 20) and without additions to any
 * sequence, and what of it was lost thereby.
 * @throws FlexError `FLEX_UNSUPPORTED` for an event or a message type that the listings have no word near: a scan must
 * not be told as an attack.
 */
export function restrictToListings(record: FlexRecord): {
  readonly record: FlexRecord;
  readonly losses: readonly ListingsLoss[];
} {
  const losses: ListingsLoss[] = [];
  const { settings } = record;
  const word = <W extends string>(name: keyof Settings, value: W | number, nearest: Nearest<W>): W => {
    const found = typeof value === 'string' && Object.hasOwn(nearest, value) ? nearest[value] : undefined;
    const path = `settings.${name}`;
    if (found === undefined) {
      throw new FlexError('FLEX_UNSUPPORTED', `${path}: the FLEX listings have no word for ${value}`, {
        path,
      });
    }
    if (found !== value) losses.push({ path, effect: 'approximated', note: `${found} instead of ${value}` });
    return found;
  };
  const restricted = {
    ...record,
    settings: {
      ...settings,
      msgType: word('msgType', settings.msgType, messageTypes),
      eventType: word('eventType', settings.eventType, eventTypes),
      type: word('type', settings.type, flowTypes),
      version: word('version', settings.version, flowVersions),
    },
  };
  return { record: withoutAdditions(restricted, '', losses) as FlexRecord, losses };
}

/** @throws FlexError `FLEX_UNSUPPORTED`, naming the first field that the listings do not have. */
export function checkListings(record: FlexRecord): void {
  const [first] = restrictToListings(record).losses;
  if (first === undefined) return;
  const { path, note } = first;
  throw new FlexError('FLEX_UNSUPPORTED', `${path}: not in the FLEX listings: ${note}`, { path });
}

/** The same node without fields and values of later versions. */
function withoutAdditions(node: unknown, path: string, losses: ListingsLoss[]): unknown {
  if (node instanceof UnknownElement) {
    losses.push({ path, effect: 'dropped', note: 'a value of a later version' });
    return null;
  }
  if (Array.isArray(node)) return withoutAdditionsInList(node, path, losses);
  if (typeof node !== 'object' || node === null || !isPlain(node)) return node;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (name !== 'extensions') kept[name] = withoutAdditions(value, place, losses);
    else if (value !== undefined)
      losses.push({ path: place, effect: 'dropped', note: 'fields of a later version' });
  }
  return kept;
}

/** The list itself where nothing changes: the flows of most records need no second copy. */
function withoutAdditionsInList(list: readonly unknown[], path: string, losses: ListingsLoss[]): unknown {
  let changed: unknown[] | undefined;
  for (const [i, item] of list.entries()) {
    if (typeof item !== 'object' || item === null) continue;
    const restricted = withoutAdditions(item, `${path}[${i}]`, losses);
    if (restricted === item) continue;
    changed ??= [...list];
    changed[i] = restricted;
  }
  return changed ?? list;
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
