import type { Template } from '../message/template.ts';
import type { RecordCode } from '../record/set-reader-code.ts';

/** What a line style adds to generated code for one template. */
export interface LineCode extends RecordCode {
  /** Functions that its expressions call. */
  readonly scope: Readonly<Record<string, unknown>>;
}

/** Makes the code of one line style; undefined where it prints no records of the template. */
export type LineStyle = (template: Template, shifted: boolean) => LineCode | undefined;

/** `line += "…" + value;` with the constant as a JSON literal. */
export const appendCode = (constant: string, value: string, after = '') =>
  `line += ${JSON.stringify(constant)} + ${value}${after === '' ? '' : ` + ${JSON.stringify(after)}`};`;
