import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A relay that says what it is told to, and keeps what it hears. */
export class ScriptedRelay {
  readonly heard: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(
    replies: Partial<Record<'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'end', string | null>> = {},
  ) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      const say = (reply: string | null | undefined, otherwise: string) => {
        if (reply !== null) socket.write(`${reply ?? otherwise}\r\n`);
      };
      say(replies.greeting, '220 relay.example');
      let input = '';
      let inData = false;
      socket.on('data', (chunk) => {
        input += chunk.toString('latin1');
        for (;;) {
          const end = input.indexOf(inData ? '\r\n.\r\n' : '\r\n');
          if (end < 0) return;
          const part = input.slice(0, end);
          input = input.slice(end + (inData ? 5 : 2));
          this.heard.push(part);
          if (inData) {
            inData = false;
            say(replies.end, '250 taken');
          } else if (/^EHLO/.test(part)) say(replies.EHLO, '250 relay.example');
          else if (/^MAIL/.test(part)) say(replies.MAIL, '250 ok');
          else if (/^RCPT/.test(part)) say(replies.RCPT, '250 ok');
          else if (part === 'DATA') {
            inData = replies.DATA === undefined;
            say(replies.DATA, '354 go on');
          } else if (part === 'QUIT') socket.end('221 bye\r\n');
          else say(undefined, '502 what?');
        }
      });
    });
  }

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async connected(): Promise<void> {
    if (this.#sockets.size === 0) await once(this.#server, 'connection');
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
