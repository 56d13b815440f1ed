import type { Message, Party, SecurityEvent } from '@flowpact/event';
import { FormatsError, findFormat, formats } from '@flowpact/formats';
import { ApiError } from './api-error.ts';

export interface ExportDeps {
  /** Who says so. */
  readonly self: Party;
  now(): number;
}

export interface ExportedEvent {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** Letters, digits, hyphens and dots. */
  readonly fileName: string;
  /** What the document does not say, or not as exactly. */
  readonly losses: number;
}

/** What an event can be written as. */
export const exportFormats = formats.map(({ name, title, mediaType, fileExtension }) => ({
  format: name,
  title,
  mediaType,
  fileExtension,
}));

/**
 * The event as an alert of ours, in any format.
 * @throws ApiError `API_BAD_REQUEST` for an unknown format, `API_CANNOT_EXPORT` where it cannot say this event
 */
export function exportEvent(
  event: SecurityEvent,
  formatName: string,
  { self, now }: ExportDeps,
): ExportedEvent {
  const createdMs = now();
  const message: Message = { kind: 'alert', id: String(createdMs), sender: self, createdMs, event };
  try {
    const format = findFormat(formatName);
    const { bytes, losses } = format.encode(message);
    const fileName = `${event.type}-${createdMs}${format.fileExtension}`;
    return { bytes: Buffer.from(bytes), mediaType: format.mediaType, fileName, losses: losses.length };
  } catch (cause) {
    if (!(cause instanceof FormatsError)) throw cause;
    const code = cause.code === 'FORMATS_UNKNOWN' ? 'API_BAD_REQUEST' : 'API_CANNOT_EXPORT';
    throw new ApiError(code, cause.message, { cause });
  }
}
