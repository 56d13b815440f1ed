/** What became of the packets of a capture; every packet is counted in `packets` and in one other number but `tcpGaps`. */
export interface CaptureStats {
  packets: number;
  /** UDP payloads handed over. */
  datagrams: number;
  /** TCP segments with octets of streams of IPFIX, put together to messages. */
  tcpSegments: number;
  /** UDP datagrams to other ports, or, without a list of ports, that hold no NetFlow or IPFIX. */
  otherDatagrams: number;
  /** Fragments of IP datagrams. They are not put together, so what an exporter sent in fragments is not read. */
  fragments: number;
  /** Packets that the capture cut off (its snapshot length was too small) before the end of the payload. */
  truncated: number;
  /** Times that a segment is missing in a stream of IPFIX, so that what it held of a message is not read. */
  tcpGaps: number;
  /** IP packets of other protocols than UDP, and TCP segments that have nothing of a stream of IPFIX. */
  otherProtocols: number;
  /** Frames that hold no IP, or nothing that can be understood. */
  notIp: number;
  /** Packets of link types that are not supported. */
  unknownLinkTypes: number;
  /** Packets or blocks longer than `maxBlockLength`, skipped; not among `packets`. */
  oversizedBlocks: number;
}

export const createCaptureStats = (): CaptureStats => ({
  packets: 0,
  datagrams: 0,
  tcpSegments: 0,
  tcpGaps: 0,
  otherDatagrams: 0,
  fragments: 0,
  truncated: 0,
  otherProtocols: 0,
  notIp: 0,
  unknownLinkTypes: 0,
  oversizedBlocks: 0,
});
