import type { Bound } from '../plan/expression.ts';
import { operandsOf } from '../plan/expression-walk.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import type { ExpressionDeclaration } from '../syntax/statement.ts';
import { bindExpression } from './bind-expression.ts';
import { bindWildcard } from './bind-wildcard.ts';
import type { Binder } from './binder.ts';
import type { UserLibrary } from './user-library.ts';

/**
 * The size that one call of a declared expression may expand to, declarations and arguments inside of it counted each
 * time: a few short declarations that call one another twice grow beyond all bounds.
 */
const largestExpansion = 1_000_000;

/** The declared expressions that are being expanded at a place, the outermost first. */
export class Expansion {
  readonly names: readonly string[];
  private readonly size: { total: number };

  constructor(names: readonly string[] = [], size = { total: 0 }) {
    this.names = names;
    this.size = size;
  }

  /** With one more inside. @throws Fault where the expression calls itself */
  into(name: string, span: Span): Expansion {
    if (this.names.includes(name))
      throw new Fault('EPL_VALUE', `the declared expression '${name}' calls itself`, span);
    return new Expansion([...this.names, name], this.size);
  }

  /** Counts what is put in. @throws Fault where it becomes too large */
  add(amount: number, span: Span): void {
    this.size.total += amount;
    if (this.size.total <= largestExpansion) return;
    throw new Fault('EPL_LIMIT', 'the declared expressions that are called here become too large', span);
  }
}

/** Adds a declaration to those that are known. @throws Fault where the name is taken */
export function declare(declaration: ExpressionDeclaration, known: Map<string, ExpressionDeclaration>): void {
  const { name } = declaration;
  if (known.has(name.name))
    throw new Fault('EPL_DUPLICATE_NAME', `the expression '${name.name}' is declared already`, name);
  known.set(name.name, declaration);
}

/** The library as one statement sees it: with the expressions that it declares itself. @throws Fault */
export function withDeclarations(
  library: UserLibrary,
  declarations: readonly ExpressionDeclaration[],
): UserLibrary {
  if (declarations.length === 0) return library;
  const own = new Map<string, ExpressionDeclaration>();
  for (const declaration of declarations) declare(declaration, own);
  return { ...library, expressions: new Map([...library.expressions, ...own]) };
}

/**
 * Binds the call of a declared expression: its body, with the arguments in the place of the parameters. The body sees
 * nothing else of the events; that of an alias sees what its place sees. Undefined where none has that name.
 */
export function bindDeclared(part: PathPart, binder: Binder): Bound | undefined {
  const declaration = binder.library?.expressions.get(part.name);
  if (declaration === undefined) return undefined;
  const { name, alias, parameters, body } = declaration;
  const list = part.arguments?.list ?? [];
  if (list.length !== parameters.length || (alias && part.arguments !== undefined && list.length > 0)) {
    const wanted = parameters.length === 1 ? '1 argument' : `${parameters.length} arguments`;
    throw new Fault(
      'EPL_VALUE',
      `the declared expression '${name.name}' takes ${wanted}, not ${list.length}`,
      part,
    );
  }
  const expansion = (binder.expansion ?? new Expansion()).into(name.name, part);
  expansion.add(body.end - body.start, part);
  if (alias) return bindExpression(body, { ...binder, expansion });
  const values = new Map(
    parameters.map((parameter, i) => [parameter, bindArgument(list[i], name.name, binder)]),
  );
  const streams = binder.scope.streams.map((stream) => ({ ...stream, hidden: true }));
  return bindExpression(body, {
    ...binder,
    scope: { ...binder.scope, streams },
    parameters: values,
    expansion,
  });
}

/** A value, or the event of a stream: by its name, or `*` for that of the only one. */
const bindArgument = (node: Expression, name: string, binder: Binder): Bound =>
  node.kind === 'wildcard' ? bindWildcard(node, name, binder) : bindExpression(node, binder);

/** How many nodes the expression has, those that occur twice counted twice. */
export const sizeOf = (node: Bound): number =>
  operandsOf(node).reduce((total, operand) => total + sizeOf(operand), 1);
