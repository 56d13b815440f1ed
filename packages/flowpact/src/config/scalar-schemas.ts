import { z } from 'zod';
import { parseHostPort, parseUrlOf } from '../input/socket-url.ts';

/** A text that `parse` understands: what it throws becomes the issue. */
function parsed(parse: (text: string) => unknown): z.ZodString {
  return z.string().check((context) => {
    try {
      parse(context.value);
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: context.value });
    }
  });
}

/** `HOST:PORT`, `PORT` or `[IPv6]:PORT`; the host is loopback where it is left out. */
export const hostPortSchema = parsed((text) => parseHostPort(text, '127.0.0.1'));

/** `SCHEME://HOST:PORT` of one of these schemes. */
export function socketUrlSchema(schemes: readonly string[]): z.ZodString {
  return parsed((text) => {
    if (parseUrlOf(schemes, text) !== undefined) return;
    throw new Error(`"${text}" is no ${schemes.map((scheme) => `${scheme}://HOST:PORT`).join(' or ')}`);
  });
}

/** A path; relative ones are relative to the folder of the configuration file. */
export const pathSchema = z.string().min(1);

/** A name that stands in logs, metrics and commands. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'letters, digits, dots, dashes and underscores are wanted, 1 to 100',
  );

/** Milliseconds. */
export const durationMsSchema = z
  .int()
  .min(1)
  .max(366 * 86_400_000);
