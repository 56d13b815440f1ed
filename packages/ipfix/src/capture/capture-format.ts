import type { BlockBuffer } from '../file/block-buffer.ts';
import type { CaptureStats } from './capture-stats.ts';
import type { CapturedPacket } from './captured-packet.ts';

/** Reads the packets of one capture format. */
export interface CaptureFormat {
  /** Reads all whole blocks there are. @throws IpfixError `IPFIX_BAD_CAPTURE` with the offset */
  read(buffer: BlockBuffer): void;
}

export interface CaptureFormatDeps {
  /** Longest packet or block that is held, octets; longer ones are skipped and counted. */
  readonly maxBlockLength: number;
  readonly stats: CaptureStats;
  onPacket(packet: CapturedPacket): void;
}
