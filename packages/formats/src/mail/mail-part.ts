/** A header field as it came: the name in its own case, the value unfolded, without the space around it. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** A mail, or a part of one (RFC 2045). */
export interface MailPart {
  readonly fields: readonly HeaderField[];
  /** Lower case, `text/plain` where the part says none. */
  readonly mediaType: string;
  /** As the part says it; undefined where it says none. */
  readonly charset: string | undefined;
  /** Of `Content-Disposition` or `Content-Type`. */
  readonly fileName: string | undefined;
  readonly isAttachment: boolean;
  /** The octets that were encoded for transfer; empty for a multipart. */
  readonly content: Uint8Array;
  /** The whole part as it came, its header too: what a signature is about. */
  readonly octets: Uint8Array;
  /** Of a multipart; empty for another part. A mail within the mail is a part of its own, unopened. */
  readonly parts: readonly MailPart[];
}

/** The value of the first field of this name, in any case; undefined where there is none. */
export function fieldOf({ fields }: Pick<MailPart, 'fields'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted)?.value;
}

/** The parts that are no multiparts, in their order. */
export function leavesOf(part: MailPart): readonly MailPart[] {
  return part.mediaType.startsWith('multipart/') && part.parts.length > 0
    ? part.parts.flatMap(leavesOf)
    : [part];
}
