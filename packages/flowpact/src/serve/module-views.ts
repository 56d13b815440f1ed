import type { ModuleReport } from '../daemon/detection-messages.ts';
import type { ModuleDescription } from '../daemon/module-description.ts';
import type { Module } from '../http/api/schema/module-schema.ts';

export interface ModuleFacts {
  readonly modules: readonly ModuleDescription[];
  /** Of those at work. */
  readonly reports: readonly ModuleReport[];
  isEnabled(module: string): boolean;
  /** By statement. */
  readonly falsePositives: ReadonlyMap<string, number>;
}

/** Counters of a statement that is not at work. */
const idle = {
  ...{ rows: 0, omittedRows: 0, eventsIn: 0, errors: 0, retained: 0, timeSpentMs: 0 },
  isStopped: false,
  lastRowMs: undefined,
};

/** The configured modules as the API tells them. */
export function modulesOf({ modules, reports, isEnabled, falsePositives }: ModuleFacts): Module[] {
  return modules.map(({ name: module, statements }) => {
    const report = reports.find(({ name }) => name === module);
    return {
      module,
      isEnabled: isEnabled(module),
      statements: statements.map(({ name, text, insertsInto, roles, makesEvents }) => {
        const fares = report?.statements.find((each) => each.name === name) ?? idle;
        const { rows, omittedRows, eventsIn, errors, retained, timeSpentMs, isStopped, lastRowMs } = fares;
        return {
          ...{ statement: name, text },
          ...(insertsInto === undefined ? {} : { insertsInto }),
          ...(makesEvents ? { eventType: roles.kind } : {}),
          ...{ isStopped, eventsIn, rows, omittedRows, errors, retained, timeSpentMs },
          falsePositives: falsePositives.get(name) ?? 0,
          ...(lastRowMs === undefined ? {} : { lastRowMs }),
        };
      }),
    };
  });
}
