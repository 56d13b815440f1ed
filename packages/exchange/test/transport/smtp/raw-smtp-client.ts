import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** SMTP by hand, to say what no mail program would. */
export class RawSmtpClient {
  readonly socket: Socket;
  #received = '';
  #ended = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#wake?.();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  /** Connects and reads the greeting. */
  static async open(port: number): Promise<RawSmtpClient> {
    const client = await RawSmtpClient.connect(port);
    await client.reply();
    return client;
  }

  /** Connects without reading. */
  static async connect(port: number): Promise<RawSmtpClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawSmtpClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** The next reply, all its lines; `closed` where the server hung up instead. */
  async reply(): Promise<string> {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(this.#received)?.[0];
      if (reply !== undefined) {
        this.#received = this.#received.slice(reply.length);
        return reply.trim();
      }
      if (this.#ended) return 'closed';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  async command(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** As far as the server's 354. */
  async begin(from: string, to: string): Promise<void> {
    await this.command('EHLO client.example');
    await this.command(`MAIL FROM:<${from}>`);
    await this.command(`RCPT TO:<${to}>`);
    await this.command('DATA');
  }

  /** A whole mail; the reply to its end. */
  async mail(from: string, to: string, mail: string | Uint8Array): Promise<string> {
    await this.begin(from, to);
    return this.finish(mail);
  }

  async finish(mail: string | Uint8Array): Promise<string> {
    const text = Buffer.from(mail).toString('latin1');
    const stuffed = text.replace(/(^|\r\n)\./g, '$1..');
    this.write(Buffer.from(`${stuffed}\r\n.\r\n`, 'latin1'));
    return this.reply();
  }

  async closed(): Promise<void> {
    if (!this.#ended) await once(this.socket, 'close');
  }

  destroy(): void {
    this.socket.destroy();
  }
}
