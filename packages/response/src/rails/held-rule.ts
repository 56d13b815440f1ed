import type { Rule } from '../rule/rule.ts';

/** A rule that counts against the caps. */
export interface HeldRule {
  /** Name of the emitter that has it. */
  readonly emitter: string;
  /** A normal one. */
  readonly rule: Rule;
  /** `ruleText(rule)`. */
  readonly text: string;
  /** When it was applied for the first time, milliseconds since 1970. */
  readonly sinceMs: number;
  /** When it ends, milliseconds since 1970. */
  readonly untilMs: number;
  /** `Party.name` of the partner that asked for it. */
  readonly partner?: string;
}
