/** What TLS wants of the files that a configuration names. */
export interface TlsFiles {
  /** Authorities that the receiver's certificate has to come from; the system's own where left out. */
  readonly ca?: Buffer;
  /** Our certificate and those that lead to its authority. */
  readonly cert?: Buffer;
  /** Our private key. */
  readonly key?: Buffer;
}
