import { join } from 'node:path';
import { readExtraColumns, type Store } from '@flowpact/store';
import {
  type ConversationMemory,
  createRecentConversations,
  createStoredConversations,
} from './conversation-memory.ts';
import type { DaemonSourceDeps } from './daemon-source.ts';
import { createRecentFindings, type FindingMemory } from './finding-memory.ts';
import { createStoredDetections } from './stored-detections.ts';
import { createStoredEvents } from './stored-events.ts';
import { createNoFlows, createStoredFlows } from './stored-flows.ts';
import { createEarlierTraffic } from './traffic-views.ts';

export interface MemoriesConfig {
  readonly stateDirectory: string;
  /** With tables. Left out: the latest findings and conversations are in memory alone. */
  readonly tables?: Store;
  /** With an archive. Left out: flows are not kept. */
  readonly archive?: Store;
}

/** Where all is kept that the API shows: in the store as far as there is one, else in memory. */
export interface Memories extends Pick<DaemonSourceDeps, 'flows' | 'earlier' | 'note'> {
  readonly findings: FindingMemory;
  readonly conversations: ConversationMemory;
}

export function createMemories(
  { stateDirectory, tables, archive }: MemoriesConfig,
  { now }: { now(): number },
): Memories {
  const flows =
    archive === undefined
      ? createNoFlows()
      : createStoredFlows(archive, () => readExtraColumns(join(stateDirectory, 'flows')));
  if (tables === undefined) {
    return {
      flows,
      findings: createRecentFindings(),
      conversations: createRecentConversations(),
      note: 'store.enabled is off: only the latest is shown, and it ends with the process',
    };
  }
  return {
    flows,
    findings: { ...createStoredDetections(tables), ...createStoredEvents(tables, { now }) },
    conversations: createStoredConversations(tables),
    earlier: createEarlierTraffic(tables),
  };
}
