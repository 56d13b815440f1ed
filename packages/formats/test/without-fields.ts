import type { Message } from '@flowpact/event';
import { stringifyEvent } from '@flowpact/event';

/** The message's JSON form without some fields, and without objects and lists that hold nothing. */
export function withoutFields(message: Message, paths: readonly string[]): unknown {
  const tree = JSON.parse(stringifyEvent(message));
  for (const path of paths) {
    const steps = stepsOf(path);
    const last = steps.pop();
    const holder = steps.reduce((place, step) => place?.[step], tree);
    if (holder !== undefined && last !== undefined) holder[last] = undefined;
  }
  return pruned(tree);
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(pruned);
    while (items.length > 0 && items.at(-1) === undefined) items.pop();
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, pruned(item)]);
  const kept = entries.filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The field's JSON form; undefined where it is not there. */
export function fieldAt(message: Message, path: string): unknown {
  return stepsOf(path).reduce((place, step) => place?.[step], JSON.parse(stringifyEvent(message)));
}

function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/([a-zA-Z]+)|\[([0-9]+)\]/g)].map(([, name, index]) => name ?? Number(index));
}
