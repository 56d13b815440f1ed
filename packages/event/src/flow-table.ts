import { z } from 'zod';
import { addressSchema } from './endpoint.ts';
import { isInteger, positiveSchema } from './integer.ts';
import { isText, textSchema } from './text.ts';
import { anonymisationTechniques, samplingAlgorithms } from './vocabulary.ts';

/**
 * The meaning of one column: an IANA Information Element, an enterprise-specific one (PEN 29305: the reverse
 * direction, RFC 5103), or a bare name where IPFIX has no number for it.
 */
export const flowColumnSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('iana'), id: z.int().min(1).max(32767) }).readonly(),
  z
    .object({
      kind: z.literal('enterprise'),
      id: z.int().min(1).max(32767),
      pen: z.int().min(1).max(0xffffffff),
      name: textSchema.optional(),
    })
    .readonly(),
  z.object({ kind: z.literal('named'), name: textSchema }).readonly(),
]);
export type FlowColumn = z.infer<typeof flowColumnSchema>;

/**
 * One value of a flow row: null where absent; numbers for counters, identifiers and flags (bigint beyond 2^53-1);
 * times and durations as numbers in the element's own unit (`flowStartMilliseconds`: ms since 1970); addresses, MAC
 * and octetArray as octets; strings; booleans; lists for basicList (RFC 6313), nested 16 deep at most.
 */
export type FlowValue = null | number | bigint | string | boolean | Uint8Array | readonly FlowValue[];

/** As deep as FLEX decoders accept by default. */
const maxListNesting = 16;

function isFlowValue(value: unknown, nesting = 0): value is FlowValue {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return true;
    case 'bigint':
      return isInteger(value);
    case 'string':
      return isText(value);
    case 'object':
      if (value === null || value instanceof Uint8Array) return true;
      return nesting < maxListNesting && isListOfFlowValues(value, nesting + 1);
    default:
      return false;
  }
}

/** Not `every`, which passes over the holes of a sparse array. */
function isListOfFlowValues(values: unknown, nesting: number): values is readonly FlowValue[] {
  if (!Array.isArray(values)) return false;
  for (const value of values) if (!isFlowValue(value, nesting)) return false;
  return true;
}

export const flowValueSchema = z.custom<FlowValue>((value) => isFlowValue(value), 'not a flow value');

const octetsSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not octets');

/** Positional: value i belongs to column i. A shorter row lacks its last values. */
export const flowRowSchema = z.custom<readonly FlowValue[]>(
  (row) => isListOfFlowValues(row, 0),
  'not a row of flow values',
);
export type FlowRow = z.infer<typeof flowRowSchema>;

export const anonymisationSchema = z
  .object({
    /** What was done to the values (RFC 6235). */
    technique: z.enum(anonymisationTechniques),
    /** 0-based columns concerned; left out: all address columns. */
    columns: z.array(z.int().min(0).max(65535)).readonly().optional(),
    /** Names the key, never contains it. */
    keyId: textSchema.optional(),
    /** Bits of addresses that were left as they were. */
    prefixKept: z.int().min(0).max(128).optional(),
  })
  .readonly();
export type Anonymisation = z.infer<typeof anonymisationSchema>;

/** 1 packet in `interval` was seen. */
export const samplingSchema = z
  .object({ algorithm: z.enum(samplingAlgorithms), interval: positiveSchema })
  .readonly();
export type Sampling = z.infer<typeof samplingSchema>;

/** What the values of a row mean and how they were treated. */
export const flowLayoutSchema = z
  .object({
    /** The meaning of the values, in their order. */
    columns: z.array(flowColumnSchema).readonly(),
    /** Left out: the values are as they were. */
    anonymisation: anonymisationSchema.optional(),
    /** Left out: all packets were seen, or nothing is known. */
    sampling: samplingSchema.optional(),
  })
  .readonly();
export type FlowLayout = z.infer<typeof flowLayoutSchema>;

/** Flows that belong together for one reason. */
export const flowGroupSchema = z
  .object({
    /** Why they are here, e.g. `evidence`, `same-c2`, `same-target`. */
    relation: textSchema.optional(),
    /** Address of the exporter, or its octets where they are no IP address. */
    exporter: z.union([addressSchema, octetsSchema]).optional(),
    /** Observation domain of the exporter. */
    observationDomainId: z.int().min(0).max(0xffffffff).optional(),
    /** Left out: the event's own layout. */
    layout: flowLayoutSchema.optional(),
    /** The flows. */
    rows: z.array(flowRowSchema).readonly(),
  })
  .readonly();
export type FlowGroup = z.infer<typeof flowGroupSchema>;

/** The flows that travel with an event. */
export const flowTableSchema = z
  .object({
    /** Of the trigger, and of groups without one of their own. */
    layout: flowLayoutSchema,
    /** The flow that fired, where one did. */
    trigger: flowRowSchema.optional(),
    /** The flows, by what they have in common. */
    groups: z.array(flowGroupSchema).readonly(),
  })
  .readonly();
export type FlowTable = z.infer<typeof flowTableSchema>;
