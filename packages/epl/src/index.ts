export { type Annotation, type AnnotationValue, findAnnotation } from './annotation.ts';
export {
  type CompiledModule,
  type CompiledStatement,
  type CompileLimits,
  type CompileOptions,
  type CompileResult,
  compile,
} from './compile-module.ts';
export { type Diagnostic, formatDiagnostic } from './diagnostic.ts';
export { EplError, type EplErrorCode } from './errors.ts';
export type { StatementPlan } from './plan/plan.ts';
export { explain, printPlan } from './plan/print.ts';
export type { ContextPartition, PartitionSelector } from './runtime/context/partition-selector.ts';
export type { EventType, EventTypeDefinition, Property } from './runtime/event-type.ts';
export { evidenceOf } from './runtime/evidence.ts';
export type { ArrayType, NestedType, PropertyType, SimpleType } from './runtime/property-type.ts';
export {
  createRuntime,
  type Deployment,
  type EventSender,
  type Overflow,
  type PreparedQuery,
  type QueryOnceOptions,
  type QueryOptions,
  type RestoredStatement,
  type RestoreReport,
  type Runtime,
  type RuntimeConfig,
  type RuntimeLimits,
  type StatementError,
} from './runtime/runtime.ts';
export type { Delivery, Listener, Row, Statement, StatementCounters } from './runtime/statement.ts';
export type { AggregationDefinition, AggregationState, FunctionDefinition } from './user-definitions.ts';
