import type { MitigationSource } from './mitigation-source.ts';
import { mitigationSummary, phaseOf } from './mitigation-view.ts';
import type { MitigationSummary } from './schema/mitigation-schema.ts';
import type { ResponseStatus } from './schema/response-schema.ts';

/** How the response fares, and what has changed in it, for the live feed. */
export interface ResponseFeed {
  status(): ResponseStatus;
  /** Mitigations that changed since it was last called, the latest first, each once and as it is now. */
  takeChanged(): readonly MitigationSummary[];
  stop(): void;
}

/** `maxSample`: mitigations that one call gives at most; what is beyond is only counted in `changes`. */
export function createResponseFeed(
  mitigations: MitigationSource,
  { maxSample }: { readonly maxSample: number },
): ResponseFeed {
  let changes = 0;
  /** The one that changed last is the last. */
  const changed = new Set<string>();
  const unsubscribe = mitigations.subscribe(({ id }) => {
    changes++;
    changed.delete(id);
    changed.add(id);
    if (changed.size > maxSample) changed.delete(changed.keys().next().value!);
  });
  return {
    status() {
      const counts = { waiting: 0, active: 0, ended: 0 };
      for (const { state } of mitigations.mitigations()) counts[phaseOf(state)]++;
      return { mode: mitigations.mode, waiting: counts.waiting, active: counts.active, changes };
    },
    takeChanged() {
      const ids = [...changed].reverse();
      changed.clear();
      return ids.flatMap((id) => mitigations.mitigation(id) ?? []).map(mitigationSummary);
    },
    stop: unsubscribe,
  };
}
