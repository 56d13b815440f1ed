import type { StoreTriggerProgram } from '../../compile/trigger-program.ts';
import type { SelectHost } from '../select-instance.ts';
import type { StatementEnvironment } from '../statement-environment.ts';
import type { RowStore } from '../store/row-store.ts';
import { OnDelete } from './on-delete.ts';
import { OnMerge } from './on-merge.ts';
import { OnSelect } from './on-select.ts';
import { OnUpdate } from './on-update.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** What an action on the rows of a store works with. */
export interface StoreActionHost {
  readonly store: RowStore;
  readonly environment: StatementEnvironment;
  readonly statement: SelectHost;
}

export function createStoreAction(program: StoreTriggerProgram, host: StoreActionHost): TriggerAction {
  switch (program.kind) {
    case 'on-select':
      return new OnSelect(program, host);
    case 'on-delete':
      return new OnDelete(program, host);
    case 'on-update':
      return new OnUpdate(program, host);
    case 'on-merge':
      return new OnMerge(program, host);
    default:
      return program satisfies never;
  }
}
