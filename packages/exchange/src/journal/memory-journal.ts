import type { ExchangeJournal } from './exchange-journal.ts';
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts';
import { JournalState } from './journal-state.ts';

/** For tests and trials: forgets everything with the process, and is as strict as the others about the rest. */
export function createMemoryJournal(limits: Partial<JournalLimits> = {}): ExchangeJournal {
  const state = new JournalState({ ...defaultJournalLimits, ...limits });
  return {
    async open() {},
    async close() {},
    async append(entry) {
      state.checkAppend(entry);
      state.apply({ kind: 'append', entry });
    },
    async markSent(reference, receipt) {
      state.apply({ kind: 'sent', reference, receipt });
    },
    async findSent(reference) {
      return state.sent(reference);
    },
    async markFailed(reference, failure) {
      state.apply({ kind: 'failed', reference, failure });
    },
    async pending() {
      return state.pending();
    },
    async deadLetters() {
      return state.deadLetters();
    },
    async retry(reference, atMs) {
      const entry = state.checkRetry(reference, atMs);
      if (entry !== undefined) state.apply({ kind: 'retried', reference, atMs });
      return entry;
    },
    async drop(reference) {
      const letter = state.deadLetter(reference);
      state.apply({ kind: 'dropped', reference });
      return letter;
    },
    async highestId(sender) {
      return state.highestId(sender);
    },
    async remember(entry) {
      const verdict = state.checkRemember(entry);
      if (verdict === 'new') state.apply({ kind: 'remember', entry });
      return verdict;
    },
    async markHandled(reference, answer) {
      if (!state.isUnhandled(reference)) return false;
      if (answer !== undefined) state.checkAppend(answer);
      state.apply({ kind: 'handled', reference, answer });
      return true;
    },
    async unhandled() {
      return state.unhandled();
    },
  };
}
