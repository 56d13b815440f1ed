import type { ConfiguredModule } from '../config/module-files.ts';
import type { ModuleSwitches } from '../serve/module-switches.ts';
import type { WantedModules } from './detection-messages.ts';
import type { ModuleDescription } from './module-description.ts';

export interface ConfiguredModulesDeps {
  readonly switches: ModuleSwitches;
  /** To the detection thread. @throws where a module does not run; all stays as it was then */
  useModules(wanted: WantedModules): Promise<void>;
}

/** The modules of the configuration, and which of them people have switched off. */
export interface ConfiguredModules {
  /** @throws as `useModules`; the old ones stay then. */
  use(modules: readonly ConfiguredModule[], options: Omit<WantedModules, 'modules'>): Promise<void>;
  readonly descriptions: readonly ModuleDescription[];
  isEnabled(module: string): boolean;
  /** False: there is no such module. Resolves when it is at work, or not any more. @throws as `useModules`. */
  setEnabled(module: string, isEnabled: boolean): Promise<boolean>;
}

export function createConfiguredModules({ switches, useModules }: ConfiguredModulesDeps): ConfiguredModules {
  let current: readonly ConfiguredModule[] = [];
  let currentOptions: Omit<WantedModules, 'modules'> = { rowsOf: [], stageRowsPerSecond: 0 };
  /** Changes come one after the other. */
  let changing: Promise<unknown> = Promise.resolve();
  const isEnabled = (module: string) => !switches.isOff(module);

  const put = (modules: readonly ConfiguredModule[], options: Omit<WantedModules, 'modules'>) =>
    useModules({
      ...options,
      modules: modules.map(({ settings }) => settings).filter(({ name }) => isEnabled(name)),
    });

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = changing.then(work);
    changing = result.catch(() => undefined);
    return result;
  }

  return {
    use: (modules, options) =>
      inTurn(async () => {
        await put(modules, options);
        current = modules;
        currentOptions = options;
      }),
    get descriptions() {
      return current.map(({ description }) => description);
    },
    isEnabled,
    setEnabled: (module, isWanted) =>
      inTurn(async () => {
        if (!current.some(({ settings }) => settings.name === module)) return false;
        if (isEnabled(module) === isWanted) return true;
        await switches.set(module, isWanted);
        try {
          await put(current, currentOptions);
        } catch (error) {
          await switches.set(module, !isWanted);
          throw error;
        }
        return true;
      }),
  };
}
