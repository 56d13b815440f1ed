/** `Service`: what usually answers at a port, in the words of reporters. */
const names: ReadonlyMap<number, string> = new Map([
  [21, 'ftp'],
  [22, 'ssh'],
  [23, 'telnet'],
  [25, 'smtp'],
  [53, 'dns'],
  [80, 'http'],
  [110, 'pop3'],
  [123, 'ntp'],
  [143, 'imap'],
  [389, 'ldap'],
  [443, 'https'],
  [445, 'smb'],
  [465, 'smtps'],
  [587, 'submission'],
  [993, 'imaps'],
  [995, 'pop3s'],
  [1433, 'mssql'],
  [3306, 'mysql'],
  [3389, 'rdp'],
  [5060, 'sip'],
  [5432, 'postgresql'],
  [5900, 'vnc'],
]);

/** The name for a port; a schema that demands a service takes `unknown` too. */
export function serviceNameOf(port: number | undefined): string {
  return (port === undefined ? undefined : names.get(port)) ?? 'unknown';
}
