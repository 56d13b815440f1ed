import { join } from 'node:path';
import { systemClock } from '@flowpact/ipfix';
import { createFindingOutput, type FindingOutput, type OutputReport } from '../output/finding-output.ts';
import type { OutputSettings } from '../output/output-settings.ts';
import { createDeadLetters } from '../output/send/dead-letters.ts';
import { createFileSpool } from '../output/spool/file-spool.ts';
import type { Finding } from './detection-messages.ts';

export interface OutputsConfig {
  /** What waits for receivers is in a folder for each output there. */
  readonly directory: string;
  /** How long an output that is closed may go on delivering what waits, milliseconds. Default 2,000. */
  readonly drainMs?: number;
}

/** Where findings are written. */
export interface Outputs {
  write(finding: Finding): void;
  report(): readonly OutputReport[];
  /**
   * Closes what is gone and opens what is new; what is the same goes on.
   * @throws FlowpactError where one cannot be opened: what is new is closed then, and what is gone stays so.
   */
  use(outputs: readonly OutputSettings[]): Promise<void>;
  close(): Promise<void>;
}

interface OpenOutput {
  /** To compare with what is asked for. */
  readonly asked: string;
  readonly output: FindingOutput;
}

export function createOutputs(
  { directory, drainMs = 2000 }: OutputsConfig,
  { onRemark }: { onRemark(text: string): void },
): Outputs {
  let open: readonly OpenOutput[] = [];

  function create(settings: OutputSettings): FindingOutput {
    const folder = join(directory, settings.name);
    const clock = systemClock;
    return createFindingOutput(settings, {
      spool: createFileSpool({ directory: folder, ...settings.spool }, { clock, onRemark }),
      deadLetters: createDeadLetters({ path: join(folder, 'dead-letters.ndjson') }, { clock, onRemark }),
      clock,
      random: Math.random,
      onRemark,
      file: 'append',
    });
  }

  return {
    write(finding) {
      for (const { output } of open) output.write(finding);
    },
    report: () => open.map(({ output }) => output.report),
    async use(outputs) {
      const wanted = outputs.map((settings) => ({ settings, asked: JSON.stringify(settings) }));
      const isWanted = ({ asked }: OpenOutput) => wanted.some((each) => each.asked === asked);
      const gone = open.filter((each) => !isWanted(each));
      open = open.filter(isWanted);
      // Before the new ones begin: one that is changed has the spool of the one before it.
      await Promise.allSettled(gone.map(({ output }) => output.stop(drainMs)));
      const opened: OpenOutput[] = [];
      try {
        for (const { settings, asked } of wanted) {
          if (open.some((each) => each.asked === asked)) continue;
          const output = create(settings);
          await output.start();
          opened.push({ asked, output });
        }
      } catch (error) {
        await Promise.allSettled(opened.map(({ output }) => output.stop(0)));
        throw error;
      }
      open = [...open, ...opened];
    },
    async close() {
      const closed = await Promise.allSettled(open.map(({ output }) => output.stop(drainMs)));
      open = [];
      for (const result of closed) if (result.status === 'rejected') throw result.reason;
    },
  };
}
