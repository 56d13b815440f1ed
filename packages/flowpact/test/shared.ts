import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** FlowCEP's capture and what the real tools make of it; not in the repository. */
const flowcepFolder = resolve(root, '../shared/flowcep');
export const flowcepData = resolve(flowcepFolder, 'data.ipfix');
export const flowcepLines = resolve(flowcepFolder, 'ipfixcol.ndjson.gz');
export const hasFlowcep = existsSync(flowcepData);
/** For a test's name, so that a skip says why. */
export const needsFlowcep = hasFlowcep ? '' : ' (skipped: ../shared/flowcep is not here)';

export const examples = resolve(root, 'examples');
export const rules = resolve(root, 'rules');
