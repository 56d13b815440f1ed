import type * as model from '@flowpact/event';
import { octetsToAddress } from '@flowpact/event';
import { generalizedTimeToMs } from '../der/generalized-time.ts';
import { FlexError, type FlexErrorCode } from '../flex-error.ts';
import type { CorrelatedFlows } from '../module/correlated-flows.ts';
import type { Detection, Party, Property } from '../module/detection.ts';
import type { Endpoint, PortRange } from '../module/endpoint.ts';
import type { Ask, Exchange, MessageRef, Outcome } from '../module/exchange.ts';
import type { FieldType } from '../module/field-type.ts';
import type { FlexRecord } from '../module/flex-record.ts';
import type { FlowFieldTypes } from '../module/flow-field-types.ts';
import type { Settings } from '../module/settings.ts';
import { defined } from './defined.ts';
import { flowValueOf, modelRowOf, modelRowsOf } from './flow-values.ts';
import { versionOf } from './flow-version.ts';
import { fallback, foreignVersionName, reservedPrefix, UnknownNumberCollector } from './unknown-numbers.ts';

/**
 * The message that a FLEX record carries. What {@link flexRecordFromMessage} has written comes back whole, in the
 * model's usual forms: integers as numbers where these are exact; addresses in the text form of RFC 5952; an empty flow
 * table and a flow source that says just `other` as absent.
 *
 * Of a record from elsewhere:
 * - times finer than a millisecond are cut to it; a leap second is the second after it;
 * - a REAL that no double holds becomes the nearest one;
 * - a number without a word in EventType, FlowType, FlowVersion, Severity, Tlp, AnonTechnique or SamplingAlgorithm
 *   becomes the least promising word (`other`, `red`, …), and a property in `additional` named `flex:` and the field's
 *   path keeps the number; {@link flexRecordFromMessage} puts it back;
 * - columns and values of unknown alternatives become a column named `flex:` and its octets, and null;
 * - unknown fields are left out. Pass records on, not messages, where these must stay.
 *
 * @throws FlexError `FLEX_UNSUPPORTED` for a number without a word in MsgType, Action or OutcomeStatus: what is asked
 * for or was done must not be guessed; `FLEX_BAD_VALUE` for what the model excludes: a sender without name, a port
 * range or a prefix length that cannot be. Both name the path.
 */
export function messageFromFlexRecord(record: FlexRecord): model.Message {
  const { settings, detection } = record;
  if (detection.sender.name === '') fail('FLEX_BAD_VALUE', 'empty', 'detection.sender.name');
  return defined<model.Message>({
    kind: known(settings.msgType, 'settings.msgType'),
    id: String(settings.id),
    sender: partyOf(detection.sender),
    createdMs: msOf(detection.created, 'detection.created'),
    event: eventOf(record),
    conversation: detection.exchange && conversationOf(detection.exchange, 'detection.exchange'),
  });
}

function eventOf(record: FlexRecord): model.SecurityEvent {
  const { settings, detection } = record;
  const { totals } = detection;
  const numbers = new UnknownNumberCollector();
  const additional = [...(detection.additional ?? [])];
  // First: it may take one of the properties.
  const flowSource = flowSourceOf(settings, additional, numbers);
  return defined<model.SecurityEvent>({
    type: numbers.word('settings.eventType', settings.eventType, fallback.eventType),
    startMs: optionalMsOf(detection.start, 'detection.start'),
    endMs: optionalMsOf(detection.end, 'detection.end'),
    detector: detection.detector && without(detection.detector),
    classifications: detection.classification?.map(without),
    severity:
      detection.severity === undefined
        ? undefined
        : numbers.word('detection.severity', detection.severity, fallback.severity),
    confidence: detection.confidence,
    sources: endpointsOf(detection.sources, 'detection.sources'),
    targets: endpointsOf(detection.targets, 'detection.targets'),
    totals:
      totals &&
      defined({
        flows: totals.flows,
        packets: totals.packets,
        octets: totals.octets,
        packetsPerSecond: totals.pps,
        bitsPerSecond: totals.bps,
      }),
    tlp: detection.tlp === undefined ? undefined : numbers.word('detection.tlp', detection.tlp, fallback.tlp),
    text: detection.text,
    flowSource,
    flows: flowTableOf(record, numbers),
    additional: propertiesOf(detection, additional, numbers),
  });
}

function flowSourceOf(
  settings: Settings,
  additional: Property[],
  numbers: UnknownNumberCollector,
): model.FlowSource | undefined {
  const protocol = numbers.word('settings.type', settings.type, fallback.flowType);
  const word = numbers.word('settings.version', settings.version, fallback.flowVersion);
  const version = word === 'none' ? takeForeignVersion(additional) : versionOf(word);
  if (protocol === 'other' && version === undefined) return undefined;
  return defined<model.FlowSource>({ protocol, version });
}

/** Takes the last property out of the list where it is a version that FLEX has no word for. */
function takeForeignVersion(additional: Property[]): number | undefined {
  const last = additional.at(-1);
  if (last?.name !== foreignVersionName) return undefined;
  const { value } = last;
  const taken = typeof value === 'number' && value >= 0 && value <= 255;
  if (!taken) return undefined;
  additional.pop();
  return value;
}

function propertiesOf(
  detection: Detection,
  additional: readonly Property[],
  numbers: UnknownNumberCollector,
): readonly model.Property[] | undefined {
  const properties = [
    ...additional.map(({ name, value }) => ({ name, value: flowValueOf(value) })),
    ...numbers.properties,
  ];
  const none = properties.length === 0 && detection.additional?.length !== 0;
  return none ? undefined : properties;
}

function flowTableOf(record: FlexRecord, numbers: UnknownNumberCollector): model.FlowTable | undefined {
  const { flowFields, detection, correlation } = record;
  const layout = layoutOf(flowFields, 'flowFields', numbers);
  const treated = layout.anonymisation !== undefined || layout.sampling !== undefined;
  if (layout.columns.length === 0 && !treated && detection.flow === undefined && correlation.length === 0) {
    return undefined;
  }
  return defined<model.FlowTable>({
    layout,
    trigger: detection.flow && modelRowOf(detection.flow),
    groups: correlation.map((group, i) => groupOf(group, `correlation[${i}]`, numbers)),
  });
}

function layoutOf(types: FlowFieldTypes, path: string, numbers: UnknownNumberCollector): model.FlowLayout {
  const { fields, anonymisation, sampling } = types;
  return defined<model.FlowLayout>({
    columns: fields.map(columnOf),
    anonymisation:
      anonymisation &&
      defined({
        ...without(anonymisation),
        technique: numbers.word(
          `${path}.anonymisation.technique`,
          anonymisation.technique,
          fallback.anonTechnique,
        ),
      }),
    sampling: sampling && {
      algorithm: numbers.word(`${path}.sampling.algorithm`, sampling.algorithm, fallback.samplingAlgorithm),
      interval: sampling.interval,
    },
  });
}

function columnOf(field: FieldType): model.FlowColumn {
  if (field.kind !== 'unknown') return field;
  return { kind: 'named', name: reservedPrefix + Buffer.from(field.element).toString('hex') };
}

function groupOf(group: CorrelatedFlows, path: string, numbers: UnknownNumberCollector): model.FlowGroup {
  const { relation, exporter, domainId, fields, flows } = group;
  return defined<model.FlowGroup>({
    relation,
    exporter: exporter && (octetsToAddress(exporter) ?? exporter),
    observationDomainId: domainId,
    layout: fields && layoutOf(fields, `${path}.fields`, numbers),
    rows: modelRowsOf(flows),
  });
}

function partyOf({ name, asn, contact, keyId }: Party): model.Party {
  return defined<model.Party>({
    name,
    asn,
    contact,
    keyId: keyId && Buffer.from(keyId).toString('hex').toUpperCase(),
  });
}

function endpointsOf(
  endpoints: readonly Endpoint[] | undefined,
  path: string,
): readonly model.Endpoint[] | undefined {
  return endpoints?.map((endpoint, i) => endpointOf(endpoint, `${path}[${i}]`));
}

function endpointOf(endpoint: Endpoint, path: string): model.Endpoint {
  const { address, prefix, protocol, ports, name, asn, role, spoofed } = endpoint;
  if (address?.length === 4 && prefix !== undefined && prefix > 32) {
    fail('FLEX_BAD_VALUE', `${prefix} is longer than an IPv4 address`, `${path}.prefix`);
  }
  return defined<model.Endpoint>({
    address: address && octetsToAddress(address),
    prefixLength: prefix,
    protocol,
    ports: ports?.map((range, i) => portRangeOf(range, `${path}.ports[${i}]`)),
    name,
    asn,
    role,
    spoofed,
  });
}

function portRangeOf(range: PortRange, path: string): model.PortRange {
  const { low, high } = range;
  if (high !== undefined && high < low) fail('FLEX_BAD_VALUE', `high ${high} is below low ${low}`, path);
  return range;
}

function conversationOf(exchange: Exchange, path: string): model.Conversation {
  const { inReplyTo, related, asks, outcome, expires, supersedes } = exchange;
  return defined<model.Conversation>({
    inReplyTo: inReplyTo && messageRefOf(inReplyTo),
    related: related?.map(messageRefOf),
    asks: asksOf(asks, `${path}.asks`),
    outcome: outcome && outcomeOf(outcome, `${path}.outcome`),
    expiresMs: optionalMsOf(expires, `${path}.expires`),
    supersedes: supersedes && messageRefOf(supersedes),
  });
}

function messageRefOf({ sender, id }: MessageRef): model.MessageRef {
  return { sender, id: String(id) };
}

function asksOf(asks: readonly Ask[] | undefined, path: string): readonly model.Ask[] | undefined {
  return asks?.map(({ action, scope, lifetime, rate }, i) =>
    defined<model.Ask>({
      action: known(action, `${path}[${i}].action`),
      scope: endpointsOf(scope, `${path}[${i}].scope`),
      lifetimeSeconds: lifetime,
      octetsPerSecond: rate,
    }),
  );
}

function outcomeOf({ status, reason, applied, until }: Outcome, path: string): model.Outcome {
  return defined<model.Outcome>({
    status: known(status, `${path}.status`),
    reason,
    applied: asksOf(applied, `${path}.applied`),
    untilMs: optionalMsOf(until, `${path}.until`),
  });
}

/** Without the fields of later versions. */
function without<T extends object>(fields: T): Omit<T, 'extensions'> {
  return defined({ ...fields, extensions: undefined });
}

function known<W extends string>(value: W | number, path: string): W {
  if (typeof value === 'string') return value;
  return fail('FLEX_UNSUPPORTED', `number ${value} has no meaning in this version of FLEX`, path);
}

function msOf(text: string, path: string): number {
  const ms = generalizedTimeToMs(text);
  if (ms === undefined) return fail('FLEX_BAD_VALUE', `"${text}" is not a GeneralizedTime in DER form`, path);
  // Only the leap second that would end the year 9999.
  if (ms > 253_402_300_799_999) return fail('FLEX_BAD_VALUE', `"${text}" is after the year 9999`, path);
  return ms;
}

function optionalMsOf(text: string | undefined, path: string): number | undefined {
  return text === undefined ? undefined : msOf(text, path);
}

function fail(code: FlexErrorCode, message: string, path: string): never {
  throw new FlexError(code, `${path}: ${message}`, { path });
}
