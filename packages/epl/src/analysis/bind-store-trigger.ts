import type { StoreTriggerPlan } from '../plan/trigger-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { OnDelete, OnMerge, OnSelect, OnUpdate, Trigger } from '../syntax/trigger.ts';
import { bindOnMerge } from './bind-on-merge.ts';
import { bindOnDelete, bindOnSelect, bindOnUpdate } from './bind-on-row.ts';
import type { UserLibrary } from './user-library.ts';

/**
 * `on …` on the rows of a named window or table. Adds the types of streams that a merge inserts into. `evidence`: so
 * many events each row that it makes carries. @throws Fault
 */
export function bindStoreTrigger(
  node: Trigger,
  action: OnSelect | OnDelete | OnUpdate | OnMerge,
  name: string,
  eventTypes: Map<string, EventType>,
  library: UserLibrary,
  evidence: number,
): StoreTriggerPlan {
  switch (action.kind) {
    case 'select': {
      const plan = bindOnSelect(node, action, name, eventTypes, library);
      return { ...plan, select: { ...plan.select, evidence } };
    }
    case 'delete':
      return bindOnDelete(node, action, eventTypes, library);
    case 'update':
      return bindOnUpdate(node, action, eventTypes, library);
    case 'merge':
      return { ...bindOnMerge(node, action, eventTypes, library), evidence };
    default:
      return action satisfies never;
  }
}
