import { expect, it } from 'vitest';
import { configReference } from '../../src/config/config-reference.ts';
import { configShape } from '../../src/config/config-shape.ts';
import { daemonConfigSchema } from '../../src/config/daemon-config.ts';

it('the page on the configuration says what the schema says', async () => {
  await expect(`${configReference(configShape(daemonConfigSchema))}\n`).toMatchFileSnapshot(
    '../../../../docs/reference/configuration.md',
  );
});
