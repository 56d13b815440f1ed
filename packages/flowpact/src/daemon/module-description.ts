import { type DetectionRoles, detectionRoles } from '../watch/detection-roles.ts';
import type { RunningModule } from './module-settings.ts';

/** What a module is, for people, whether it is at work or not. */
export interface ModuleDescription {
  readonly name: string;
  readonly source: string;
  readonly statements: readonly StatementDescription[];
}

export interface StatementDescription {
  readonly name: string;
  /** As it was written. */
  readonly text: string;
  readonly insertsInto?: string;
  /** What its rows mean. */
  readonly roles: DetectionRoles;
  /** Whether security events are made of them. */
  readonly makesEvents: boolean;
}

export function describeModule({ settings, compiled, detector, mappings }: RunningModule): ModuleDescription {
  return {
    name: settings.name,
    source: settings.text,
    statements: detector.statements.map((statement) => ({
      name: statement.name,
      text: compiled.statements.find(({ name }) => name === statement.name)?.text ?? '',
      ...(statement.insertInto === undefined ? {} : { insertsInto: statement.insertInto }),
      roles: detectionRoles(statement),
      makesEvents: mappings.has(statement.name),
    })),
  };
}
