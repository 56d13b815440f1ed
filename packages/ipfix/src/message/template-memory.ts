import type { FlowVersion } from './message-header.ts';
import type { Template } from './template.ts';

/** A template record as an exporter sent it. */
export interface RememberedTemplate {
  readonly kind: Template['kind'];
  /** The record without the set header around it. */
  readonly octets: Uint8Array;
}

/** The templates of one observation domain. */
export interface RememberedDomain {
  readonly version: FlowVersion;
  readonly observationDomainId: number;
  readonly templates: readonly RememberedTemplate[];
}

/**
 * Keeps templates over a restart. Exporters on UDP send theirs every few minutes, and until then nothing of what they
 * send can be read. Not for TCP and files: there each session begins with its templates (RFC 7011 section 8.4).
 */
export interface TemplateMemory {
  /** What was saved of the exporter; empty where nothing was. */
  load(exporter: string): readonly RememberedDomain[];
  /** Replaces what is kept of one observation domain of the exporter. Returns at once and does not throw. */
  save(exporter: string, domain: RememberedDomain): void;
}
