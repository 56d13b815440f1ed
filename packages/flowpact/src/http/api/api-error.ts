export type ApiErrorCode =
  /** The request makes no sense: a filter, a cursor, a name. */
  | 'API_BAD_REQUEST'
  /** There is no such thing. */
  | 'API_NOT_FOUND'
  /** What is asked for is not kept, as configured. */
  | 'API_NOT_KEPT'
  /** A token is missing or wrong. */
  | 'API_UNAUTHORIZED'
  /** The request is for another host, or changes something where that is not allowed. */
  | 'API_FORBIDDEN'
  /** The format cannot say the event. */
  | 'API_CANNOT_EXPORT'
  /** Too many requests of one address, or too many streams. */
  | 'API_TOO_MANY';

const statusOf: Readonly<Record<ApiErrorCode, number>> = {
  API_BAD_REQUEST: 400,
  API_UNAUTHORIZED: 401,
  API_FORBIDDEN: 403,
  API_NOT_FOUND: 404,
  API_NOT_KEPT: 404,
  API_CANNOT_EXPORT: 422,
  API_TOO_MANY: 429,
};

/** A request that is refused; its message is told to the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  /** Of HTTP. */
  readonly statusCode: number;

  constructor(code: ApiErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.statusCode = statusOf[code];
  }
}
