import { chmodSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ResponseError } from '../../response-error.ts';
import { answerTo, maxQuestionOctets } from './agent-protocol.ts';
import type { ExabgpAgent } from './exabgp-agent.ts';

export interface AgentServerConfig {
  /** Path of the UNIX socket; whoever may write to it may announce rules. */
  readonly socket: string;
  /** Its permissions. Default 0o660. */
  readonly socketMode: number;
  /** Connections at a time. Default 16. */
  readonly maxConnections: number;
  /** So long the agent of an ExaBGP that was killed may take to notice, and to leave the socket. Default 5,000. */
  readonly takeOverMs: number;
}

export const defaultAgentServer: Omit<AgentServerConfig, 'socket'> = {
  socketMode: 0o660,
  maxConnections: 16,
  takeOverMs: 5_000,
};

/** Lets an agent be asked over a UNIX socket. */
export interface AgentServer {
  /** @throws ResponseError `RESPONSE_EMITTER_FAILED`: another agent has the socket, or it cannot be made. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createAgentServer(config: AgentServerConfig, agent: ExabgpAgent): AgentServer {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    void questionOf(socket).then(async (line) => {
      if (line === undefined) return socket.destroy();
      socket.end(`${JSON.stringify(await answerTo(agent, line))}\n`);
    });
  });
  server.maxConnections = config.maxConnections;

  return {
    async start() {
      const triedUntil = performance.now() + config.takeOverMs;
      while (!(await listens(server, config.socket))) {
        if (await answers(config.socket)) {
          if (performance.now() > triedUntil) {
            throw new ResponseError('RESPONSE_EMITTER_FAILED', `${config.socket}: another agent has it`);
          }
          await wait(100);
        } else unlinkSync(config.socket);
      }
      chmodSync(config.socket, config.socketMode);
    },
    stop() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The first line; undefined where it is too long or none. */
async function questionOf(socket: Socket): Promise<string | undefined> {
  socket.setEncoding('utf8');
  let text = '';
  try {
    for await (const part of socket.iterator({ destroyOnReturn: false })) {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) return text.slice(0, end);
      if (text.length > maxQuestionOctets) return undefined;
    }
  } catch {
    // Whoever asked is gone.
  }
  return undefined;
}

/** @returns whether it does; not where the socket is there already. */
function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else
        reject(new ResponseError('RESPONSE_EMITTER_FAILED', `${path}: ${error.message}`, { cause: error }));
    };
    server.once('error', onError).once('listening', onListening).listen(path);
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
