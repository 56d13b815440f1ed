/** Letters, digits and hyphens between dots, two labels at least (RFC 1123, section 2.1): what every mail format takes. */
export function isDomain(text: string): boolean {
  return (
    text.length <= 253 &&
    /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(text)
  );
}

/** A dot-atom at a domain (RFC 5321, section 4.1.2, without quoted strings): nothing in it needs quoting. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  return (
    at > 0 &&
    at <= 64 &&
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(text.slice(0, at)) &&
    isDomain(text.slice(at + 1))
  );
}
