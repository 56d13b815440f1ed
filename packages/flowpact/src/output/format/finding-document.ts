import { stringifyEvent } from '@flowpact/event';
import type { Finding } from '../../daemon/detection-messages.ts';
import type { DocumentFormat } from './document-formats.ts';
import { type EcsEvent, ecsEvent } from './ecs-event.ts';

export interface DocumentChoice {
  readonly what: 'events' | 'detections' | 'both';
  /** Only of these statements, as `NAME` or `MODULE/NAME`. */
  readonly statements?: readonly string[] | undefined;
  readonly format: DocumentFormat;
  /** Whether the flows that are an event's evidence travel along, in `native`. */
  readonly evidence: boolean;
}

/** What an output makes of a finding, one for an event or a row. */
export interface FindingDocument {
  readonly kind: Finding['kind'];
  readonly module: string;
  readonly statement: string;
  /** When it happened, milliseconds since 1970. */
  readonly timeMs: number;
  /** Which of the rows that the statement gave out at this time; from 0. */
  readonly ordinal: number;
  /** A JSON object. */
  readonly json: string;
  /** What it is made of, where that is an event. */
  readonly event?: Extract<Finding, { kind: 'event' }>['event'];
}

/** @param firstOrdinal rows that the statement has given out at this time before */
export function documentsOf(
  finding: Finding,
  choice: DocumentChoice,
  firstOrdinal: number,
): readonly FindingDocument[] {
  if (!isChosen(finding, choice)) return [];
  const { module, statement } = finding;
  switch (finding.kind) {
    case 'event': {
      const { event } = finding;
      const timeMs = event.startMs ?? event.endMs ?? finding.timeMs;
      return [
        {
          kind: 'event',
          module,
          statement,
          timeMs,
          ordinal: 0,
          event,
          json:
            choice.format === 'ecs'
              ? JSON.stringify(ecsEvent(event, { module, statement, timeMs }) satisfies EcsEvent)
              : nativeEvent(event, choice.evidence),
        },
      ];
    }
    case 'rows': {
      const { timeMs } = finding;
      const asRow = choice.format === 'flowcep';
      return finding.lines.map((line, i) => ({
        kind: 'rows',
        module,
        statement,
        timeMs,
        ordinal: firstOrdinal + i,
        json: asRow ? line : nativeRow(line, { module, statement, timeMs }),
      }));
    }
    default:
      return finding satisfies never;
  }
}

function isChosen(finding: Finding, { what, statements }: DocumentChoice): boolean {
  const { kind, module, statement } = finding;
  if (what !== 'both' && what !== (kind === 'event' ? 'events' : 'detections')) return false;
  if (statements === undefined) return kind === 'event' || finding.isOutput;
  return statements.some((name) => name === statement || name === `${module}/${statement}`);
}

function nativeEvent(event: Extract<Finding, { kind: 'event' }>['event'], evidence: boolean): string {
  if (evidence) return stringifyEvent(event);
  const { flows: _evidence, ...rest } = event;
  return stringifyEvent(rest);
}

/** The columns of a row, and in front of them where and when it came to be. */
function nativeRow(
  line: string,
  { module, statement, timeMs }: Pick<FindingDocument, 'module' | 'statement' | 'timeMs'>,
): string {
  const { timestamp: _local, type: _stream, ...row } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ time: new Date(timeMs).toISOString(), module, statement, row });
}
