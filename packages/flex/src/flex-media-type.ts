/**
 * Media type of one FLEX record in DER: a MIME part's Content-Type, a STOMP frame's `content-type` header, an HTTP
 * body's. In the vendor tree (RFC 6838, section 3.2); not registered with IANA.
 */
export const flexMediaType = 'application/vnd.flowpact.flex';

/** Extension of a file that holds one FLEX record in DER. */
export const flexFileExtension = '.flex';
