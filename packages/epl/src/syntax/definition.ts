import type { Annotation } from '../annotation.ts';
import type { Expression, Path, TypeName } from './expression.ts';
import type { ColumnDefinition } from './schema.ts';
import type { SelectItem } from './select.ts';
import type { Span } from './source.ts';
import type { ExpressionDeclaration, Name, StatementBase } from './statement.ts';
import type { WindowNode } from './stream.ts';

/** `create window W#keepall as …`. */
export interface CreateWindow extends StatementBase {
  readonly kind: 'create-window';
  readonly name: Name;
  readonly windows: readonly WindowNode[];
  readonly retain?: 'union' | 'intersection';
  readonly shape: WindowShape;
  /** `insert [where …]`: starts with the rows of the window that it is modelled on. */
  readonly insert?: { readonly where?: Expression };
}

/** Own columns, or those of a type, or some of them. */
export type WindowShape =
  | { readonly kind: 'columns'; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'type'; readonly type: Name; readonly items?: readonly SelectItem[] };

export interface CreateTable extends StatementBase {
  readonly kind: 'create-table';
  readonly name: Name;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn extends Span {
  readonly name: string;
  /** A plain column's type, or the aggregate that the column holds. */
  readonly content: TypeName | Path;
  readonly primaryKey: boolean;
  readonly annotations: readonly Annotation[];
}

/** `create unique index I on W (a, b btree)`. */
export interface CreateIndex extends StatementBase {
  readonly kind: 'create-index';
  readonly unique: boolean;
  readonly name: Name;
  readonly target: Name;
  readonly columns: readonly { readonly expression: Expression; readonly structure?: 'hash' | 'btree' }[];
}

export interface CreateVariable extends StatementBase {
  readonly kind: 'create-variable';
  readonly constant: boolean;
  readonly name: Name;
  readonly type: TypeName;
  readonly value?: Expression;
}

/** `create expression f { x => … }`. */
export interface CreateExpression extends StatementBase {
  readonly kind: 'create-expression';
  readonly declaration: ExpressionDeclaration;
}
