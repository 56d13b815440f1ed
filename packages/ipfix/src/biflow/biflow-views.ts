import { createTemplate } from '../message/create-template.ts';
import type { FieldSpecifier, Template } from '../message/template.ts';
import { findElement } from '../registry/find-element.ts';
import { reversePen } from '../registry/reverse-element.ts';
import { isSampledCounter } from '../sampling/sampling-code.ts';

/** CERT's own reverse elements have this bit set (RFC 5103 section 6.2 leaves the way to the enterprise). */
const certPen = 6871;
const certReverseBit = 0x4000;

/** Elements of IANA that tell of one end of a flow, and the ones that tell the same of the other. */
const oppositePairs = [
  [7, 11], // transport ports
  [8, 12], // IPv4 addresses
  [9, 13], // IPv4 prefix lengths
  [10, 14], // interfaces
  [16, 17], // AS numbers
  [27, 28], // IPv6 addresses
  [29, 30], // IPv6 prefix lengths
  [44, 45], // IPv4 prefixes
  [56, 80], // MAC addresses
  [170, 169], // IPv6 prefixes
  [180, 181], // UDP ports
  [182, 183], // TCP ports
  [225, 226], // addresses behind NAT
  [227, 228], // ports behind NAT
  [252, 253], // physical interfaces
  [281, 282], // IPv6 addresses behind NAT
] as const;

const opposites = new Map<number, number>(
  oppositePairs.flatMap(([source, destination]) => [
    [source, destination],
    [destination, source],
  ]),
);

/** The forward element of a reverse one; undefined for other fields. */
export function forwardOf({
  pen,
  id,
}: FieldSpecifier): { readonly pen: number; readonly id: number } | undefined {
  if (pen === reversePen) return { pen: 0, id };
  if (pen === certPen && (id & certReverseBit) !== 0) return { pen, id: id & ~certReverseBit };
  return undefined;
}

const withElement = (field: FieldSpecifier, pen: number, id: number): FieldSpecifier => ({
  ...field,
  pen,
  id,
  element: findElement(pen, id),
});

/** Octets that a view passes over. Element 0 is reserved, so that nobody asks for it. */
const omit = ({ length }: FieldSpecifier): FieldSpecifier => ({
  pen: 0,
  id: 0,
  length,
  element: undefined,
  omitted: true,
});

/** Two templates for the same octets: those of the flow, and of the flow in the other direction. */
export interface BiflowViews {
  readonly forward: Template;
  readonly reverse: Template;
}

/** Undefined where the template describes flows in one direction only. */
export function biflowViews(template: Template): BiflowViews | undefined {
  const { kind, version, id, observationDomainId, fields, scopeFieldCount, startKnown } = template;
  if (kind !== 'data' || !fields.some((field) => forwardOf(field) !== undefined)) return undefined;
  const hasReverse = ({ pen, id: elementId }: FieldSpecifier) =>
    fields.some((other) => {
      const forward = forwardOf(other);
      return forward !== undefined && forward.pen === pen && forward.id === elementId;
    });
  const view = (change: (field: FieldSpecifier) => FieldSpecifier) =>
    createTemplate({
      kind,
      version,
      id,
      observationDomainId,
      scopeFieldCount,
      startKnown,
      fields: fields.map(change),
    });

  return {
    forward: view((field) => (forwardOf(field) === undefined ? field : omit(field))),
    reverse: view((field) => {
      const forward = forwardOf(field);
      if (forward !== undefined) return withElement(field, forward.pen, forward.id);
      // What has a reverse value tells of the forward direction alone, and so do counters.
      if (hasReverse(field) || isSampledCounter(field)) return omit(field);
      const opposite = field.pen === 0 ? opposites.get(field.id) : undefined;
      return opposite === undefined ? field : withElement(field, 0, opposite);
    }),
  };
}
