import type { TypeName } from './expression.ts';
import type { Span } from './source.ts';
import type { Name, StatementBase } from './statement.ts';

/** How events are represented in Esper; here all are the same. */
export const representations = ['map', 'objectarray', 'json', 'avro', 'xml'] as const;

export type Representation = (typeof representations)[number];

export interface CreateSchema extends StatementBase {
  readonly kind: 'create-schema';
  /** Undefined where the statement does not say how events are represented. */
  readonly representation: Representation | undefined;
  readonly name: Name;
  readonly columns: readonly ColumnDefinition[];
  /** `create variant schema V as A, B`; `any` stands for `*`. */
  readonly variants?: { readonly types: readonly Name[]; readonly any: boolean };
  readonly inherits: readonly Name[];
  readonly copyFrom: readonly Name[];
  readonly startTimestamp?: Name;
  readonly endTimestamp?: Name;
}

export interface ColumnDefinition extends Span {
  readonly name: string;
  readonly type: TypeName;
}
