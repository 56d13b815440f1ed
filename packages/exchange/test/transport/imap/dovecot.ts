import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, isSystemRequired, systemPath } from '../../../../../test/system-tool.ts';
import { answering, freePort } from '../own-server.ts';
import { testCertificate } from '../smtp/test-certificate.ts';

/** Dovecot changes users, which root alone can. */
export const skipDovecot = !isSystemRequired && !(isInstalled('dovecot') && process.getuid?.() === 0);

export const dovecotUser = { user: 'flex', pass: 'not-a-secret' };

/** Debian's user and group `nobody`: Dovecot hands no mailbox to root. */
const mailOwner = 65_534;

/** Dovecot with one mailbox, in a folder of its own: what is in it survives `kill` and `start`. */
export class Dovecot {
  readonly port: number;
  readonly #folder: string;
  #server: ChildProcess | undefined;

  static async create(): Promise<Dovecot> {
    return new Dovecot(await freePort());
  }

  private constructor(port: number) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'flowpact-dovecot-'));
    // The users of its processes have to get through to their own.
    chmodSync(this.#folder, 0o755);
    for (const folder of ['', 'cur', 'new', 'tmp']) {
      mkdirSync(join(this.#maildir, folder), { recursive: true });
      chownSync(join(this.#maildir, folder), mailOwner, mailOwner);
    }
    for (const [name, content] of Object.entries(testCertificate)) {
      writeFileSync(join(this.#folder, `${name}.pem`), content);
    }
    writeFileSync(join(this.#folder, 'dovecot.conf'), this.#config());
  }

  get #maildir(): string {
    return join(this.#folder, 'mail');
  }

  #config(): string {
    const folder = this.#folder;
    return `
      base_dir = ${folder}/run
      state_dir = ${folder}/state
      log_path = ${folder}/log
      protocols = imap
      listen = 127.0.0.1
      ssl = yes
      ssl_cert = <${folder}/cert.pem
      ssl_key = <${folder}/key.pem
      disable_plaintext_auth = yes
      auth_failure_delay = 0
      mail_location = maildir:${this.#maildir}
      service imap-login {
        inet_listener imap {
          port = ${this.port}
        }
        inet_listener imaps {
          port = 0
        }
      }
      service anvil {
        chroot =
      }
      passdb {
        driver = static
        args = password=${dovecotUser.pass}
      }
      userdb {
        driver = static
        args = uid=${mailOwner} gid=${mailOwner} home=${folder}
      }
    `;
  }

  async start(): Promise<void> {
    const env = { ...process.env, PATH: systemPath };
    const args = ['-F', '-c', join(this.#folder, 'dovecot.conf')];
    this.#server = spawn('dovecot', args, { env, detached: true, stdio: 'ignore' });
    await answering(this.port, this.#server);
  }

  /** Mails by folder, as names of files. */
  mails(folder: '' | '.Done' | '.Refused' = ''): readonly string[] {
    return ['new', 'cur'].flatMap((state) => {
      const path = join(this.#maildir, folder, state);
      return existsSync(path) ? readdirSync(path) : [];
    });
  }

  /** Puts a mail into the mailbox, as a mail system does. */
  deliver(name: string, mail: string): void {
    writeFileSync(join(this.#maildir, 'new', `${name}.example`), mail.replaceAll('\r\n', '\n'));
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.pid === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    process.kill(-server.pid, 'SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
