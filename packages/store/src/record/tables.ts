import {
  BIGINT,
  BLOB,
  blobValue,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP,
  UBIGINT,
  UINTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { type Endpoint, securityEventFromJson, stringifyEvent } from '@flowpact/event';
import type { QueryRow } from '../query/query-result.ts';
import type {
  ConversationRecord,
  DetectionRecord,
  EventRecord,
  FalsePositiveRecord,
  MessageRecord,
  StoredEvent,
  TalkerRecord,
  TrafficRecord,
} from './records.ts';
import { type Table, type TableRows, timestamp } from './table-rows.ts';

export const detectionsTable: Table = {
  name: 'detections',
  types: [BIGINT, TIMESTAMP, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, DOUBLE],
  sequence: 'detection_number',
};

export const detectionRows = (records: readonly DetectionRecord[]): TableRows =>
  records.map(({ timeMs, module, statement, row, roles }) => [
    timestamp(timeMs),
    module ?? null,
    statement,
    JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
    roles?.kind ?? null,
    roles?.attacker ?? null,
    roles?.target ?? null,
    roles?.url ?? null,
    roles?.amount ?? null,
  ]);

const addressList = LIST(VARCHAR);

export const eventsTable: Table = {
  name: 'events',
  types: [
    ...[BIGINT, TIMESTAMP, VARCHAR, TIMESTAMP, TIMESTAMP, VARCHAR, UTINYINT, VARCHAR],
    ...[addressList, addressList, UINTEGER, VARCHAR, VARCHAR, TIMESTAMP],
  ],
  sequence: 'event_number',
};

export const eventRows = (records: readonly EventRecord[]): TableRows =>
  records.map(({ timeMs, detectedMs, event: { flows, ...event } }) => [
    timestamp(timeMs),
    event.type,
    timestamp(event.startMs),
    timestamp(event.endMs),
    event.severity ?? null,
    event.confidence ?? null,
    event.detector?.rule ?? null,
    addresses(event.sources),
    addresses(event.targets),
    (flows?.groups ?? []).reduce((sum, { rows }) => sum + rows.length, 0),
    stringifyEvent(event),
    // Parts of an event follow the same rules of JSON as the whole.
    flows === undefined ? null : stringifyEvent({ type: event.type, flows }),
    timestamp(detectedMs),
  ]);

/** Reads one event by its number. */
export const eventSql =
  'SELECT number, epoch_ms(time), epoch_ms(detected), event, flows FROM events WHERE number = ?::BIGINT';

export function eventOfRow([number, timeMs, detectedMs, eventJson, flowsJson]: QueryRow): StoredEvent {
  const { flows } = flowsJson === null ? {} : securityEventFromJson(String(flowsJson));
  const event = securityEventFromJson(String(eventJson));
  return {
    number: Number(number),
    timeMs: Number(timeMs),
    ...(detectedMs === null ? {} : { detectedMs: Number(detectedMs) }),
    event: flows === undefined ? event : { ...event, flows },
  };
}

const addresses = (endpoints: readonly Endpoint[] = []): DuckDBValue =>
  listValue(
    endpoints.flatMap(({ address, prefixLength, name }) => {
      if (address === undefined) return name ?? [];
      return prefixLength === undefined ? address : `${address}/${prefixLength}`;
    }),
  );

export const messagesTable: Table = {
  name: 'messages',
  types: [
    ...[BIGINT, TIMESTAMP, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, TIMESTAMP],
    ...[VARCHAR, VARCHAR, VARCHAR, VARCHAR, BLOB],
  ],
  sequence: 'message_number',
};

export const messageRows = (records: readonly MessageRecord[]): TableRows =>
  records.map(({ timeMs, direction, partner, language, bytes, message }) => [
    timestamp(timeMs),
    direction,
    partner,
    message.sender.name,
    message.id,
    message.kind,
    timestamp(message.createdMs),
    message.event.type,
    message.event.detector?.rule ?? null,
    message.conversation?.outcome?.status ?? null,
    language,
    blobValue(bytes),
  ]);

export const falsePositivesTable: Table = {
  name: 'false_positives',
  types: [TIMESTAMP, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR],
};

export const falsePositiveRows = (records: readonly FalsePositiveRecord[]): TableRows =>
  records.map(({ timeMs, partner, rule, feedback, reason }) => [
    timestamp(timeMs),
    partner,
    rule ?? null,
    feedback.sender,
    feedback.id,
    reason ?? null,
  ]);

export const trafficTable: Table = {
  name: 'traffic',
  types: [TIMESTAMP, VARCHAR, UTINYINT, UBIGINT, UBIGINT, UBIGINT],
};

export const trafficRows = (records: readonly TrafficRecord[]): TableRows =>
  records.map(({ minuteMs, exporter, protocol, flows, packets, octets }) => [
    timestamp(minuteMs),
    exporter ?? null,
    protocol ?? null,
    BigInt(flows),
    BigInt(packets),
    BigInt(octets),
  ]);

export const talkersTable: Table = {
  name: 'talkers',
  types: [TIMESTAMP, VARCHAR, VARCHAR, UBIGINT, UBIGINT, UBIGINT],
};

export const talkerRows = (records: readonly TalkerRecord[]): TableRows =>
  records.map(({ minuteMs, role, address, flows, packets, octets }) => [
    timestamp(minuteMs),
    role,
    address,
    BigInt(flows),
    BigInt(packets),
    BigInt(octets),
  ]);

export const conversationRow = (record: ConversationRecord): readonly DuckDBValue[] => [
  record.partner,
  record.root.sender,
  record.root.id,
  timestamp(record.timeMs),
  record.status,
  JSON.stringify(record.conversation),
  record.about === undefined || record.about.length === 0 ? null : listValue([...record.about]),
];

export async function writeConversation(
  connection: DuckDBConnection,
  row: readonly DuckDBValue[],
): Promise<void> {
  await connection.run(
    `INSERT INTO conversations VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (partner, root_sender, root_id)
     DO UPDATE SET time = excluded.time, status = excluded.status, conversation = excluded.conversation,
       about = coalesce(about, excluded.about)`,
    [...row],
  );
}
