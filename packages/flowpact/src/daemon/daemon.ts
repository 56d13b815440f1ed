import { mkdir } from 'node:fs/promises';
import { listenConfigOf } from '../config/listen-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { readModules } from '../config/module-files.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import { parseHostPort } from '../input/socket-url.ts';
import type { Logger } from '../log/logger.ts';
import type { DaemonReport } from './daemon-report.ts';
import { createFlowThreads, type FlowThreads } from './flow-threads.ts';
import type { ModuleSettings } from './module-settings.ts';
import { createOutputs } from './outputs.ts';

export interface DaemonDeps {
  readonly log: Logger;
  /** Something that the daemon cannot be without is gone. */
  onFatal(error: Error): void;
}

/** Collection, detection, outputs and exchange of one configuration, as one thing to start and stop. */
export interface Daemon {
  /** @throws FlowpactError, with everything closed again. */
  start(): Promise<void>;
  /**
   * Takes another configuration over; what it leaves as it was goes on undisturbed.
   * @throws FlowpactError where the new one cannot be had; the old one goes on then.
   */
  reload(loaded: LoadedConfig): Promise<void>;
  /** Ends what is under way within the configured time, and closes everything. */
  stop(): Promise<void>;
  report(): Promise<DaemonReport>;
}

/** How long a thread may take to say how it fares before it counts as stuck, milliseconds. */
const reportTimeoutMs = 5_000;

export function createDaemon(loaded: LoadedConfig, { log, onFatal }: DaemonDeps): Daemon {
  let current = loaded;
  let modules: readonly ModuleSettings[] = [];
  const startedMs = Date.now();
  const outputs = createOutputs({ path: (path) => current.path(path) });
  const { maxBatches, maxFindings } = loaded.config.limits;
  const threads: FlowThreads = createFlowThreads(
    { maxBatches, maxFindings },
    {
      async onFinding(finding) {
        outputs.write(finding);
      },
      onRemark: (text) => log.warn(text),
      onDeath: onFatal,
    },
  );
  let http: HttpServer | undefined;

  async function report(): Promise<DaemonReport> {
    return { startedMs, ...(await threads.report(reportTimeoutMs)), outputs: outputs.report() };
  }

  async function useHttp({ config }: LoadedConfig): Promise<void> {
    const { enabled, listen } = config.http;
    await http?.stop();
    http = undefined;
    if (!enabled) return;
    const server = createHttpServer(parseHostPort(listen, '127.0.0.1'), { report });
    log.info({ url: await server.start() }, 'serving /healthz and /metrics');
    http = server;
  }

  /** Puts a configuration to work, in the order in which one part needs the other. */
  async function use(next: LoadedConfig, nextModules: readonly ModuleSettings[]): Promise<void> {
    const { config } = next;
    await outputs.use(config.outputs);
    const rowsOf = config.outputs.flatMap(({ statements = [] }) => statements);
    await threads.useModules({ modules: nextModules, rowsOf });
    for (const url of await threads.listen(listenConfigOf(next)))
      log.info({ url }, 'listening for flow records');
  }

  return {
    async start() {
      modules = await readModules(current);
      await mkdir(current.path(current.config.stateDirectory), { recursive: true, mode: 0o700 });
      await threads.start();
      try {
        await use(current, modules);
        await useHttp(current);
      } catch (error) {
        await this.stop();
        throw error;
      }
      log.info({ modules: modules.map(({ name }) => name) }, 'running');
    },

    async reload(next) {
      const fixed = unchangeable(current, next);
      if (fixed !== undefined) throw next.wrong([fixed], 'cannot be changed while running; restart instead');
      const nextModules = await readModules(next);
      try {
        await use(next, nextModules);
        if (!isSame(current.config.http, next.config.http)) await useHttp(next);
      } catch (error) {
        await use(current, modules).catch((cause: Error) => onFatal(cause));
        if (http === undefined) await useHttp(current);
        throw error;
      }
      current = next;
      modules = nextModules;
      log.level = next.config.log.level;
    },

    async stop() {
      const { stopTimeoutMs } = current.config.limits;
      try {
        await threads.stop(stopTimeoutMs);
      } finally {
        await Promise.allSettled([outputs.close(), http?.stop()]);
      }
    },

    report,
  };
}

/** The part of the configuration that would have to begin anew, where it is another one. */
function unchangeable(current: LoadedConfig, next: LoadedConfig): 'stateDirectory' | 'limits' | undefined {
  const isMoved = current.path(current.config.stateDirectory) !== next.path(next.config.stateDirectory);
  if (isMoved) return 'stateDirectory';
  return isSame(current.config.limits, next.config.limits) ? undefined : 'limits';
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
