import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { describeModule, type ModuleDescription } from '../daemon/module-description.ts';
import { type ModuleSettings, runModule } from '../daemon/module-settings.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { LoadedConfig } from './load-config.ts';

/** A module of a configuration: what the detection thread is told, and what people are. */
export interface ConfiguredModule {
  readonly settings: ModuleSettings;
  readonly description: ModuleDescription;
}

/**
 * Reads the configured modules and makes sure that each runs.
 * @throws FlowpactError `FLOWPACT_CONFIG` for two of one name and a file that cannot be read; else as {@link runModule}.
 */
export async function readModules(loaded: LoadedConfig): Promise<readonly ConfiguredModule[]> {
  const modules: ConfiguredModule[] = [];
  for (const [index, { file, name, schema, time }] of loaded.config.modules.entries()) {
    const path = modulePath(file, loaded);
    const settings: ModuleSettings = {
      name: name ?? basename(file).replace(/\.epl$/i, ''),
      file: path,
      text: await readFile(path, 'utf8').catch((error: Error) => {
        throw loaded.wrong(['modules', index, 'file'], `cannot be read: ${error.message}`);
      }),
      schemaStatement: schema,
      time,
    };
    if (modules.some((each) => each.settings.name === settings.name)) {
      throw loaded.wrong(
        ['modules', index],
        `is the second module with the name ${settings.name}; give it another \`name\``,
      );
    }
    try {
      modules.push({ settings, description: describeModule(runModule(settings)) });
    } catch (error) {
      if (!(error instanceof FlowpactError)) throw error;
      throw loaded.wrong(['modules', index, 'file'], `does not run:\n${error.message}`);
    }
  }
  return modules;
}

/** Rules that come with Flowpact are named as what they are: files of a package. */
function modulePath(file: string, { path }: LoadedConfig): string {
  return file.startsWith('@flowpact/rules/') ? createRequire(import.meta.url).resolve(file) : path(file);
}
