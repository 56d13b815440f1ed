/** A value of an alternative that a later version of the module added to a CHOICE; kept to be passed on. */
export class UnknownElement {
  /** Identifier, length and contents. */
  readonly octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }
}
