import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, isSystemRequired, systemPath } from '../../../../../test/system-tool.ts';
import { answering, freePort } from '../own-server.ts';
import { testCertificate } from './test-certificate.ts';

/** Postfix changes users, which root alone can. */
export const skipPostfix = !isSystemRequired && !(isInstalled('postfix') && process.getuid?.() === 0);

const services = `
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n - 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n - 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Postfix as a smart host, in a folder of its own: what is in its queue survives `kill` and `start`. */
export class Postfix {
  readonly port: number;
  readonly #folder: string;
  #starter: ChildProcess | undefined;

  static async create(): Promise<Postfix> {
    return new Postfix(await freePort());
  }

  private constructor(port: number) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'flowpact-postfix-'));
    // The users of its processes have to get through to their own.
    chmodSync(this.#folder, 0o755);
    for (const folder of ['conf', 'spool', 'data']) mkdirSync(join(this.#folder, folder));
    chownSync(join(this.#folder, 'data'), this.#userId('postfix'), 0);
    for (const [name, content] of Object.entries(testCertificate)) {
      writeFileSync(join(this.#folder, `${name}.pem`), content, { mode: 0o600 });
    }
    writeFileSync(join(this.#folder, 'conf/master.cf'), `127.0.0.1:${port} inet n - n - - smtpd${services}`);
  }

  #userId(name: string): number {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((known) => known.startsWith(`${name}:`));
    return Number(line?.split(':')[2] ?? 0);
  }

  /** @param routes The ports on loopback that take the mail of these domains, by STARTTLS alone. */
  async start(routes: Readonly<Record<string, number>>): Promise<void> {
    const folder = this.#folder;
    const transports = Object.entries(routes).map(
      ([domain, port]) => `{ ${domain} = smtp:[127.0.0.1]:${port} }`,
    );
    writeFileSync(
      join(folder, 'conf/main.cf'),
      `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = relay.example
mydestination =
local_recipient_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
transport_maps = inline:{ ${transports.join(', ')} }
smtpd_tls_security_level = may
smtpd_tls_chain_files = ${folder}/key.pem, ${folder}/cert.pem
smtp_tls_security_level = encrypt
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
maillog_file = ${folder}/log
maillog_file_prefixes = ${tmpdir()}
`,
    );
    const env = { ...process.env, PATH: systemPath };
    this.#starter = spawn('postfix', ['-c', `${folder}/conf`, 'start-fg'], { env, stdio: 'ignore' });
    await answering(this.port, this.#starter);
  }

  /** What it has written down about its work. */
  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  /** As by `kill -9` of all its processes, which are a group. */
  async kill(): Promise<void> {
    const starter = this.#starter;
    if (starter === undefined) return;
    this.#starter = undefined;
    const ended = new Promise((resolve) => starter.once('exit', resolve));
    process.kill(-Number(readFileSync(join(this.#folder, 'spool/pid/master.pid'), 'utf8')), 'SIGKILL');
    if (starter.exitCode === null && starter.signalCode === null) await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
