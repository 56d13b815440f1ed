import type { InformationElement } from '../registry/information-element.ts';
import type { FlowVersion } from './message-header.ts';

/** The field length that announces a variable-length field (RFC 7011 section 7). */
export const variableLength = 65535;

/** One field of a template (RFC 7011 section 3.2). */
export interface FieldSpecifier {
  /** Private Enterprise Number; 0 where the enterprise bit is not set. */
  readonly pen: number;
  /** 0 to 32767, without the enterprise bit. */
  readonly id: number;
  /** Octets in a data record; 65535 means that each record says it ({@link variableLength}). */
  readonly length: number;
  /** What the registry knows of it. */
  readonly element: InformationElement | undefined;
  /** Readers pass over its octets: a view of a template leaves it out. */
  readonly omitted?: boolean;
}

/**
 * A field that no octets of the record hold: it is computed of others, or the message header has it.
 *
 * - `uptime`: a time given as uptime of the exporter (elements 21 and 22), as a time since 1970. The start of
 *   the exporter is told by the message header (NetFlow) or by element 160, `systemInitTimeMilliseconds`, of the record
 *   or of options data.
 * - `header`: what a header of NetFlow v5 says of all of its records
 */
export type DerivedField =
  | {
      readonly kind: 'uptime';
      readonly field: FieldSpecifier;
      /** Index of the field with the uptime, milliseconds. */
      readonly uptimeIndex: number;
      /** What tells the start: the uptime in the header, options data, or the field with this index. */
      readonly start: 'header' | 'options' | number;
    }
  | {
      readonly kind: 'header';
      readonly field: FieldSpecifier;
      readonly value: 'samplingInterval' | 'samplingMode' | 'engineType' | 'engineId';
    };

/** How the data records of one kind look (RFC 7011 sections 3.4.1 and 3.4.2.2, RFC 3954 sections 5.2 and 6.1). */
export interface Template {
  readonly kind: 'data' | 'options';
  readonly version: FlowVersion;
  /**
   * 256 to 65535; unique within its observation domain and transport session. The records of NetFlow v1, v5 and
   * v7, which know no templates, have one whose id is the version.
   */
  readonly id: number;
  readonly observationDomainId: number;
  /** In the order of the wire; the scope fields come first. */
  readonly fields: readonly FieldSpecifier[];
  /** Fields that records have without octets of their own. */
  readonly derivedFields: readonly DerivedField[];
  /** 0 in templates of kind `data`. */
  readonly scopeFieldCount: number;
  /** Octets of the shortest possible record; at least 1. A variable-length field counts as its 1-octet length. */
  readonly minRecordLength: number;
  /** IPFIX: options data have told when the exporter started. */
  readonly startKnown?: boolean;
  /** No variable-length field: every record has `minRecordLength` octets. */
  readonly fixedLength: boolean;
}
