import { readFileSync } from 'node:fs';
import type { Detector } from '@flowpact/event';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const version = manifest.version;

/** How events say what found them. */
export const detectorName: Detector = { name: 'flowpact', version, method: 'epl' };
