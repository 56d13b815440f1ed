import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Reference material beside the repository, which may be absent. */
export const sharedFolder = fileURLToPath(new URL('../../../../../shared/', import.meta.url));

export const hasShared = existsSync(sharedFolder);

export const dataIpfix = `${sharedFolder}flowcep/data.ipfix`;
