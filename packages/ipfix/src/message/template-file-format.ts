import type { RememberedDomain, RememberedTemplate } from './template-memory.ts';

/** What the file holds of one exporter. */
export interface RememberedExporter {
  readonly exporter: string;
  readonly domains: readonly RememberedDomain[];
}

const format = 'flowpact-templates';

/** JSON, the octets in hexadecimal. */
export function formatTemplateFile(exporters: readonly RememberedExporter[]): string {
  const toHex = ({ kind, octets }: RememberedTemplate) => ({
    kind,
    octets: Buffer.from(octets).toString('hex'),
  });
  return `${JSON.stringify({
    format,
    exporters: exporters.map(({ exporter, domains }) => ({
      exporter,
      domains: domains.map((domain) => ({ ...domain, templates: domain.templates.map(toHex) })),
    })),
  })}\n`;
}

/** @throws Error where the text is not what {@link formatTemplateFile} writes */
export function parseTemplateFile(text: string): readonly RememberedExporter[] {
  const contents = asObject(JSON.parse(text));
  if (contents.format !== format) throw new Error(`the file is not of the format ${format}`);
  return asArray(contents.exporters).map((entry) => {
    const { exporter, domains } = asObject(entry);
    if (typeof exporter !== 'string') throw new Error('an exporter has no name');
    return { exporter, domains: asArray(domains).map(parseDomain) };
  });
}

function parseDomain(entry: unknown): RememberedDomain {
  const { version, observationDomainId, templates } = asObject(entry);
  if (version !== 9 && version !== 10) throw new Error(`version ${version} has no templates`);
  if (!Number.isSafeInteger(observationDomainId)) throw new Error('a domain has no id');
  return {
    version,
    observationDomainId: observationDomainId as number,
    templates: asArray(templates).map(parseTemplate),
  };
}

function parseTemplate(entry: unknown): RememberedTemplate {
  const { kind, octets } = asObject(entry);
  if (kind !== 'data' && kind !== 'options') throw new Error(`a template of kind ${kind}`);
  if (typeof octets !== 'string') throw new Error('a template without octets');
  return { kind, octets: Buffer.from(octets, 'hex') };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('an object is missing');
  return value as Readonly<Record<string, unknown>>;
}

function asArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('a list is missing');
  return value;
}
