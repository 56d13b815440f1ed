/** Something that takes finished messages: a connection to a collector, or a file. */
export interface MessageExporter {
  /** Connects or opens. @throws IpfixError `IPFIX_IO` */
  start(): Promise<void>;
  /**
   * Sends one message. A promise is returned where the receiver is slower than the caller: wait for it before
   * the next message, and memory stays bounded.
   *
   * @throws IpfixError `IPFIX_NOT_CONNECTED` (thrown or as the rejection of the promise)
   */
  send(message: Uint8Array): Promise<void> | void;
  /** Waits until everything sent has left, then closes. */
  stop(): Promise<void>;
}
