import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: `text` on a terminal, else `json`. */
  readonly format: 'auto' | 'text' | 'json';
}

export interface LogDeps {
  /** Where lines go. */
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Tells what happens: JSON lines (pino's, times in ISO 8601), or lines for people. */
export function createLogger({ level, format }: LogConfig, { out }: LogDeps): Logger {
  const asText = format === 'text' || (format === 'auto' && out.isTTY === true);
  return pino(
    {
      level,
      base: { name: 'flowpact' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => out.write(asText ? textLine(line) : line) },
  );
}

/** `12:34:56 warn  what happened  key=value` */
function textLine(json: string): string {
  const { level, time, msg, name, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `  ${key}=${/^[!-~]*$/.test(text) ? text : JSON.stringify(text)}`;
  });
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${harmless(String(msg))}${harmless(rest.join(''))}\n`;
}

/** What came from outside must not move the cursor of who reads it; line ends within a message stay. */
const harmless = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '\ufffd');
