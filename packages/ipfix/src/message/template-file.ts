import { open, readFile, rename } from 'node:fs/promises';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import { formatTemplateFile, parseTemplateFile } from './template-file-format.ts';
import type { RememberedDomain, TemplateMemory } from './template-memory.ts';

export interface TemplateFileConfig {
  readonly path: string;
  /** Exporters kept; the one saved longest ago gives way. Default 1,024. */
  readonly maxExporters?: number;
  /** Largest file that is read, octets; default 67,108,864. */
  readonly maxFileBytes?: number;
  /** Milliseconds after a change until it is written, so that many changes cost one write. Default 1,000. */
  readonly saveDelayMs?: number;
}

export interface TemplateFileDeps {
  /** Default {@link systemClock}. */
  readonly clock?: Clock;
  /** Told what went wrong with reading or writing; templates are then learned anew after a restart. */
  onError?(error: IpfixError): void;
}

/** A {@link TemplateMemory} in a file, which is replaced as a whole: it is never half written. */
export interface TemplateFile extends TemplateMemory {
  /** Reads the file where there is one. Call it before `load`. Does not fail: see `onError`. */
  start(): Promise<void>;
  /** Writes what is not written yet. */
  stop(): Promise<void>;
}

export function createTemplateFile(config: TemplateFileConfig, deps: TemplateFileDeps = {}): TemplateFile {
  const { path, maxExporters = 1024, maxFileBytes = 64 * 1024 * 1024, saveDelayMs = 1000 } = config;
  const clock = deps.clock ?? systemClock;
  /** In the order of their last change. */
  const exporters = new Map<string, Map<string, RememberedDomain>>();
  let stopped = new AbortController();
  /** A write is due that will hold all changes made until it begins. */
  let due = false;
  /** Settles when all writes that are due are done; never rejects. */
  let written: Promise<void> = Promise.resolve();

  function report(what: string, cause: unknown): void {
    deps.onError?.(
      new IpfixError('IPFIX_IO', `cannot ${what} ${path}: ${(cause as Error).message}`, { cause }),
    );
  }

  function keep(exporter: string, domain: RememberedDomain): void {
    const domains = exporters.get(exporter) ?? new Map<string, RememberedDomain>();
    const key = `${domain.version} ${domain.observationDomainId}`;
    if (domain.templates.length === 0) domains.delete(key);
    else domains.set(key, domain);
    exporters.delete(exporter);
    if (domains.size > 0) exporters.set(exporter, domains);
    for (const oldest of exporters.keys()) {
      if (exporters.size <= maxExporters) break;
      exporters.delete(oldest);
    }
  }

  async function write(): Promise<void> {
    const partial = `${path}.new`;
    const contents = formatTemplateFile(
      [...exporters].map(([exporter, domains]) => ({ exporter, domains: [...domains.values()] })),
    );
    const file = await open(partial, 'w', 0o600);
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  }

  async function writeLater(signal: AbortSignal): Promise<void> {
    await clock.sleep(saveDelayMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    due = false;
    await write();
  }

  return {
    async start() {
      stopped = new AbortController();
      try {
        const octets = await readFile(path);
        if (octets.length > maxFileBytes)
          throw new Error(`${octets.length} octets, maxFileBytes is ${maxFileBytes}`);
        for (const { exporter, domains } of parseTemplateFile(octets.toString('utf8'))) {
          for (const domain of domains) keep(exporter, domain);
        }
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') report('read', cause);
      }
    },
    async stop() {
      stopped.abort();
      await written;
    },
    load: (exporter) => [...(exporters.get(exporter)?.values() ?? [])],
    save(exporter, domain) {
      keep(exporter, domain);
      if (due) return;
      due = true;
      const { signal } = stopped;
      written = written.then(() => writeLater(signal)).catch((cause: unknown) => report('write', cause));
    },
  };
}
