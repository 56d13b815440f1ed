import { type Clock, createReexporter, type MessageExporter, systemClock } from '@flowpact/ipfix';
import type { RecordOutput } from './record-output.ts';

export interface ExportOutputConfig {
  /** Over UDP templates are repeated; a connection or a file has them once. */
  readonly repeatTemplates: boolean;
}

export interface ExportOutputDeps {
  readonly exporter: MessageExporter;
  readonly clock?: Clock;
  /** Called when all is sent. */
  onClose?(): void;
}

/** Records go on as IPFIX, to another collector or into files. */
export function createExportOutput(
  { repeatTemplates }: ExportOutputConfig,
  { exporter, clock = systemClock, onClose }: ExportOutputDeps,
): RecordOutput & { start(): Promise<void> } {
  let waiting: Promise<void> | undefined;
  let failure: unknown;
  let flushScheduled = false;
  const reexporter = createReexporter(repeatTemplates ? {} : { templateRefreshMs: 0 }, {
    clock,
    onMessage(message) {
      if (failure !== undefined) return;
      try {
        const sent = exporter.send(message);
        if (sent === undefined) return;
        const settled: Promise<void> = sent.catch(fail).finally(() => {
          if (waiting === settled) waiting = undefined;
        });
        waiting = settled;
      } catch (error) {
        fail(error);
      }
    },
  });
  const fail = (error: unknown) => {
    failure ??= error;
  };
  return {
    start: () => exporter.start(),
    openSession: () => reexporter.openSession(),
    afterMessage() {
      // Messages are filled as long as more comes at once, and sent when nothing does.
      if (flushScheduled) return;
      flushScheduled = true;
      setImmediate(() => {
        flushScheduled = false;
        reexporter.flush();
      });
    },
    get open() {
      return failure === undefined;
    },
    get full() {
      return waiting !== undefined;
    },
    async ready() {
      await waiting;
    },
    async close() {
      reexporter.flush();
      await waiting;
      await exporter.stop();
      onClose?.();
      if (failure !== undefined) throw failure;
    },
    get records() {
      return reexporter.stats.records;
    },
    dropped: 0,
  };
}
