import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
import { epochMsSchema } from './epoch-ms.ts';
import { flowTableSchema, flowValueSchema } from './flow-table.ts';
import { countSchema } from './integer.ts';
import { textSchema } from './text.ts';
import { eventTypes, flowProtocols, severities, tlpLabels } from './vocabulary.ts';

/** Sums over everything that was seen of the event, also where only some flows travel along. */
export const totalsSchema = z
  .object({
    /** Flow records. */
    flows: countSchema.optional(),
    /** Packets in them. */
    packets: countSchema.optional(),
    /** Octets in them, as the flows count them. */
    octets: countSchema.optional(),
    /** Highest or mean rate, as the detector has it. */
    packetsPerSecond: countSchema.optional(),
    /** The same in bits. */
    bitsPerSecond: countSchema.optional(),
  })
  .readonly();
export type Totals = z.infer<typeof totalsSchema>;

/** What found it. */
export const detectorSchema = z
  .object({
    /** The system. */
    name: textSchema,
    /** Its version. */
    version: textSchema.optional(),
    /** E.g. `epl`. */
    method: textSchema.optional(),
    /** Module and statement, e.g. `multi-stage-http.epl#BruteForce`. */
    rule: textSchema.optional(),
  })
  .readonly();
export type Detector = z.infer<typeof detectorSchema>;

/** The event's class in somebody's taxonomy: `rsit`, `idea`, `xarf4`, `mitre-attack`, … */
export const classificationSchema = z.object({ scheme: textSchema, value: textSchema }).readonly();
export type Classification = z.infer<typeof classificationSchema>;

/** Anything else that was said, by name. */
export const propertySchema = z
  .object({
    name: textSchema,
    value: flowValueSchema,
  })
  .readonly();
export type Property = z.infer<typeof propertySchema>;

/** How the flows were exported: protocol and its version (NetFlow 1, 5, 7, 8, 9; IPFIX 10; sFlow 2, 4, 5). */
export const flowSourceSchema = z
  .object({ protocol: z.enum(flowProtocols), version: z.int().min(0).max(255).optional() })
  .readonly();
export type FlowSource = z.infer<typeof flowSourceSchema>;

/** Who did what to whom, since when, how sure, on which flows' evidence. Only `type` is required. */
export const securityEventSchema = z
  .object({
    /** What happened. */
    type: z.enum(eventTypes),
    /** When it began. */
    startMs: epochMsSchema.optional(),
    /** When it ended, or was seen last. */
    endMs: epochMsSchema.optional(),
    /** What found it. */
    detector: detectorSchema.optional(),
    /** Its class in taxonomies. */
    classifications: z.array(classificationSchema).readonly().optional(),
    /** How bad it is for the targets. */
    severity: z.enum(severities).optional(),
    /** Percent, 0..100. */
    confidence: z.int().min(0).max(100).optional(),
    /** Who does it. */
    sources: z.array(endpointSchema).readonly().optional(),
    /** Whom it is done to. */
    targets: z.array(endpointSchema).readonly().optional(),
    /** How much of it there was. */
    totals: totalsSchema.optional(),
    /** Who may know of it (Traffic Light Protocol 2.0). */
    tlp: z.enum(tlpLabels).optional(),
    /** One or a few sentences for a person. */
    text: textSchema.optional(),
    /** How the flows were exported. */
    flowSource: flowSourceSchema.optional(),
    /** The flows that are the evidence. */
    flows: flowTableSchema.optional(),
    /** What has no field. */
    additional: z.array(propertySchema).readonly().optional(),
  })
  .readonly();
export type SecurityEvent = z.infer<typeof securityEventSchema>;
