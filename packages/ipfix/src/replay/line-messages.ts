import type { Readable } from 'node:stream';
import { type OctetSourceConfig, readOctets } from '../file/octet-source.ts';
import { parseTime } from '../filter/filter-value.ts';
import { IpfixError } from '../ipfix-error.ts';
import { createIpfixEncoder, type IpfixEncoder } from '../message/encoder.ts';
import type { FieldValue } from '../record/field-value.ts';
import { type LineField, lineField } from './line-field.ts';
import { splitLines } from './split-lines.ts';

export interface LineMessagesConfig extends OctetSourceConfig {
  /** Octets of a message, 512 to 65,535; default 1,400. */
  readonly maxMessageLength?: number;
  /** Octets of a line; longer ones are skipped and counted. Default 1 MiB. */
  readonly maxLineLength?: number;
}

export interface LineMessagesStats {
  readonly lines: number;
  readonly records: number;
  /** Lines that are no record, or whose values do not fit their fields. */
  readonly skippedLines: number;
  /** Values left out because nothing is known of their key, or because they are null or a list (RFC 6313). */
  readonly skippedFields: number;
}

/** Makes messages of lines of JSON in our own style, as `createLineReader({ style: 'flowpact' })` writes them. */
export interface LineMessages {
  /**
   * The messages of all lines, in batches, one a chunk. Templates are made of the keys; each is announced before its
   * first record. Fields have the lengths of their types, times that JSON cut to milliseconds stay so.
   *
   * @param input path of a file (also with gzip or zstd), `-` for standard input, or a stream of Buffers
   * @throws IpfixError while iterating: `IPFIX_IO`, `IPFIX_UNSUPPORTED`
   */
  read(input: string | Readable): AsyncGenerator<readonly Uint8Array[], void, void>;
  readonly stats: LineMessagesStats;
}

/** Observation domains, and layouts in each, at most; lines beyond are skipped. */
const mostDomains = 256;
const mostLayouts = 1024;

/** Names kept with the fields they stand for. */
const mostKeys = 16384;

const firstTemplateId = 256;

/** Keys of a line that belong to the message and not to the record. */
const headerKeys: ReadonlySet<string> = new Set(['exportTime', 'observationDomainId', 'templateId']);

interface LineDomain {
  readonly encoder: IpfixEncoder;
  readonly templateIds: Map<string, number>;
}

export function createLineMessages(config: LineMessagesConfig = {}): LineMessages {
  const { maxMessageLength = 1400, maxLineLength = 1024 * 1024, chunkBytes, maxZstdWindowBytes } = config;
  const stats = { lines: 0, records: 0, skippedLines: 0, skippedFields: 0 };
  const fields = new Map<string, LineField | undefined>();

  function fieldOf(key: string): LineField | undefined {
    if (fields.has(key)) return fields.get(key);
    const field = lineField(key);
    if (fields.size < mostKeys) fields.set(key, field);
    return field;
  }

  /** Makes the record of a line; undefined for what is none. */
  function addLine(line: string, domainOf: (id: number) => LineDomain | undefined): number | undefined {
    const record = parseObject(line);
    const exportMs =
      typeof record?.exportTime === 'string' ? parseTime(record.exportTime) : record?.exportTime;
    if (record === undefined || typeof exportMs !== 'number') return undefined;
    const { observationDomainId = 0 } = record;
    const domain = typeof observationDomainId === 'number' ? domainOf(observationDomainId) : undefined;
    if (domain === undefined) return undefined;

    const layout: LineField[] = [];
    const values: FieldValue[] = [];
    for (const [key, given] of Object.entries(record)) {
      if (headerKeys.has(key)) continue;
      const field = fieldOf(key);
      // Several fields of one name are one array.
      for (const one of Array.isArray(given) ? given : [given]) {
        const value = field?.parse(one);
        if (field === undefined || value === undefined) {
          stats.skippedFields++;
          continue;
        }
        layout.push(field);
        values.push(value);
      }
    }
    const templateId = layout.length === 0 ? undefined : templateIdOf(domain, layout);
    if (templateId === undefined) return undefined;
    const exportTime = Math.floor(exportMs / 1000);
    domain.encoder.addRecord(templateId, values, exportTime);
    return exportTime;
  }

  function templateIdOf(
    { encoder, templateIds }: LineDomain,
    layout: readonly LineField[],
  ): number | undefined {
    const key = layout.map(({ pen, id }) => `${pen}.${id}`).join(' ');
    const known = templateIds.get(key);
    if (known !== undefined || templateIds.size >= mostLayouts) return known;
    const id = firstTemplateId + templateIds.size;
    encoder.defineTemplate({ id, fields: layout });
    templateIds.set(key, id);
    return id;
  }

  return {
    stats,
    async *read(input) {
      const domains = new Map<number, LineDomain>();
      let batch: Uint8Array[] = [];
      let exportTime = 0;

      function domainOf(observationDomainId: number): LineDomain | undefined {
        const known = domains.get(observationDomainId);
        if (known !== undefined || domains.size >= mostDomains) return known;
        const encoder = createIpfixEncoder(
          { observationDomainId, maxMessageLength },
          { onMessage: (message) => batch.push(message) },
        );
        const domain = { encoder, templateIds: new Map<string, number>() };
        domains.set(observationDomainId, domain);
        return domain;
      }

      const octets = readOctets(input, { chunkBytes, maxZstdWindowBytes });
      for await (const { lines, oversized } of splitLines(octets, maxLineLength)) {
        stats.skippedLines += oversized;
        stats.lines += oversized;
        for (const line of lines) {
          if (line.trim() === '') continue;
          stats.lines++;
          const added = attempt(() => addLine(line, domainOf));
          if (added === undefined) stats.skippedLines++;
          else {
            exportTime = added;
            stats.records++;
          }
        }
        if (batch.length > 0) yield batch;
        batch = [];
      }
      for (const { encoder } of domains.values()) encoder.flush(exportTime);
      if (batch.length > 0) yield batch;
    },
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A value that does not fit makes its line one that is skipped. */
function attempt(step: () => number | undefined): number | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof IpfixError) return undefined;
    throw error;
  }
}
