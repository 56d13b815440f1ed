import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { IpfixError } from '../ipfix-error.ts';

/** Who one side of a TLS connection is, as paths of PEM files: keys never stand in a configuration themselves. */
export interface TlsFiles {
  /** Private key. */
  readonly keyFile?: string;
  /** Certificate of that key, and behind it those that lead to its authority. */
  readonly certificateFile?: string;
  /** Certificates of the authorities that the other side's certificate must come from. */
  readonly authorityFile?: string;
}

/** Reads the files anew, so that a restart takes renewed certificates. @throws IpfixError `IPFIX_IO` */
export function readTlsFiles({ keyFile, certificateFile, authorityFile }: TlsFiles): SecureContextOptions {
  return {
    key: read('private key', keyFile),
    cert: read('certificate', certificateFile),
    ca: read('authorities', authorityFile),
    // RFC 7011 section 11 asks for TLS 1.1; RFC 9325 forbids everything below 1.2 since.
    minVersion: 'TLSv1.2',
  };
}

function read(what: string, path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new IpfixError('IPFIX_IO', `cannot read the ${what} in ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
