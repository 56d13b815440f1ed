import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { Template } from '../message/template.ts';
import { createCompileCache, fieldLayout } from '../record/compile-cache.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import { hasShiftedTimes } from '../record/shifted-times.ts';
import type { TimeShift } from '../record/time-shift.ts';
import { flowpactLine } from './flowpact-line.ts';
import { ipfixcolLine } from './ipfixcol-line.ts';
import type { IpfixcolLineOptions } from './ipfixcol-options.ts';
import { LineBuffer } from './line-buffer.ts';
import { createLineConstants, type LineExtras } from './line-code.ts';

export interface LineReaderConfig {
  /**
   * - `ipfixcol`: the lines of IPFIXcol 0.9.6, octet by octet
   * - `flowpact`: JSON with JSON's own types, all fields of all records
   */
  readonly style: 'ipfixcol' | 'flowpact';
  readonly timeShiftMs?: TimeShift;
  /** For style `flowpact`; default none. */
  readonly extras?: LineExtras;
  /** For style `ipfixcol`. */
  readonly ipfixcol?: IpfixcolLineOptions;
}

export interface LineReaderDeps {
  /** One record, one line, without a line feed. */
  onLine(line: string): void;
}

/** A reader that prints each record as one line of JSON. */
export function createLineReader(
  { style, timeShiftMs, extras = {}, ipfixcol = {} }: LineReaderConfig,
  deps: LineReaderDeps,
): RecordReader {
  const onLine = (line: string) => deps.onLine(line);
  const line = new LineBuffer();
  const lineStyle = style === 'ipfixcol' ? ipfixcolLine(ipfixcol) : flowpactLine;

  function compile(template: Template): DataSetReader | undefined {
    const shifted = timeShiftMs !== undefined && hasShiftedTimes(template);
    const constants = createLineConstants();
    const code = lineStyle(template, shifted, constants, extras);
    if (code === undefined) return undefined;
    const prologue = shifted ? 'const shiftMs = timeShiftMs(header);\n' : '';
    const body = prologue + setReaderCode(template, code);
    return compileSetReader(body, { ...code.scope, constants: constants.octets, line, onLine, timeShiftMs });
  }

  // Where a line holds the template's id, that is part of the layout.
  const holdsId = style === 'flowpact' || ipfixcol.detailedInfo === true;
  const layoutWithId = (template: Template) => `${template.id} ${fieldLayout(template)}`;
  return createCompileCache(compile, holdsId ? layoutWithId : fieldLayout);
}
