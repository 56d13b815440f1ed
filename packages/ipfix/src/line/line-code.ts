import type { Template } from '../message/template.ts';
import type { RecordCode } from '../record/set-reader-code.ts';

/** What a line style adds to generated code for one template. */
export interface LineCode extends RecordCode {
  /** Functions that its statements call, beside the methods of `line`, a {@link LineBuffer}. */
  readonly scope: Readonly<Record<string, unknown>>;
}

/** What lines of our own style may say beside the fields. */
export interface LineExtras {
  /**
   * `samplingRate`, and for each counter of packets or octets, such as `octetDeltaCount`, the estimate of the traffic,
   * such as `scaledOctetDeltaCount`: the counter times the rate, rounded. Not for options records.
   */
  readonly sampling?: boolean;
  /** With `sampling`: the estimates have the names of the counters, whose own values are left out. */
  readonly replaceCounters?: boolean;
  /**
   * What the exporter calls itself, the interfaces and the application: `exporterName`, `ingressInterfaceName`,
   * `egressInterfaceName` and `applicationName`, null where it has not told. Not for options records.
   */
  readonly names?: boolean;
}

/** Makes the code of one line style; undefined where it prints no records of the template. */
export type LineStyle = (
  template: Template,
  shifted: boolean,
  constants: LineConstants,
  extras: LineExtras,
) => LineCode | undefined;

/** How a value is written, and whether between quotes. */
export interface ValueStatement {
  readonly code: string;
  readonly quoted: boolean;
}

/** The texts between the values of a line, which generated code knows by their index in an array. */
export interface LineConstants {
  /** Adds to the text that is due before the next value: each value costs one constant. */
  append(text: string): void;
  /** Statement that writes the text that is due. */
  write(): string;
  /** Statements that write the text that is due and a value; the quote behind it becomes due. */
  writeValue(value: ValueStatement): string;
  /** For the scope of the generated code, under the name `constants`. */
  readonly octets: readonly Uint8Array[];
}

export function createLineConstants(): LineConstants {
  const octets: Uint8Array[] = [];
  let due = '';

  function write(): string {
    octets.push(Buffer.from(due, 'latin1'));
    due = '';
    return `line.constant(constants[${octets.length - 1}]);`;
  }

  return {
    octets,
    append(text) {
      due += text;
    },
    write,
    writeValue({ code, quoted }) {
      const quote = quoted ? '"' : '';
      due += quote;
      const statements = `${write()}\n${code}`;
      due = quote;
      return statements;
    },
  };
}
