import { createTreatingReader } from '../anonymise/treating-reader.ts';
import type { Clock } from '../clock/clock.ts';
import { createLayoutCache } from '../filter/layout-cache.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { DerivedField, Template } from '../message/template.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import { nativeCode, valueFunctions } from '../record/value-code.ts';
import { createValueWriter, type ValueWriter } from '../record/value-writer.ts';
import { createExportedDomain, type ExportedDomain } from './exported-domain.ts';

export interface ReexporterConfig {
  /** Octets, 512 to 65,535; default 1,400, which suits UDP. */
  readonly maxMessageLength?: number;
  /**
   * Announces all templates again after so many milliseconds, as has to be done over UDP (RFC 7011 section 8.4);
   * default 60 seconds. 0, for connections and files, announces each once.
   */
  readonly templateRefreshMs?: number;
  /** Observation domains of all sessions at most; records of further ones are refused. Default 4,096. */
  readonly maxDomains?: number;
}

export interface ReexporterDeps {
  readonly clock: Clock;
  /** A finished message, whose octets belong to the receiver. */
  onMessage(message: Uint8Array): void;
}

/** Counters of a re-exporter; they only grow. */
export interface ReexporterStats {
  readonly messages: number;
  readonly bytes: number;
  readonly records: number;
  /** Records not sent: too long for a message, or of too many domains or templates. */
  readonly refusedRecords: number;
}

/** The records of one transport session on their way to another collector. */
export interface ReexportSession {
  /** Give it to the decoder of the session, behind a filter or an anonymiser if you like. */
  readonly reader: RecordReader;
  /** The session is over; its observation domains may be taken by another. */
  end(): void;
}

/**
 * Sends records of any number of sessions and of any version of NetFlow or IPFIX on as one stream of IPFIX, as a
 * mediator does (RFC 6183). Sequence numbers count what is sent, so that filtering shows no gaps. Fields keep their
 * octets; what NetFlow tells in its headers (times by uptime, sampling) becomes fields of the records. Each message
 * keeps the export time of the records in it. An observation domain that another session has already gets an
 * unused number. Lists of whole records (RFC 6313) name templates of their sender, which are not sent on: receivers get
 * these lists as octets.
 */
export interface Reexporter {
  openSession(): ReexportSession;
  /** Sends what is under construction; call it when nothing more comes at once, and before the end. */
  flush(): void;
  readonly stats: ReexporterStats;
}

const uint32Limit = 0x100000000;

/** Fields that a view of a template omits, such as one direction of a biflow, are not sent. */
const withoutOmitted = createTreatingReader(() => ({ kind: 'keep' }));

/** @throws IpfixError `IPFIX_BAD_CONFIG` */
export function createReexporter(config: ReexporterConfig, deps: ReexporterDeps): Reexporter {
  const { maxMessageLength = 1400, templateRefreshMs = 60_000, maxDomains = 4096 } = config;
  const { clock } = deps;
  if (!(Number.isInteger(maxMessageLength) && maxMessageLength >= 512 && maxMessageLength <= 65535)) {
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `maxMessageLength is ${maxMessageLength}: give 512 to 65,535 octets`,
    );
  }
  const stats = { messages: 0, bytes: 0, records: 0, refusedRecords: 0 };
  const domains = new Map<number, ExportedDomain>();
  const layouts = createLayoutCache(compileRecords);
  /** Domains that an open session has. */
  const taken = new Set<number>();

  function createDomain(id: number): ExportedDomain {
    let refreshedMs = clock.now();
    return createExportedDomain(id, {
      maxMessageLength,
      isRefreshDue() {
        if (templateRefreshMs === 0 || clock.now() - refreshedMs < templateRefreshMs) return false;
        refreshedMs = clock.now();
        return true;
      },
      onMessage(message, records) {
        stats.messages++;
        stats.bytes += message.length;
        stats.records += records;
        deps.onMessage(message);
      },
    });
  }

  /** Takes the number itself where it is free, else the next that is; undefined above the limit. */
  function takeDomain(wanted: number): number | undefined {
    if (taken.size >= maxDomains) return undefined;
    let id = wanted;
    while (taken.has(id)) id = (id + 1) % uint32Limit;
    taken.add(id);
    return id;
  }

  function openSession(): ReexportSession {
    const ids = new Map<number, number | undefined>();

    function domainOf(id: number): ExportedDomain | undefined {
      if (!ids.has(id)) ids.set(id, takeDomain(id));
      const sentAs = ids.get(id);
      if (sentAs === undefined) return undefined;
      const known = domains.get(sentAs);
      if (known !== undefined) return known;
      const domain = createDomain(sentAs);
      domains.set(sentAs, domain);
      return domain;
    }

    const refuse: DataSetReader = () => {
      stats.refusedRecords++;
      return 0;
    };

    const reader: RecordReader = {
      compile(template) {
        const domain = domainOf(template.observationDomainId);
        const templateId = domain?.templateId(template);
        const read = layouts.compile(template);
        const onRecord: DataSetReader =
          domain === undefined || templateId === undefined
            ? refuse
            : (octets, start, end, header) => {
                if (!domain.add(templateId, octets, start, end, header.exportTime)) stats.refusedRecords++;
                return 1;
              };
        return (bytes, start, end, header) => read(bytes, start, end, header, onRecord);
      },
    };

    return {
      reader: withoutOmitted(reader),
      end() {
        for (const id of ids.values()) if (id !== undefined) taken.delete(id);
        ids.clear();
      },
    };
  }

  return {
    openSession,
    flush() {
      for (const domain of domains.values()) domain.flush();
    },
    stats,
  };
}

/** Hands each record over. */
type ReadRecords = (...args: [...Parameters<DataSetReader>, onRecord: DataSetReader]) => number;

/** Makes the reader that hands over each record with its derived fields written behind it. */
function compileRecords(template: Template): ReadRecords {
  const { derivedFields, fields } = template;
  const codes: string[] = [];
  const writers = derivedFields.map(valueWriterOf);
  const statements = setReaderCode(template, {
    begin: 'const from = p;',
    field({ element }, place, index) {
      if (index < fields.length) return undefined;
      codes.push(`value${index}`);
      return `const value${index} = ${nativeCode(element?.dataType ?? 'unsigned64', place)};`;
    },
    end: () =>
      codes.length === 0
        ? 'onRecord(bytes, from, p, header);'
        : `onRecord(scratch, 0, extend(bytes, from, p, [${codes.join(', ')}]), header);`,
  });
  const scratch = new Uint8Array(codes.length === 0 ? 0 : 65535 + 8 * writers.length);

  function extend(bytes: Uint8Array, start: number, end: number, values: readonly number[]): number {
    scratch.set(bytes.subarray(start, end));
    return values.reduce((at, value, i) => writers[i](value, scratch, at), end - start);
  }

  return compileSetReader(`const onRecord = arguments[4];\n${statements}`, {
    ...valueFunctions,
    scratch,
    extend,
  });
}

const valueWriterOf = ({ field }: DerivedField): ValueWriter =>
  createValueWriter(field.element?.dataType ?? 'unsigned64', field.length);
