export type EventErrorCode = 'EVENT_INVALID' | 'EVENT_BAD_ADDRESS' | 'EVENT_BAD_JSON';

/** Every error that this package throws. `path` names the field, e.g. `event.sources[0].address`. */
export class EventError extends Error {
  override readonly name = 'EventError';
  readonly code: EventErrorCode;
  readonly path: string | undefined;

  constructor(code: EventErrorCode, message: string, options: { path?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.path = options.path;
  }
}
