import type { FlowColumn } from '@flowpact/event';
import { columnIndex, columnWord } from '../model/flow-columns.ts';

/** Where in a row the values are that `network-traffic` has properties for; -1 where they are not. */
export interface TrafficPlaces {
  readonly source4: number;
  readonly source6: number;
  readonly target4: number;
  readonly target6: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly packets: number;
  readonly octets: number;
  readonly start: number;
  readonly end: number;
  /** Milliseconds in a unit of `start` and `end`. */
  readonly startUnitMs: number;
  readonly endUnitMs: number;
  /** For each column its key in `ipfix`; undefined for a name that no dictionary may have as key. */
  readonly keys: readonly (string | undefined)[];
  readonly words: readonly string[];
}

export function trafficPlaces(columns: readonly FlowColumn[]): TrafficPlaces {
  const at = (id: number) => columnIndex(columns, id);
  const startMs = at(152);
  const endMs = at(153);
  const words = columns.map(columnWord);
  return {
    source4: at(8),
    source6: at(27),
    target4: at(12),
    target6: at(28),
    protocol: at(4),
    sourcePort: at(7),
    targetPort: at(11),
    packets: at(2),
    octets: at(1),
    start: startMs < 0 ? at(150) : startMs,
    end: endMs < 0 ? at(151) : endMs,
    startUnitMs: startMs < 0 ? 1000 : 1,
    endUnitMs: endMs < 0 ? 1000 : 1,
    keys: words.map(ipfixKey),
    words,
  };
}

/** Keys of a dictionary are letters, digits, `-` and `_` (STIX 2.1, section 2.3): `iana_33` for the word `iana:33`. */
function ipfixKey(word: string): string | undefined {
  const key = word.replaceAll(':', '_');
  return /^[a-zA-Z0-9_-]{1,250}$/.test(key) && wordOfIpfixKey(key) === word ? key : undefined;
}

/** The word for a column that a key of `ipfix` means: names that are no common ones are those of somebody else. */
export function wordOfIpfixKey(key: string): string {
  return key.replace(/^(iana|named)_/, '$1:').replace(/^enterprise_([0-9]+)_([0-9]+)$/, 'enterprise:$1:$2');
}
