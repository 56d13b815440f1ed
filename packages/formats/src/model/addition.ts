import { isList, isRecord, type Json, type JsonRecord, sameJson } from './message-json.ts';

/**
 * One field of the model with its value: what has to be added to a document's own fields so that they say the whole
 * message. `{"$absent":true}` says that the field is not there.
 */
export interface Addition {
  /** E.g. `event.targets[0].asn`. */
  readonly path: string;
  /** In the message's JSON form. */
  readonly value: Json;
}

const absent: Json = { $absent: true };

/** What to set in `from`, in this order, to make it `to`. Lists of objects are gone into, other lists set whole. */
export function additionsBetween(from: Json, to: Json): readonly Addition[] {
  const additions: Addition[] = [];
  collect(from, to, '', additions);
  return additions;
}

function collect(from: Json | undefined, to: Json | undefined, path: string, additions: Addition[]): void {
  if (to === undefined) {
    if (from !== undefined) additions.push({ path, value: absent });
  } else if (isRecord(to)) {
    const base = isRecord(from) ? from : undefined;
    const keys = new Set([...Object.keys(base ?? {}), ...Object.keys(to)]);
    if (base === undefined && keys.size === 0) additions.push({ path, value: {} });
    for (const key of keys) collect(base?.[key], to[key], path === '' ? key : `${path}.${key}`, additions);
  } else if (
    isListOfRecords(to) &&
    (from === undefined || (isListOfRecords(from) && from.length <= to.length))
  ) {
    for (const [i, item] of to.entries()) collect(from?.[i], item, `${path}[${i}]`, additions);
  } else if (!sameJson(from, to)) {
    additions.push({ path, value: to });
  }
}

function isListOfRecords(value: Json): value is readonly JsonRecord[] {
  return isList(value) && value.length > 0 && value.every(isRecord);
}

type Container = { [step: string]: Json };

/**
 * Sets the fields in a copy of the tree. Additions come from documents too: one whose path is none, or leads through
 * something that is not there, is left out and given back.
 */
export function withAdditions(
  tree: Json,
  additions: readonly Addition[],
): { readonly tree: Json; readonly refused: readonly Addition[] } {
  const copy = structuredClone(tree);
  const refused = additions.filter(({ path, value }) => {
    const steps = stepsOf(path);
    return steps === undefined || !set(copy as Container, steps, value);
  });
  return { tree: copy, refused };
}

const pathPattern = /^[a-zA-Z]+(\.[a-zA-Z]+|\[[0-9]{1,7}\])*$/;

/** Names as strings, indices as numbers. */
function stepsOf(path: string): readonly (string | number)[] | undefined {
  if (path.length > 200 || !pathPattern.test(path)) return undefined;
  return [...path.matchAll(/([a-zA-Z]+)|\[([0-9]+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

function set(root: Container, steps: readonly (string | number)[], value: Json): boolean {
  let place = root;
  for (const [i, step] of steps.entries()) {
    if (typeof step === 'number' ? !isList(place) || step > place.length : isList(place)) return false;
    if (i === steps.length - 1) {
      if (sameJson(value, absent)) delete place[step];
      else place[step] = structuredClone(value);
      return true;
    }
    if (!Object.hasOwn(place, step)) place[step] = typeof steps[i + 1] === 'number' ? [] : {};
    const next = place[step];
    if (typeof next !== 'object' || next === null) return false;
    place = next as Container;
  }
  return false;
}
