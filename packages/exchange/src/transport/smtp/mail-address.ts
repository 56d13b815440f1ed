import { domainToASCII } from 'node:url';

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

/**
 * The address as routes spell it: smtp-server shows internationalised domains in Unicode, whatever came in.
 */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  // An address literal is no domain, and something that is no domain at all becomes the empty string.
  const ascii = domain.startsWith('[') ? domain : domainToASCII(domain);
  return at < 0 || ascii === '' ? address : `${address.slice(0, at)}@${ascii}`;
}
