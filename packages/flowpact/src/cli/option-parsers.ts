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

export function parsePort(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidArgumentError('A port is 1 to 65535.');
  return value;
}

/** ipfixsend's sizes: a number, with K, M or G for 1024, 1024² or 1024³. */
export function parseSize(text: string): number {
  const match = /^([0-9]+)([KMG])?$/i.exec(text);
  const value =
    match === null ? 0 : Number(match[1]) * 1024 ** ' KMG'.indexOf((match[2] ?? ' ').toUpperCase());
  if (value <= 0)
    throw new InvalidArgumentError('A number above 0 is wanted, with K, M or G for multiples of 1024.');
  return value;
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
