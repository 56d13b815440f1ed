import type * as model from '@flowpact/event';
import { addressToOctets } from '@flowpact/event';
import { msToGeneralizedTime } from '../der/generalized-time.ts';
import type { FlexInteger } from '../der/integer.ts';
import { FlexError } from '../flex-error.ts';
import type { CorrelatedFlows } from '../module/correlated-flows.ts';
import { type Detection, type Party, type Property, severityCodec, tlpCodec } from '../module/detection.ts';
import type { Endpoint } from '../module/endpoint.ts';
import type { Ask, Exchange, MessageRef, Outcome } from '../module/exchange.ts';
import type { FieldType } from '../module/field-type.ts';
import type { FlexRecord } from '../module/flex-record.ts';
import {
  anonTechniqueCodec,
  type FlowFieldTypes,
  samplingAlgorithmCodec,
} from '../module/flow-field-types.ts';
import { eventTypeCodec, flowTypeCodec, flowVersionCodec, type Settings } from '../module/settings.ts';
import { defined } from './defined.ts';
import { fieldValueOf, rowOf, rowsOf } from './flow-values.ts';
import { flowVersionOf } from './flow-version.ts';
import { fallback, foreignVersionName, UnknownNumberRestorer } from './unknown-numbers.ts';

/**
 * The FLEX record that says what a message says. Everything of the message is in it; see
 * {@link messageFromFlexRecord} for what comes back in another form.
 * @throws FlexError `FLEX_INVALID` for an id, an address or a time that FLEX cannot say; a valid message has none.
 */
export function flexRecordFromMessage(message: model.Message): FlexRecord {
  const { flows } = message.event;
  const numbers = new UnknownNumberRestorer(message.event.additional);
  return {
    settings: settingsOf(message, numbers),
    flowFields: flows === undefined ? { fields: [] } : layoutOf(flows.layout, 'flowFields', numbers),
    correlation: (flows?.groups ?? []).map((group, i) => groupOf(group, `correlation[${i}]`, numbers)),
    // Last: it takes the properties that no field before it has claimed.
    detection: detectionOf(message, numbers),
  };
}

function settingsOf(message: model.Message, numbers: UnknownNumberRestorer): Settings {
  const { type, flowSource } = message.event;
  const version = flowSource?.version;
  return {
    id: integerOf(message.id, 'settings.id'),
    msgType: message.kind,
    eventType: numbers.value('settings.eventType', type, fallback.eventType, eventTypeCodec),
    type: numbers.value('settings.type', flowSource?.protocol ?? 'other', fallback.flowType, flowTypeCodec),
    version:
      version === undefined
        ? numbers.value('settings.version', fallback.flowVersion, fallback.flowVersion, flowVersionCodec)
        : (flowVersionOf(version) ?? 'none'),
  };
}

function layoutOf(layout: model.FlowLayout, path: string, numbers: UnknownNumberRestorer): FlowFieldTypes {
  const { columns, anonymisation, sampling } = layout;
  return defined<FlowFieldTypes>({
    fields: columns.map(fieldTypeOf),
    anonymisation:
      anonymisation &&
      defined({
        ...anonymisation,
        technique: numbers.value(
          `${path}.anonymisation.technique`,
          anonymisation.technique,
          fallback.anonTechnique,
          anonTechniqueCodec,
        ),
      }),
    sampling: sampling && {
      algorithm: numbers.value(
        `${path}.sampling.algorithm`,
        sampling.algorithm,
        fallback.samplingAlgorithm,
        samplingAlgorithmCodec,
      ),
      interval: sampling.interval,
    },
  });
}

function fieldTypeOf(column: model.FlowColumn): FieldType {
  return defined<FieldType>({ ...column });
}

function groupOf(group: model.FlowGroup, path: string, numbers: UnknownNumberRestorer): CorrelatedFlows {
  const { relation, exporter, observationDomainId, layout, rows } = group;
  return defined<CorrelatedFlows>({
    relation,
    exporter: typeof exporter === 'string' ? octetsOf(exporter, `${path}.exporter`) : exporter,
    domainId: observationDomainId,
    fields: layout && layoutOf(layout, `${path}.fields`, numbers),
    flows: rowsOf(rows),
  });
}

function detectionOf(message: model.Message, numbers: UnknownNumberRestorer): Detection {
  const { sender, createdMs, conversation } = message;
  const { event } = message;
  const { totals } = event;
  return defined<Detection>({
    sender: partyOf(sender),
    created: timeOf(createdMs, 'detection.created'),
    start: optionalTimeOf(event.startMs, 'detection.start'),
    end: optionalTimeOf(event.endMs, 'detection.end'),
    detector: event.detector && defined(event.detector),
    classification: event.classifications,
    severity: numbers.value('detection.severity', event.severity, fallback.severity, severityCodec),
    confidence: event.confidence,
    sources: endpointsOf(event.sources, 'detection.sources'),
    targets: endpointsOf(event.targets, 'detection.targets'),
    flow: event.flows?.trigger && rowOf(event.flows.trigger),
    totals:
      totals &&
      defined({
        flows: totals.flows,
        packets: totals.packets,
        octets: totals.octets,
        pps: totals.packetsPerSecond,
        bps: totals.bitsPerSecond,
      }),
    tlp: event.tlp && numbers.value('detection.tlp', event.tlp, fallback.tlp, tlpCodec),
    exchange: conversation && exchangeOf(conversation, 'detection.exchange'),
    text: event.text,
    additional: propertiesOf(event, numbers.remaining()),
  });
}

function partyOf({ name, asn, contact, keyId }: model.Party): Party {
  return defined<Party>({
    name,
    asn,
    contact,
    keyId: keyId === undefined ? undefined : Uint8Array.from(Buffer.from(keyId, 'hex')),
  });
}

function propertiesOf(
  { additional, flowSource }: model.SecurityEvent,
  remaining: readonly model.Property[],
): readonly Property[] | undefined {
  const properties: Property[] = remaining.map(({ name, value }) => ({ name, value: fieldValueOf(value) }));
  const version = flowSource?.version;
  if (version !== undefined && flowVersionOf(version) === undefined) {
    properties.push({ name: foreignVersionName, value: version });
  }
  const none = properties.length === 0 && (additional === undefined || additional.length > 0);
  return none ? undefined : properties;
}

function endpointsOf(
  endpoints: readonly model.Endpoint[] | undefined,
  path: string,
): readonly Endpoint[] | undefined {
  return endpoints?.map(({ address, prefixLength, protocol, ports, name, asn, role, spoofed }, i) =>
    defined<Endpoint>({
      address: address === undefined ? undefined : octetsOf(address, `${path}[${i}].address`),
      prefix: prefixLength,
      protocol,
      ports: ports?.map((range) => defined(range)),
      name,
      asn,
      role,
      spoofed,
    }),
  );
}

function exchangeOf(conversation: model.Conversation, path: string): Exchange {
  const { inReplyTo, related, asks, outcome, expiresMs, supersedes } = conversation;
  return defined<Exchange>({
    inReplyTo: inReplyTo && messageRefOf(inReplyTo, `${path}.inReplyTo`),
    related: related?.map((reference, i) => messageRefOf(reference, `${path}.related[${i}]`)),
    asks: asksOf(asks, `${path}.asks`),
    outcome: outcome && outcomeOf(outcome, `${path}.outcome`),
    expires: optionalTimeOf(expiresMs, `${path}.expires`),
    supersedes: supersedes && messageRefOf(supersedes, `${path}.supersedes`),
  });
}

function messageRefOf({ sender, id }: model.MessageRef, path: string): MessageRef {
  return { sender, id: integerOf(id, `${path}.id`) };
}

function asksOf(asks: readonly model.Ask[] | undefined, path: string): readonly Ask[] | undefined {
  return asks?.map(({ action, scope, lifetimeSeconds, octetsPerSecond }, i) =>
    defined<Ask>({
      action,
      scope: endpointsOf(scope, `${path}[${i}].scope`),
      lifetime: lifetimeSeconds,
      rate: octetsPerSecond,
    }),
  );
}

function outcomeOf({ status, reason, applied, untilMs }: model.Outcome, path: string): Outcome {
  return defined<Outcome>({
    status,
    reason,
    applied: asksOf(applied, `${path}.applied`),
    until: optionalTimeOf(untilMs, `${path}.until`),
  });
}

function integerOf(decimal: string, path: string): FlexInteger {
  if (!/^-?[0-9]{1,1000}$/.test(decimal)) fail(`"${decimal.slice(0, 40)}" is not a decimal integer`, path);
  const value = Number(decimal);
  return Number.isSafeInteger(value) ? value : BigInt(decimal);
}

function octetsOf(address: string, path: string): Uint8Array {
  try {
    return addressToOctets(address);
  } catch (cause) {
    return fail(`"${address.slice(0, 60)}" is not an IP address`, path, cause);
  }
}

function timeOf(ms: number, path: string): string {
  return msToGeneralizedTime(ms) ?? fail(`${ms} ms are no time in the years 0000 to 9999`, path);
}

function optionalTimeOf(ms: number | undefined, path: string): string | undefined {
  return ms === undefined ? undefined : timeOf(ms, path);
}

function fail(message: string, path: string, cause?: unknown): never {
  throw new FlexError('FLEX_INVALID', `cannot encode ${path}: ${message}`, { path, cause });
}
