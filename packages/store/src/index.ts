export {
  defaultFlowArchiveLimits,
  type FlowArchiveConfig,
  type FlowArchiveDeps,
  type FlowArchiveLimits,
  type TrafficSummary,
} from './archive/archive-config.ts';
export { readExtraColumns } from './archive/extra-columns.ts';
export { createFlowArchive, type FlowArchive, type FlowArchiveStats } from './archive/flow-archive.ts';
export type { FlowRecord } from './archive/flow-batch.ts';
export {
  type FlowColumnDefinition,
  type FlowColumnType,
  flowColumns,
} from './archive/flow-columns.ts';
export type { TimeRange } from './archive/flows-relation.ts';
export { type Clock, systemClock } from './clock.ts';
export type { FindFlowsQuery, FoundFlows } from './query/find-flows.ts';
export type {
  FlowCondition,
  FlowMeasure,
  FlowQueries,
  FlowSelection,
  FlowsQuery,
  FlowTotalsQuery,
  TimeLineQuery,
  TopFlowsQuery,
} from './query/flow-queries.ts';
export { defaultQueryLimits, type QueryLimits, type QueryOptions } from './query/query-limits.ts';
export type { QueryColumn, QueryResult, QueryRow, QueryValue } from './query/query-result.ts';
export { rowsOf } from './query/query-runner.ts';
export type {
  ConversationRecord,
  DetectionRecord,
  DetectionRoles,
  EventRecord,
  FalsePositiveRecord,
  MessageRecord,
  StoredEvent,
  TalkerRecord,
  TrafficRecord,
} from './record/records.ts';
export {
  defaultRetentionLimits,
  type RetentionLimits,
  type RetentionReport,
} from './retention/retention-limits.ts';
export { createStore, type Store, type StoreStats } from './store.ts';
export { defaultStoreLimits, type StoreConfig, type StoreDeps, type StoreLimits } from './store-config.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
