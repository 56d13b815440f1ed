import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, freePort } from '../own-server.ts';

/** A broker in a folder of its own: what is in it survives `kill` and `start`. */
export interface RealBroker {
  readonly port: number;
  readonly login?: string;
  readonly passcode?: string;
  start(): Promise<void>;
  /** As by `kill -9`. */
  kill(): Promise<void>;
  /** Kills it and removes the folder. */
  remove(): Promise<void>;
}

export const realBrokers = [
  {
    name: 'RabbitMQ',
    program: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    apt: 'rabbitmq-server',
    create: rabbitMq,
  },
  { name: 'ActiveMQ', program: '/usr/share/activemq/bin/activemq.jar', apt: 'activemq', create: activeMq },
] as const;

async function rabbitMq(): Promise<RealBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-rabbitmq-'));
  const [port, distributionPort] = [await freePort(), await freePort()];
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp = none\nstomp.listeners.tcp.1 = 127.0.0.1:${port}\n`,
  );
  writeFileSync(join(folder, 'plugins'), '[rabbitmq_stomp].\n');
  // Without the port mapper daemon, which would outlive the broker, and on loopback only.
  const erlang = `-start_epmd false -erl_epmd_port ${distributionPort} -kernel inet_dist_use_interface {127,0,0,1}`;
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_NODENAME: `flowpact${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlang,
  };
  const run = () =>
    spawn('/usr/lib/rabbitmq/bin/rabbitmq-server', [], { env: environment, detached: true, stdio: 'ignore' });
  return broker(port, folder, run, { login: 'guest', passcode: 'guest' });
}

async function activeMq(): Promise<RealBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-activemq-'));
  mkdirSync(join(folder, 'data'));
  const port = await freePort();
  const schema = 'http://activemq.apache.org/schema/core';
  const spring = 'http://www.springframework.org/schema/beans';
  writeFileSync(
    join(folder, 'activemq.xml'),
    `<beans xmlns="${spring}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xsi:schemaLocation="${spring} ${spring}/spring-beans-2.0.xsd ${schema} ${schema}/activemq-core.xsd">
       <broker xmlns="${schema}" useJmx="false" brokerName="flowpact" dataDirectory="${folder}/data">
         <transportConnectors><transportConnector name="stomp" uri="stomp://127.0.0.1:${port}"/></transportConnectors>
       </broker>
     </beans>`,
  );
  const home = ['-Dactivemq.home=/usr/share/activemq', `-Dactivemq.base=${folder}`];
  const args = [
    '-Xmx256m',
    ...home,
    '-jar',
    '/usr/share/activemq/bin/activemq.jar',
    'start',
    `xbean:file:${folder}/activemq.xml`,
  ];
  return broker(port, folder, () => spawn('java', args, { detached: true, stdio: 'ignore' }), {});
}

function broker(
  port: number,
  folder: string,
  run: () => ChildProcess,
  credentials: { readonly login?: string; readonly passcode?: string },
): RealBroker {
  let child: ChildProcess | undefined;
  const kill = async () => {
    const { pid } = child ?? {};
    if (child === undefined || pid === undefined) return;
    const ended = new Promise((resolve) => child!.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      // The whole group: the broker is a child of a shell script.
      process.kill(-pid, 'SIGKILL');
      await ended;
    }
    child = undefined;
  };
  return {
    port,
    ...credentials,
    start: async () => {
      child = run();
      await answering(port, child);
    },
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
