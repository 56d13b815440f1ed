import { timeText } from '../model/time-text.ts';
import { type XmlNode, xml } from '../xml/xml-element.ts';

/** A time twice: RFC 3339, and an NTP timestamp (RFC 4765, section 3.2.6), which begins anew in 2036. */
export function timeNode(name: 'CreateTime' | 'DetectTime', ms: number): XmlNode {
  return xml(name, { ntpstamp: ntpStamp(ms) }, timeText(ms));
}

/** 1900-01-01 to 1970-01-01. */
const ntpOffsetSeconds = 2_208_988_800;
const eraSeconds = 2 ** 32;

export function ntpStamp(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const seconds = (((whole + ntpOffsetSeconds) % eraSeconds) + eraSeconds) % eraSeconds;
  const fraction = Math.floor(((ms - whole * 1000) / 1000) * eraSeconds);
  return `0x${hex(seconds)}.0x${hex(fraction)}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** Milliseconds since 1970 of an NTP timestamp, in the era of 1968 to 2104 (RFC 4330, section 3). */
export function timeOfNtpStamp(text: string | undefined): number | undefined {
  const [, secondsText, fractionText] =
    /^\s*0x([0-9a-f]{1,8})\.0x([0-9a-f]{1,8})\s*$/i.exec(text ?? '') ?? [];
  if (secondsText === undefined) return undefined;
  const seconds = Number.parseInt(secondsText, 16);
  const era = seconds < eraSeconds / 2 ? eraSeconds : 0;
  const fraction = Number.parseInt(fractionText, 16) / eraSeconds;
  return (seconds + era - ntpOffsetSeconds) * 1000 + Math.floor(fraction * 1000);
}
