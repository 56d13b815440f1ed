const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hyphen = 0x2d;

/**
 * The parts of a multipart body (RFC 2046, section 5.1.1), each with its header, to the octet: a line end before a
 * delimiter belongs to the delimiter. Undefined without the last delimiter, and for more than `maxParts`.
 */
export function partsOf(body: Buffer, boundary: string, maxParts: number): readonly Buffer[] | undefined {
  if (boundary === '') return undefined;
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== lineFeed) continue;
    const after = at + delimiter.length;
    const isLast = body[after] === hyphen && body[after + 1] === hyphen;
    const lineEnd = endOfPadding(body, isLast ? after + 2 : after);
    if (lineEnd === undefined) continue;
    if (start >= 0) {
      if (parts.length === maxParts) return undefined;
      parts.push(body.subarray(start, Math.max(start, beforeLineEnd(body, at))));
    }
    if (isLast) return parts;
    start = lineEnd;
  }
  return undefined;
}

/** Behind the line end that follows nothing but white space; undefined where something else follows. */
function endOfPadding(body: Buffer, from: number): number | undefined {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  if (at === body.length) return at;
  if (body[at] === carriageReturn) at++;
  return body[at] === lineFeed ? at + 1 : undefined;
}

function beforeLineEnd(body: Buffer, at: number): number {
  return body[at - 2] === carriageReturn ? at - 2 : at - 1;
}

/** Line ends as signatures are made over them (RFC 3156, section 5), whatever a hop has made of them. */
export function canonicalLineEnds(part: Buffer): Buffer {
  const text = part.toString('latin1');
  return /(^|[^\r])\n/.test(text) ? Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1') : part;
}
