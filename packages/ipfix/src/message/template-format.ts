import type { DomainKnowledge } from './domain-knowledge.ts';
import type { Template } from './template.ts';

/**
 * Smallest template id; the ids below are those of sets that hold no data (RFC 7011 section 3.4.1, RFC 3954
 * section 5.2).
 */
export const firstTemplateId = 256;

/** A template or options template record as it lies in a message, its fields not read yet. */
export interface TemplateRecord {
  readonly kind: 'template' | 'withdrawal' | 'padding' | 'malformed';
  readonly id: number;
  readonly fieldCount: number;
  readonly scopeFieldCount: number;
  /** Offset of the first field specifier. */
  readonly fieldsStart: number;
  /** Offset behind the record. */
  readonly end: number;
  /** What is wrong, where `kind` is `malformed`. */
  readonly reason?: string;
}

/** How a protocol writes its template sets. */
export interface TemplateFormat {
  readonly templateSetId: number;
  readonly optionsTemplateSetId: number;
  /** Octets of the shortest template record; fewer at the end of a set are padding. */
  readonly shortestRecord: number;
  /** Finds the borders of the template record at `at`; `end` is that of its set, `shortestRecord` or more further. */
  scan(bytes: Uint8Array, at: number, end: number, kind: Template['kind']): TemplateRecord;
  /** Reads the fields of a record that `scan` found whole. */
  read(
    bytes: Uint8Array,
    record: TemplateRecord,
    kind: Template['kind'],
    observationDomainId: number,
    findElement: DomainKnowledge['findElement'],
  ): Template;
}
