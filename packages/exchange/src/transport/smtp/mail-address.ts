/**
 * The mail addresses that routes may have: `local@domain`, a dot-atom on the left, letters, digits, dots and hyphens
 * or an address literal on the right (RFC 5321, section 4.1.2, without quoted strings). Nothing in them needs
 * quoting, so none can smuggle a header or a second recipient in.
 */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f.:IPv]+\])$/.test(
      text,
    )
  );
}
