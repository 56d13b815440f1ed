import type { Row } from './statement.ts';

/** Where a row keeps its evidence: out of sight of JSON.stringify and of key enumeration. */
export const evidenceKey: unique symbol = Symbol('evidence');

const none: readonly object[] = [];

/**
 * The base events (events sent from outside) that made the row: distinct, oldest first, at most as many as the
 * statement keeps; empty where it keeps none. They are the very objects that were sent, so treat them as frozen.
 */
export function evidenceOf(row: Row): readonly object[] {
  return (row as { readonly [evidenceKey]?: readonly object[] })[evidenceKey] ?? none;
}
