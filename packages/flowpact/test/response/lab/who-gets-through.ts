import type { Lab } from './lab.ts';

/** Two who connect to a server, all in the lab's network. */
export interface Visit {
  readonly suspect: string;
  readonly other: string;
  readonly server: string;
}

/**
 * The suspect asks first, so that the other's connection shows that the suspect's would be there, too.
 */
const script = `
const net = require('node:net');
const visits = JSON.parse(process.argv[1]);
const through = [];
let awaited = visits.length;
for (const { suspect, other, server } of visits) {
  const listening = net.createServer().listen(80, server, () => {
    const from = (localAddress) => {
      const socket = net.connect({ host: server, port: 80, localAddress });
      return socket.on('connect', () => through.push(localAddress)).on('error', (error) => { throw error; });
    };
    from(suspect);
    from(other).on('connect', () => setImmediate(() => {
      if (--awaited > 0) return;
      console.log(JSON.stringify(through.sort()));
      process.exit();
    }));
  });
}`;

/** Addresses, in order, that got a connection by TCP to port 80. */
export async function whoGetsThrough(lab: Lab, visits: readonly Visit[]): Promise<readonly string[]> {
  return JSON.parse(await lab.ask(process.execPath, ['-e', script, JSON.stringify(visits)]));
}
