export { describeAccounting } from './accounting/describe-accounting.ts';
export { prometheusText } from './accounting/prometheus-text.ts';
export type { SessionAccounting } from './accounting/session-accounting.ts';
export { type Anonymiser, type AnonymiserConfig, createAnonymiser } from './anonymise/anonymiser.ts';
export type { Treatment, TreatmentConfig } from './anonymise/treatment.ts';
export { createBiflowSplitter } from './biflow/biflow-splitter.ts';
export {
  type CaptureReader,
  type CaptureReaderConfig,
  createCaptureReader,
  type ExportDatagram,
} from './capture/capture-reader.ts';
export type { CaptureStats } from './capture/capture-stats.ts';
export type { Clock } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts';
export type {
  Collector,
  CollectorDeps,
  CollectorStats,
  ExporterAddress,
  MessageSink,
} from './collector/collector.ts';
export { type CollectorGroup, createCollectorGroup } from './collector/collector-group.ts';
export { type KernelDropsDeps, readKernelDrops } from './collector/kernel-drops.ts';
export {
  createTcpCollector,
  defaultTcpCollectorConfig,
  type TcpCollectorConfig,
} from './collector/tcp-collector.ts';
export {
  createTlsCollector,
  defaultTlsCollectorConfig,
  type TlsCollectorConfig,
} from './collector/tls-collector.ts';
export type { TlsFiles } from './collector/tls-files.ts';
export {
  createUdpCollector,
  defaultUdpCollectorConfig,
  type ReceiveBuffer,
  type UdpCollector,
  type UdpCollectorConfig,
  type UdpCollectorDeps,
} from './collector/udp-collector.ts';
export {
  createUdpReceiverGroup,
  defaultUdpReceiverGroupConfig,
  type UdpReceiverGroupConfig,
} from './collector/udp-receiver-group.ts';
export type { MessageExporter } from './exporter/message-exporter.ts';
export {
  createMessageQueue,
  type MessageQueue,
  type MessageQueueConfig,
  type MessageQueueDeps,
  type MessageQueueStats,
} from './exporter/message-queue.ts';
export {
  createReexporter,
  type Reexporter,
  type ReexporterConfig,
  type ReexporterDeps,
  type ReexporterStats,
  type ReexportSession,
} from './exporter/reexporter.ts';
export { createTcpExporter, type ExporterConfig } from './exporter/tcp-exporter.ts';
export { createTlsExporter, type TlsExporterConfig } from './exporter/tls-exporter.ts';
export { createUdpExporter, type UdpExporter } from './exporter/udp-exporter.ts';
export { createFileWriter, type FileWriterConfig } from './file/file-writer.ts';
export { type ListInputsConfig, listInputs } from './file/list-inputs.ts';
export { type ReadMessagesConfig, readMessages } from './file/read-messages.ts';
export { sliceName } from './file/slice-name.ts';
export { createSliceWriter, type SliceWriterConfig, type SliceWriterDeps } from './file/slice-writer.ts';
export { compileFilter, type Filter, type FilterReader, type FilterStats } from './filter/filter.ts';
export type {
  CompareOperator,
  ElementNumber,
  FilterExpression,
  Integer,
  Network,
  Quantity,
} from './filter/filter-expression.ts';
export { IpfixError, type IpfixErrorCode, type IpfixErrorDetails } from './ipfix-error.ts';
export {
  type CsvReader,
  type CsvReaderConfig,
  type CsvReaderDeps,
  createCsvReader,
} from './line/csv-reader.ts';
export { defaultIpfixcolLineOptions, type IpfixcolLineOptions } from './line/ipfixcol-options.ts';
export type { LineExtras } from './line/line-code.ts';
export { createLineReader, type LineReaderConfig, type LineReaderDeps } from './line/line-reader.ts';
export type { DecodeIssue, DecodeIssueCode } from './message/decode-issue.ts';
export {
  createFlowDecoder,
  type FlowDecoder,
  type FlowDecoderConfig,
  type FlowDecoderDeps,
} from './message/decoder.ts';
export {
  createDecoderBudget,
  type DecoderBudget,
  type DecoderBudgetConfig,
  defaultDecoderBudgetConfig,
} from './message/decoder-budget.ts';
export { type DecoderLimits, defaultDecoderLimits } from './message/decoder-limits.ts';
export type { DecoderStats, DomainStats } from './message/decoder-stats.ts';
export type { DomainKnowledge } from './message/domain-knowledge.ts';
export {
  createIpfixEncoder,
  type IpfixEncoder,
  type IpfixEncoderConfig,
  type IpfixEncoderDeps,
} from './message/encoder.ts';
export type { TemplateDefinition } from './message/encoder-template.ts';
export {
  createMessageFramer,
  type MessageFramer,
  type MessageFramerConfig,
  type MessageFramerDeps,
} from './message/framer.ts';
export { defaultListLimits, type ListLimits } from './message/list-limits.ts';
export type { FlowVersion, MessageHeader } from './message/message-header.ts';
export type { DataSetReader, RecordReader } from './message/record-reader.ts';
export { type DerivedField, type FieldSpecifier, type Template, variableLength } from './message/template.ts';
export {
  createTemplateFile,
  type TemplateFile,
  type TemplateFileConfig,
  type TemplateFileDeps,
} from './message/template-file.ts';
export type { RememberedDomain, RememberedTemplate, TemplateMemory } from './message/template-memory.ts';
export type { FieldForm, FieldSelection, SelectedElement } from './record/field-selection.ts';
export type { FieldValue } from './record/field-value.ts';
export {
  createObjectReader,
  type ObjectReaderConfig,
  type ObjectReaderDeps,
} from './record/object-reader.ts';
export { type TimeShift, timeNow } from './record/time-shift.ts';
export { type AbstractDataType, abstractDataTypes } from './registry/abstract-data-type.ts';
export { findElement, findElementsByName } from './registry/find-element.ts';
export type { InformationElement } from './registry/information-element.ts';
export {
  type CaptureReplayer,
  type CaptureReplayerConfig,
  type CaptureReplayerDeps,
  createCaptureReplayer,
} from './replay/capture-replayer.ts';
export {
  createLineMessages,
  type LineMessages,
  type LineMessagesConfig,
  type LineMessagesStats,
} from './replay/line-messages.ts';
export {
  createReplayer,
  type Replayer,
  type ReplayerConfig,
  type ReplayerDeps,
  type ReplayStats,
} from './replay/replayer.ts';
export type { SamplingConfig } from './sampling/sampling-rates.ts';
export {
  createTopStatistics,
  parseTop,
  type TopOrder,
  type TopRow,
  type TopStatistics,
  type TopStatisticsConfig,
  type TopTotals,
} from './statistics/top-statistics.ts';
export { type TopTableConfig, topTable } from './statistics/top-table.ts';
export type { ListItem, ListRecord, ListValue } from './structured/list-value.ts';
