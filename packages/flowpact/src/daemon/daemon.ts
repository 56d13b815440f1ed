import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { FlowQuery } from '@flowpact/exchange';
import { createStore, type Store } from '@flowpact/store';
import { extraColumn } from '../archive/archive-column.ts';
import { listenConfigOf } from '../config/listen-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { type ConfiguredModule, readModules } from '../config/module-files.ts';
import { readOutputs } from '../config/read-outputs.ts';
import { createControlServer } from '../control/control-server.ts';
import { controlSocketName } from '../control/control-socket.ts';
import { checkExchangeParts } from '../exchange/check-exchange-parts.ts';
import { exchangeDigest } from '../exchange/exchange-digest.ts';
import { type RunningExchange, startExchange } from '../exchange/running-exchange.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import { type HttpSettings, readHttpSettings } from '../http/http-settings.ts';
import { pageFolder } from '../http/page-folder.ts';
import type { Logger } from '../log/logger.ts';
import { answerPartner } from '../response/answer-partner.ts';
import { createArchiveReplay } from '../response/archive-replay.ts';
import { createFreshReplay } from '../response/fresh-replay.ts';
import { readResponseParts } from '../response/response-parts.ts';
import { type RunningResponse, startResponse } from '../response/running-response.ts';
import { createDaemonSource } from '../serve/daemon-source.ts';
import { createMemories } from '../serve/memories.ts';
import { createModuleSwitches } from '../serve/module-switches.ts';
import { createConfiguredModules } from './configured-modules.ts';
import type { DaemonReport } from './daemon-report.ts';
import type { Finding } from './detection-messages.ts';
import { createFlowThreads } from './flow-threads.ts';
import { createOutputs } from './outputs.ts';
import { threadUsage } from './thread-usage.ts';

export interface DaemonDeps {
  readonly log: Logger;
  /** Something that the daemon cannot be without is gone. */
  onFatal(error: Error): void;
}

/** Collection, detection, storage, outputs and exchange of one configuration, as one thing to start and stop. */
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
  let modules: readonly ConfiguredModule[] = [];
  const startedMs = Date.now();
  const stateDirectory = loaded.path(loaded.config.stateDirectory);
  const { limits, store: storeSettings } = loaded.config;
  const outputs = createOutputs(
    { directory: join(stateDirectory, 'outputs') },
    { onRemark: (text) => log.warn(text) },
  );
  const warn = ({ message }: Error) => log.warn(message);
  const store: Store | undefined =
    storeSettings.enabled || storeSettings.flows
      ? createStore(
          {
            directory: stateDirectory,
            access: storeSettings.enabled ? 'write' : 'flows',
            retention: storeSettings.retention,
          },
          { onFailure: warn },
        )
      : undefined;
  const tables = storeSettings.enabled ? store : undefined;
  const archive = storeSettings.flows ? store : undefined;
  const threads = createFlowThreads(
    {
      maxBatches: limits.maxBatches,
      maxFindings: limits.maxFindings,
      snapshotDirectory: join(stateDirectory, 'modules'),
      snapshotEveryMs: storeSettings.snapshotEveryMs,
      ...(storeSettings.flows
        ? {
            archive: {
              directory: join(stateDirectory, 'flows'),
              maxBatches: limits.maxArchiveBatches,
              flushAfterMs: storeSettings.flushAfterMs,
              extraColumns: storeSettings.extraColumns.map(extraColumn),
            },
          }
        : {}),
    },
    {
      onFinding: act,
      onRemark: (text) => log.warn(text),
      onSummary({ traffic, talkers }) {
        // What fails was told by `onFailure`.
        void Promise.allSettled([tables?.addTraffic(traffic), tables?.addTalkers(talkers)]);
      },
      onTraffic: (parts) => source.onTraffic(parts),
      onDeath: onFatal,
    },
  );
  let exchange: RunningExchange | undefined;
  /** Of what it was made of. */
  let digest: string | undefined;
  let response: RunningResponse | undefined;
  /** Resolves when the response is another one, or could not be started. */
  let responding: Promise<void> = Promise.resolve();
  let http: HttpServer | undefined;
  let httpSettings: HttpSettings | undefined;
  const running = createConfiguredModules({
    switches: createModuleSwitches(join(stateDirectory, 'modules', 'switched-off.json')),
    useModules: threads.useModules,
  });
  const memories = createMemories(
    {
      stateDirectory,
      ...(tables === undefined ? {} : { tables }),
      ...(archive === undefined ? {} : { archive }),
    },
    { now: Date.now },
  );
  const source = createDaemonSource({
    ...memories,
    report,
    exporters: () => threads.exporters(reportTimeoutMs),
    exchange: () => exchange,
    modules: () => running.descriptions,
    isEnabled: running.isEnabled,
    async setModuleEnabled(module, isEnabled) {
      const isThere = await running.setEnabled(module, isEnabled);
      if (isThere) log.info({ module }, `module switched ${isEnabled ? 'on' : 'off'}`);
      return isThere;
    },
    now: Date.now,
  });
  const control = createControlServer(
    { path: join(stateDirectory, controlSocketName) },
    { tables: () => tables, office: () => exchange?.office, response: () => response?.office },
  );

  /** Written down before it is acted on; where that fails, partners are told all the same. */
  async function act(finding: Finding): Promise<void> {
    await source.keep(finding).catch(warn);
    outputs.write(finding);
    if (finding.kind !== 'event') return;
    // It takes as long as it takes to try rules on the flows; nothing waits for it.
    void response?.propose(finding.event);
    await exchange?.publish(finding.event);
  }

  async function report(): Promise<DaemonReport> {
    return {
      startedMs,
      residentOctets: process.memoryUsage.rss(),
      usage: threadUsage(),
      ...(await threads.report(reportTimeoutMs)),
      outputs: outputs.report(),
      ...(exchange === undefined ? {} : { exchange: exchange.report() }),
      ...(response === undefined ? {} : { response: response.report() }),
      ...(store === undefined ? {} : { store: store.stats }),
    };
  }

  async function useHttp({ config }: LoadedConfig, settings: HttpSettings | undefined): Promise<void> {
    await http?.stop();
    http = undefined;
    if (settings === undefined) return;
    const { port, hasPage, api } = settings;
    const folder = hasPage ? pageFolder() : undefined;
    if (hasPage && folder === undefined) log.warn('the page is not built: only the API is served');
    const server = createHttpServer(
      { port, api: folder === undefined ? api : { ...api, pageFolder: folder } },
      {
        ...{ report, source, onError: warn },
        ...(response === undefined ? {} : { mitigations: response.source }),
        self: { name: config.exchange?.name ?? hostname() },
      },
    );
    log.info({ url: await server.start() }, folder === undefined ? 'serving the API' : 'serving the page');
    http = server;
  }

  async function useExchange(next: LoadedConfig): Promise<void> {
    const stopping = exchange;
    exchange = undefined;
    await stopping?.stop();
    digest = exchangeDigest(next);
    const settings = next.config.exchange;
    if (settings === undefined) return;
    exchange = await startExchange(next, settings, {
      log,
      memory: memories.conversations,
      async onFeedback(feedback) {
        await responding;
        if (response !== undefined) return response.heard(feedback);
        // It could not be started: it hears of it later.
        if (next.config.response !== undefined)
          throw new FlowpactError('FLOWPACT_DAEMON', 'the response is not running');
      },
      async decide(...asked) {
        await responding;
        return response?.decide(...asked) ?? { status: 'received' };
      },
      ...(archive === undefined ? {} : { archive: { find: (query: FlowQuery) => archive.findFlows(query) } }),
    });
  }

  /** What is in force stays, and is taken up again. Messages of partners wait meanwhile. */
  async function useResponse(next: LoadedConfig): Promise<void> {
    const using = beginResponse(next);
    responding = using.catch(() => undefined);
    await using;
  }

  async function beginResponse(next: LoadedConfig): Promise<void> {
    const stopping = response;
    response = undefined;
    await stopping?.stop();
    const settings = next.config.response;
    if (settings === undefined) return;
    response = await startResponse(next, settings, {
      log,
      ...(archive === undefined
        ? {}
        : {
            replay: createFreshReplay(createArchiveReplay(archive), {
              flush: () => threads.flushArchive(reportTimeoutMs),
              now: Date.now,
            }),
          }),
      feedback: (mitigation, answer) =>
        answerPartner(
          next.config.exchange === undefined ? 'notConfigured' : exchange,
          mitigation,
          answer,
          log,
        ),
    });
  }

  /** Puts a configuration to work, in the order in which one part needs the other. */
  async function use(next: LoadedConfig, nextModules: readonly ConfiguredModule[]): Promise<void> {
    const { config } = next;
    await outputs.use(readOutputs(next));
    const rowsOf = config.outputs.flatMap(({ statements = [] }) => statements);
    await running.use(nextModules, { rowsOf, stageRowsPerSecond: config.store.stageRowsPerSecond });
    for (const url of await threads.listen(listenConfigOf(next)))
      log.info({ url }, 'listening for flow records');
  }

  async function stop(): Promise<void> {
    const stopping = exchange;
    const stoppingResponse = response;
    try {
      await threads.stop(limits.stopTimeoutMs);
    } finally {
      // Nothing comes any more that the response would have to decide on.
      exchange = undefined;
      await stopping?.stop().catch(warn);
      response = undefined;
      await stoppingResponse?.stop().catch(warn);
      const closed = await Promise.allSettled([outputs.close(), http?.stop(), control.stop()]);
      closed.push(...(await Promise.allSettled([store?.stop()])));
      for (const result of closed) if (result.status === 'rejected') warn(result.reason as Error);
    }
  }

  return {
    async start() {
      const settings = readHttpSettings(current);
      modules = await readModules(current);
      await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
      // It keeps a second daemon out, and so comes before all that writes.
      await control.start();
      try {
        await store?.start();
        await threads.start();
        await useResponse(current);
        await useExchange(current);
        await use(current, modules);
        await useHttp(current, settings);
        httpSettings = settings;
      } catch (error) {
        await stop();
        throw error;
      }
      log.info({ modules: modules.map(({ description }) => description.name) }, 'running');
    },

    async reload(next) {
      const fixed = unchangeable(current, next);
      if (fixed !== undefined) throw next.wrong([fixed], 'cannot be changed while running; restart instead');
      const nextModules = await readModules(next);
      await checkExchangeParts(next);
      readOutputs(next);
      if (next.config.response !== undefined) readResponseParts(next, next.config.response);
      const settings = readHttpSettings(next);
      const isResponseChanged =
        !isSame(current.config.response, next.config.response) ||
        !isSame(current.config.exchange?.addressSpace, next.config.exchange?.addressSpace);
      const isExchangeChanged = exchangeDigest(next) !== digest;
      try {
        await use(next, nextModules);
        if (isResponseChanged) await useResponse(next);
        if (isExchangeChanged) await useExchange(next);
        if (isResponseChanged || !isSame(httpSettings, settings)) await useHttp(next, settings);
      } catch (error) {
        await use(current, modules).catch(onFatal);
        if (isResponseChanged) await useResponse(current).catch(onFatal);
        if (isExchangeChanged) await useExchange(current).catch(onFatal);
        if (http === undefined) await useHttp(current, httpSettings).catch(onFatal);
        throw error;
      }
      current = next;
      httpSettings = settings;
      modules = nextModules;
      log.level = next.config.log.level;
    },

    stop,
    report,
  };
}

/** The part of the configuration that would have to begin anew, where it is another one. */
function unchangeable(
  current: LoadedConfig,
  next: LoadedConfig,
): 'stateDirectory' | 'limits' | 'store' | undefined {
  const isMoved = current.path(current.config.stateDirectory) !== next.path(next.config.stateDirectory);
  if (isMoved) return 'stateDirectory';
  return (['limits', 'store'] as const).find((key) => !isSame(current.config[key], next.config[key]));
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
