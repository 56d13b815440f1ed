import type { InformationElement } from '../registry/information-element.ts';

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
}

/** How the data records of one kind look (RFC 7011 sections 3.4.1 and 3.4.2.2). */
export interface Template {
  readonly kind: 'data' | 'options';
  /** 256 to 65535; unique within its observation domain and transport session. */
  readonly id: number;
  readonly observationDomainId: number;
  /** In the order of the wire; the scope fields come first. */
  readonly fields: readonly FieldSpecifier[];
  /** 0 in templates of kind `data`. */
  readonly scopeFieldCount: number;
  /** Octets of the shortest possible record; at least 1. A variable-length field counts as its 1-octet length. */
  readonly minRecordLength: number;
  /** No variable-length field: every record has `minRecordLength` octets. */
  readonly fixedLength: boolean;
}
