import type { LearnedNames } from '../options/learned-names.ts';
import { findElement } from '../registry/find-element.ts';
import type { InformationElement } from '../registry/information-element.ts';
import type { SamplingRates } from '../sampling/sampling-rates.ts';
import { defaultListLimits, type ListLimits } from './list-limits.ts';
import type { Template } from './template.ts';

/** What is known of the exporter, in this session and observation domain, that its records are read with. */
export interface DomainKnowledge {
  /** The template in use, for the lists of RFC 6313. */
  findTemplate(id: number): Template | undefined;
  /** As the registry, and what the exporter told of its own elements (RFC 5610). */
  findElement(pen: number, id: number): InformationElement | undefined;
  readonly listLimits: ListLimits;
  readonly sampling: Pick<SamplingRates, 'rate'>;
  readonly names: Omit<LearnedNames, 'learn'>;
  /** When the exporter started, milliseconds since 1970; undefined where options data have not told. */
  systemInitTimeMs(): number | undefined;
}

/** Of a message that no decoder reads. */
export const nothingKnown: DomainKnowledge = {
  findTemplate: () => undefined,
  findElement,
  listLimits: defaultListLimits,
  sampling: { rate: (told) => Math.max(1, told) },
  names: { exporterName: () => undefined, interfaceName: () => undefined, applicationName: () => undefined },
  systemInitTimeMs: () => undefined,
};
