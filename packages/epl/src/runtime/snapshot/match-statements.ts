import { usedStores } from '../../plan/plan-stores.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RunningStatement } from './runtime-snapshot.ts';
import type { SavedStatement } from './snapshot-file.ts';

/** What becomes of a running statement. */
export interface Fate {
  readonly statement: RunningStatement;
  readonly saved: SavedStatement | undefined;
  /** Why it begins anew; undefined where it is restored. */
  readonly reason: string | undefined;
}

/** Names that the compiler gave count the statements of the text, so they change when another one is put in. */
const isGivenName = (name: string): boolean => /^stmt-\d+$/.test(name);

const keyOf = (name: string, fingerprint: string): string =>
  `${fingerprint} ${isGivenName(name) ? '' : name}`;

/**
 * Finds what was saved for each running statement: under the same name, with the same meaning, and of several alike in
 * the order of their deployment. Who lives in a context or reads a named window or table that begins anew, does too.
 */
export function fatesOf(
  saved: readonly SavedStatement[],
  running: readonly RunningStatement[],
): { readonly fates: readonly Fate[]; readonly forgotten: readonly string[] } {
  const waiting = new Map<string, SavedStatement[]>();
  for (const one of saved) {
    const key = keyOf(one.name, one.fingerprint);
    const alike = waiting.get(key);
    if (alike === undefined) waiting.set(key, [one]);
    else alike.push(one);
  }
  const names = new Set(saved.map(({ name }) => name));
  const taken = new Set<SavedStatement>();
  const anew = { contexts: new Set<string>(), stores: new Map<string, string>() };
  const fates = running.map((statement): Fate => {
    const { compiled } = statement;
    const { name, plan, context } = compiled;
    const found = waiting.get(keyOf(name, fingerprintOf(compiled)))?.shift();
    if (found !== undefined) taken.add(found);
    const store = usedStores(plan).find((used) => anew.stores.has(used));
    let reason: string | undefined;
    if (found === undefined)
      reason =
        names.has(name) && !isGivenName(name)
          ? 'its text, or a type that it reads, is not what it was'
          : 'the snapshot does not have it';
    else if (found.bytes === undefined) reason = found.reason;
    else if (context !== undefined && anew.contexts.has(context.name))
      reason = `its context '${context.name}' begins anew`;
    else if (store !== undefined) reason = `${anew.stores.get(store)} '${store}' begins anew`;
    if (reason !== undefined) {
      if (plan.kind === 'create-context') anew.contexts.add(plan.name);
      if (plan.kind === 'create-window') anew.stores.set(plan.name, 'the named window');
      if (plan.kind === 'create-table') anew.stores.set(plan.name, 'the table');
    }
    return { statement, saved: found, reason };
  });
  return { fates, forgotten: saved.filter((one) => !taken.has(one)).map(({ name }) => name) };
}
