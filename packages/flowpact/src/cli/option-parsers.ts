import { InvalidArgumentError } from 'commander';

/** `90s`, `10m`, `2h`, `250ms`; a bare number is seconds. In milliseconds. */
export function parseDurationMs(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('A duration is a number with ms, s, m or h: 90s, 10m.');
  const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] as number;
  return Number(match[1]) * unitMs;
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('A number above 0 is wanted.');
  return value;
}

export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('A number from 0 to 1 is wanted.');
  return value;
}

export function parsePositiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 is wanted.');
  return value;
}

export function parseUnsigned32(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new InvalidArgumentError('A whole number from 0 to 4294967295 is wanted.');
  }
  return value;
}

/** For IPv4 up to 32, for IPv6 up to 128. */
export const parsePrefixLength =
  (longest: 32 | 128) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > longest)
      throw new InvalidArgumentError(`A length of a prefix is 1 to ${longest}.`);
    return value;
  };

export function parsePort(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidArgumentError('A port is 1 to 65535.');
  return value;
}

/** ipfixsend's sizes: a number, with K, M or G for 1024, 1024² or 1024³; B, which is octets, may be left out. */
export function parseSize(text: string): number {
  const match = /^([0-9]+)(?:B|([KMG]))?$/i.exec(text);
  const value =
    match === null ? 0 : Number(match[1]) * 1024 ** ' KMG'.indexOf((match[2] ?? ' ').toUpperCase());
  if (value <= 0)
    throw new InvalidArgumentError('A number above 0 is wanted, with K, M or G for multiples of 1024.');
  return value;
}

/** When a file of lines ends and the next one begins. */
export interface RotationLimit {
  readonly periodMs?: number;
  readonly maxBytes?: number;
}

const sizeUnits: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** A time (`5m`, `1h`, `1d`), a size (`100MB`, `1GiB`), or both with a comma between. */
export function parseRotation(text: string): RotationLimit {
  let limit: RotationLimit = {};
  for (const part of parseNames(text)) {
    const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)([a-zA-Z]+)$/.exec(part) ?? [];
    const maxBytes = Number(amount) * (sizeUnits[unit] ?? Number.NaN);
    const periodMs =
      Number(amount) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? Number.NaN);
    if (maxBytes >= 1) limit = { ...limit, maxBytes };
    else if (periodMs >= 1000) limit = { ...limit, periodMs };
    else limit = { periodMs: Number.NaN };
  }
  if (Number.isNaN(limit.periodMs) || (limit.periodMs ?? limit.maxBytes) === undefined) {
    throw new InvalidArgumentError(
      'A time (5m, 1h, 1d), a size (100MB, 1GiB), or both as 5m,100MB is wanted.',
    );
  }
  return limit;
}

/** ISO 8601 (UTC unless it says otherwise), to ms since 1970. */
export function parseTimeMs(text: string): number {
  const local = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+$/.test(text);
  const value = Date.parse(local ? `${text}Z` : text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('A time is written as in 2026-01-01T00:00:00Z.');
  return value;
}

/** espercli's list: names with commas between. */
export function parseNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
