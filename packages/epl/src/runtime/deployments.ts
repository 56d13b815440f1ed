import type { CompiledModule } from '../compile-module.ts';
import { EplError } from '../errors.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { ContextRun } from './context/context-run.ts';
import { checkStores, checkUnused } from './deployment-check.ts';
import { type EventType, sameEventType } from './event-type.ts';
import type { Deployment } from './runtime.ts';
import type { RunningStatement } from './snapshot/runtime-snapshot.ts';
import type { Statement } from './statement.ts';
import { type Deployed, type StarterParts, StatementStarter } from './statement-starter.ts';
import { Stream } from './stream.ts';

/** What deployments need from their runtime. */
export interface DeploymentParts extends Omit<StarterParts, 'streams'> {
  /** Lets statements finish what they have begun: what a started one takes up may lead to rows for the next. */
  readonly settle: () => void;
}

/** What runs here: the deployed modules, and the streams that they share. */
export class Deployments {
  /** By the names of their types. */
  readonly streams = new Map<string, Stream>();
  private readonly parts: DeploymentParts;
  private readonly starter: StatementStarter;
  private readonly running = new Map<Deployment, Deployed>();

  constructor(parts: DeploymentParts) {
    this.parts = parts;
    this.starter = new StatementStarter({ ...parts, streams: this.streams });
  }

  /** Those that run, in the order in which they were deployed. */
  get modules(): readonly CompiledModule[] {
    return [...this.running.values()].map(({ module }) => module);
  }

  /** All statements that run, in the order in which they were deployed. */
  get statements(): readonly RunningStatement[] {
    return [...this.running.values()].flatMap(({ module, instances }) =>
      instances.map((instance, i) => ({ instance, compiled: module.statements[i] })),
    );
  }

  /** @throws EplError `EPL_UNKNOWN_EVENT_TYPE` */
  stream(type: string): Stream {
    const stream = this.streams.get(type);
    if (stream !== undefined) return stream;
    const close = closestName(type, this.streams.keys());
    const hint = close === undefined ? '' : `; did you mean '${close}'?`;
    throw new EplError('EPL_UNKNOWN_EVENT_TYPE', `no statement here knows the event type '${type}'${hint}`);
  }

  /** The running context of that name. */
  context(name: string): ContextRun | undefined {
    return this.starter.context(name);
  }

  deploy(module: CompiledModule): Deployment {
    this.checkTypes(module, undefined);
    checkStores(module, undefined, this.parts.stores);
    const streams = module.eventTypes.map((type) => this.streamOf(type));
    for (const stream of streams) stream.uses++;
    const deployed: Deployed = {
      module,
      instances: [],
      streams,
      consumers: [],
      declared: [],
      updates: [],
      withdrawals: [],
    };
    try {
      for (const compiled of module.statements) {
        deployed.instances.push(this.starter.start(compiled, deployed));
      }
      // What they take up may lead to rows for each other.
      for (const instance of deployed.instances) {
        instance.load();
        this.parts.settle();
      }
    } catch (error) {
      this.withdraw(deployed);
      throw error;
    }
    const { instances } = deployed;
    const deployment: Deployment = {
      statements: instances,
      statement: (name: string): Statement | undefined =>
        instances.find((instance) => instance.name === name),
    };
    this.running.set(deployment, deployed);
    return deployment;
  }

  replace(deployment: Deployment, module: CompiledModule): Deployment {
    const leaving = this.running.get(deployment);
    this.checkTypes(module, leaving);
    checkStores(module, leaving?.module, this.parts.stores);
    this.undeploy(deployment);
    return this.deploy(module);
  }

  undeploy(deployment: Deployment): void {
    const deployed = this.running.get(deployment);
    if (deployed === undefined) throw new EplError('EPL_USAGE', 'this deployment does not run here');
    const others = [...this.running.values()].filter((other) => other !== deployed);
    checkUnused(
      deployed.module,
      others.map(({ module }) => module),
    );
    this.running.delete(deployment);
    this.withdraw(deployed);
  }

  /** `leaving`: a deployment that makes room for the module. */
  private checkTypes(module: CompiledModule, leaving: Deployed | undefined): void {
    for (const type of module.eventTypes) {
      const running = this.streams.get(type.name);
      if (running === undefined || sameEventType(running.type, type)) continue;
      if (running.uses === 1 && leaving?.streams.includes(running)) continue;
      throw new EplError(
        'EPL_TYPE_CONFLICT',
        `the event type '${type.name}' runs already with other properties: undeploy its module or use another name`,
      );
    }
  }

  /** Takes a deployment back, also one that did not come to its end. */
  private withdraw(deployed: Deployed): void {
    this.starter.withdraw(deployed);
    for (const stream of deployed.streams) {
      if (--stream.uses === 0) this.streams.delete(stream.type.name);
    }
  }

  private streamOf(type: EventType): Stream {
    let stream = this.streams.get(type.name);
    if (stream === undefined) {
      stream = new Stream(
        type,
        this.parts.host,
        type.supertypes.map((supertype) => this.streamOf(supertype)),
      );
      this.streams.set(type.name, stream);
    }
    return stream;
  }
}
