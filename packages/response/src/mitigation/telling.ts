import type { Outcome } from '@flowpact/event';
import type { KeptMitigation } from '../audit/audit-entry.ts';
import type { Clock } from '../clock.ts';
import type { Mitigation } from './mitigation.ts';
import type { MitigationBook } from './mitigation-book.ts';
import { mitigationOutcome } from './mitigation-outcome.ts';
import type { WrittenBook } from './written-book.ts';

export interface TellingDeps {
  readonly tell: (mitigation: Mitigation, outcome: Outcome) => Promise<void>;
  readonly book: MitigationBook;
  readonly written: WrittenBook;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly track: (work: Promise<unknown>) => void;
  readonly onRemark: (text: string) => void;
}

/** Tells partners what became of what they asked for, and writes down that they were told. @returns does what is due. */
export function createTelling({ tell, book, written, clock, ...deps }: TellingDeps): () => void {
  const underWay = new Set<string>();
  let againMs = 0;

  async function tellOne(mitigation: KeptMitigation): Promise<void> {
    const { id, state } = mitigation;
    underWay.add(id);
    try {
      await tell(mitigation, mitigationOutcome(mitigation));
      underWay.delete(id);
      await written.commit('flowpact', [{ kind: 'told', mitigation: id, state }]);
    } catch (error) {
      underWay.delete(id);
      againMs = clock.now() + deps.retryMs;
      deps.onRemark(`the partner is not told of mitigation ${id} yet: ${(error as Error).message}`);
    }
  }

  function tellAll(): void {
    if (clock.now() < againMs) return;
    for (const mitigation of book.untold()) {
      if (!underWay.has(mitigation.id)) deps.track(tellOne(mitigation));
    }
  }

  return tellAll;
}
