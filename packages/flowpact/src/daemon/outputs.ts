import { stringifyEvent } from '@flowpact/event';
import type { OutputConfig } from '../config/output-config.ts';
import type { LineSink } from '../output/line-sink.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import type { Finding } from './detection-messages.ts';

/** How an output fares. */
export interface OutputReport {
  readonly to: string;
  readonly lines: number;
  /** Lines that it lost because it was slow or away. */
  readonly dropped: number;
}

/** Where findings are written as JSON lines. */
export interface Outputs {
  write(finding: Finding): void;
  report(): readonly OutputReport[];
  /** Opens what is new, closes what is gone; what is the same goes on. @throws FlowpactError; all is as before then. */
  use(configs: readonly OutputConfig[]): Promise<void>;
  close(): Promise<void>;
}

interface OpenOutput {
  readonly config: OutputConfig;
  /** To compare with what is asked for. */
  readonly asked: string;
  readonly sink: LineSink;
  lines: number;
}

/** @param path makes a path of the configuration an absolute one */
export function createOutputs({ path }: { path(path: string): string }): Outputs {
  let open: readonly OpenOutput[] = [];

  async function openOne(config: OutputConfig): Promise<OpenOutput> {
    const isFile = config.to !== '-' && !/^[a-z-]+:\/\//i.test(config.to);
    const sink = await openLineSink(isFile ? path(config.to) : config.to, { whenSlow: 'drop', append: true });
    return { config, asked: JSON.stringify(config), sink, lines: 0 };
  }

  return {
    write(finding) {
      for (const output of open) {
        for (const line of linesFor(output.config, finding)) {
          output.lines++;
          output.sink.write(line);
        }
      }
    },
    report: () => open.map(({ config, sink, lines }) => ({ to: config.to, lines, dropped: sink.dropped })),
    async use(configs) {
      const wanted = configs.map((config) => ({ config, asked: JSON.stringify(config) }));
      const kept = open.filter(({ asked }) => wanted.some((each) => each.asked === asked));
      const opened: OpenOutput[] = [];
      try {
        for (const { config, asked } of wanted) {
          if (!kept.some((each) => each.asked === asked)) opened.push(await openOne(config));
        }
      } catch (error) {
        await Promise.allSettled(opened.map(({ sink }) => sink.close()));
        throw error;
      }
      const gone = open.filter((each) => !kept.includes(each));
      open = [...kept, ...opened];
      await Promise.allSettled(gone.map(({ sink }) => sink.close()));
    },
    async close() {
      const closed = await Promise.allSettled(open.map(({ sink }) => sink.close()));
      open = [];
      for (const result of closed) if (result.status === 'rejected') throw result.reason;
    },
  };
}

function linesFor({ what, statements }: OutputConfig, finding: Finding): readonly string[] {
  const { module, statement } = finding;
  const isChosen = statements?.some((name) => name === statement || name === `${module}/${statement}`);
  switch (finding.kind) {
    case 'event':
      return what === 'events' && isChosen !== false ? [stringifyEvent(finding.event)] : [];
    case 'rows':
      return what === 'detections' && (isChosen ?? finding.isOutput) ? finding.lines : [];
    default:
      return finding satisfies never;
  }
}
